import type { SuggestionFrame } from '../../contracts/console-frames.ts';
import type { Source } from '../../contracts/events.ts';

/** A draft of the assistant's as far as it is written. */
export type Suggestion = {
  commandId: string;
  attempt: number;
  text: string;
  sources: readonly Source[];
  status: 'writing' | 'done' | 'failed';
};

export const newSuggestion = (commandId: string): Suggestion => ({
  commandId,
  attempt: 0,
  text: '',
  sources: [],
  status: 'writing',
});

/** What a frame makes of it. Whatever was missed comes with the end, which carries the whole text. */
export const suggested = (known: Suggestion, frame: SuggestionFrame): Suggestion => {
  if (known.commandId !== frame.commandId || known.status === 'done') return known;
  if (frame.type === 'suggestion.failed') return { ...known, status: 'failed' };
  if (frame.type === 'suggestion.ended') {
    return { ...known, attempt: frame.attempt, text: frame.text, sources: frame.sources, status: 'done' };
  }
  if (frame.attempt < known.attempt) return known;
  const said = frame.attempt === known.attempt ? known.text : '';
  if (frame.offset > said.length) return known;
  return { ...known, attempt: frame.attempt, text: said.slice(0, frame.offset) + frame.text };
};
