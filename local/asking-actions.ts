import type { Action, ActionDecision } from '../contracts/actions.ts';
import type { Message } from '../contracts/events.ts';
import type { DeskClient } from '../web/client.ts';
import { until } from '../web/until.ts';

/** What the answer of a turn asks to be confirmed. */
export const askedIn = (client: DeskClient, turn: number): Action[] =>
  client.state().view.actions.filter((action) => action.turn === turn && action.state === 'proposed');

/** A card as one line. */
export const lineOf = ({ title, arguments: given }: Action): string =>
  [title, ...given.map(({ label, value }) => `${label}: ${value}`)].join(' · ');

/** Says so to one card, and resolves with what the assistant says to that. Rejects after `timeoutMs`. */
export const decide = async (
  client: DeskClient,
  { id }: Action,
  decision: ActionDecision['decision'],
  timeoutMs: number,
): Promise<Message> => {
  const latest = client.state().view.messages.at(-1)?.turn ?? 0;
  client.decide(id, decision);
  return until(
    client,
    'what came of it',
    ({ view }) => view.messages.find(({ author, turn }) => author === 'assistant' && turn > latest),
    timeoutMs,
  );
};
