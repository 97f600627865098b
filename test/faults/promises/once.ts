import type { Case, Violation } from './case.ts';

/** P2: each message is the input of exactly one turn, in the order of acknowledgement, with the text that was sent. */
export const checkOnce = ({ conversation, lines, evidence }: Case): Violation[] => {
  const violation = (what: string): Violation => ({ promise: 'P2', conversation, what });
  const found: Violation[] = [];
  const stored = evidence.messages.filter(({ author }) => author === 'customer');
  const place = new Map(stored.map(({ id, turn, ordinal }) => [id, turn * 1_000 + ordinal]));

  const ids = stored.map(({ id }) => id);
  for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) < at)))
    found.push(violation(`${id} is stored twice`));
  // A message that became input again adds a turn, to which Postgres gives no message of its own.
  const tellsOfEffect = (turn: number): boolean =>
    evidence.effects.some(({ turn: of, tool }) =>
      evidence.steps.some((step) => step.turn === turn && of < turn && step.name === tool),
    );
  // Who waits for a person is told in a turn of its own that nobody comes.
  const tellsWhoWaits = (turn: number): boolean =>
    evidence.turns.some((earlier) => earlier.turn < turn && earlier.ended === 'escalated');
  for (const { turn } of evidence.turns)
    if (!stored.some((message) => message.turn === turn) && !tellsOfEffect(turn) && !tellsWhoWaits(turn))
      found.push(violation(`turn ${turn} answers no message`));

  const texts = new Map<string, string>();
  const sentAt = new Map<string, number>();
  const ackedAt = new Map<string, number>();
  for (const line of lines) {
    if (line.type === 'sent') {
      texts.set(`c:${line.clientMessageId}`, line.text);
      if (!sentAt.has(line.clientMessageId)) sentAt.set(line.clientMessageId, line.at);
    }
    if (line.type === 'acked' && !ackedAt.has(line.clientMessageId)) ackedAt.set(line.clientMessageId, line.at);
  }
  for (const { id, text } of stored)
    if (texts.get(id) !== text) found.push(violation(`${id} is stored with a text that nobody sent`));
  // Between two that were under way together no order was promised.
  for (const [earlier, at] of ackedAt)
    for (const [later, sent] of sentAt) {
      const [first, second] = [place.get(`c:${earlier}`), place.get(`c:${later}`)];
      if (earlier !== later && at < sent && first !== undefined && second !== undefined && first > second)
        found.push(violation(`${later} was sent after ${earlier} was acknowledged and came before it`));
    }
  return found;
};
