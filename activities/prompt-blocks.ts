import type { Profile } from '../integrations/crm/crm.ts';
import { capped } from '../integrations/untrusted-text.ts';
import type { Passage } from '../store/passages.ts';
import type { Context, Fact } from '../store/turns.ts';

// Data in prompts, each kind in a block of its own. Angle brackets inside are escaped, so that no text can close its own block.

/** Characters that facts and summaries may take of a prompt, as a part of its budget. */
const FACTS_PART = 0.15;
const SUMMARY_PART = 0.1;

/** Of the customer's record, in bytes. */
const MAX_PROFILE_BYTES = 4_096;

/** What the company knows of the customer, as delimited data of one line: others write into these fields. */
export const customerBlock = (profile: Profile | null): string => {
  if (!profile) return '';
  const { name, tier, facts } = profile;
  const known = { ...(name && { name }), ...(tier && { tier }), ...facts };
  if (Object.keys(known).length === 0) return '';
  const data = JSON.stringify(known).replaceAll('<', '‹').replaceAll('>', '›');
  return `<customer>\n${capped(data, MAX_PROFILE_BYTES)}\n</customer>`;
};

/** Articles that the answer may come from. */
export const knowledgeBlock = (passages: readonly Passage[]): string =>
  block(
    'knowledge',
    passages.map(
      ({ title, heading, text }, index) =>
        `<article id="${index + 1}" title="${escaped(heading ? `${title}: ${heading}` : title)}">\n${escaped(text)}\n</article>`,
    ),
  );

/** What is known beside the messages that follow. `room` is the whole prompt's, in characters. */
export const knownBlocks = ({ facts, summary, earlier }: Omit<Context, 'spent'>, room: number): string[] => [
  block('facts', latest(facts, room * FACTS_PART)),
  block('summary', summary ? [cut(summary.text, room * SUMMARY_PART)] : []),
  block(
    'earlier-conversations',
    earlier.map((text) => cut(text, (room * SUMMARY_PART) / 2)),
  ),
];

const block = (name: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [`<${name}>`, ...lines, `</${name}>`].join('\n');

/** Each fact once, oldest first; where there are too many for `room` the newest stay. */
const latest = (facts: readonly Fact[], room: number): string[] => {
  const lines = [...new Set(facts.map(({ name, value }) => `${oneLine(name)}: ${oneLine(value)}`).toReversed())];
  let left = room;
  const fitting = lines.findIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return lines.slice(0, fitting < 0 ? lines.length : fitting).toReversed();
};

const oneLine = (text: string): string => escaped(text.replace(/\s+/g, ' ').trim());

const cut = (text: string, room: number): string => escaped(text.slice(0, Math.floor(room)).toWellFormed());

export const escaped = (text: string): string => text.replaceAll('<', '‹').replaceAll('>', '›').replaceAll('"', '”');
