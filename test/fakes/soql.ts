/** The part of SOQL that adapters may use: columns, one object, equal texts joined by AND, order, limit. */
export type Query = { columns: string[]; object: string; where: [string, string][]; limit: number };

const LITERAL = String.raw`'((?:[^'\\]|\\.)*)'`;
const CONDITION = new RegExp(String.raw`^(\w+) = ${LITERAL}(?: AND )?`);

/** `null`: a malformed query. Literals are read as Salesforce reads them, where `\'` and `\\` are escapes. */
export const parseSoql = (soql: string): Query | null => {
  const [, columns, object, tail = ''] = /^SELECT (.+?) FROM (\w+)(?: (.*))?$/s.exec(soql) ?? [];
  if (!columns || !object) return null;
  const where: [string, string][] = [];
  let rest = tail.replace(/^WHERE /, '');
  for (let match = CONDITION.exec(rest); match; match = CONDITION.exec(rest)) {
    where.push([match[1] ?? '', (match[2] ?? '').replace(/\\(.)/gs, '$1')]);
    rest = rest.slice(match[0].length);
  }
  const [ending, limit] = /^ ?(?:ORDER BY [\w, ]+?)?(?: ?LIMIT (\d+))?$/.exec(rest) ?? [];
  if (ending === undefined) return null;
  return { columns: columns.split(', '), object, where, limit: Number(limit ?? Number.POSITIVE_INFINITY) };
};
