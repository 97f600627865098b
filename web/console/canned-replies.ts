import type { CannedReply } from '../../contracts/console.ts';

/** What a text's variables stand for; `null` where it is not known. */
export type Variables = { 'customer.name': string | null; 'agent.name': string; 'company.name': string };

const VARIABLE = /\{\{\s*([\w.]+)\s*\}\}/g;
/** With the space or comma that would be left over in front of a name nobody knows: `Hello {{customer.name}},`. */
const UNKNOWN_NAME = /\s*\{\{\s*customer\.name\s*\}\}/g;

/** The text with its variables filled in. Values are put in as they are: what looks like a variable in them stays text. */
export const filledIn = (text: string, variables: Variables): string => {
  const known = variables['customer.name'] === null ? text.replace(UNKNOWN_NAME, '') : text;
  return known.replace(VARIABLE, (whole, name: string) =>
    Object.hasOwn(variables, name) ? (variables[name as keyof Variables] ?? '') : whole,
  );
};

/** What stands behind a `/` that begins the text, up to the cursor; `null` where no canned reply is being looked for. */
export const slashQuery = (text: string, cursor: number): string | null => {
  const found = /^\/([^\s/]*(?: [^\s/]*)?)$/.exec(text.slice(0, cursor));
  return found?.[1] ?? null;
};

const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Those that match, best first: name begins with it, title begins with it, then anywhere. */
export const matching = (replies: readonly CannedReply[], query: string): CannedReply[] => {
  const wanted = folded(query.trim());
  const rank = ({ name, title, text }: CannedReply): number => {
    if (folded(name).startsWith(wanted)) return 0;
    if (folded(title).startsWith(wanted)) return 1;
    if (folded(`${name} ${title}`).includes(wanted)) return 2;
    return folded(text).includes(wanted) ? 3 : 4;
  };
  return replies
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter((each) => each.rank < 4)
    .sort((a, b) => a.rank - b.rank)
    .map(({ reply }) => reply);
};
