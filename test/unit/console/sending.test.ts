import { expect, test } from '@jest/globals';
import { RefusedError } from '../../../web/console/api.ts';
import type { Keep } from '../../../web/console/drafts.ts';
import { createSending } from '../../../web/console/sending.ts';
import { createFakeClock, settle } from '../../doubles/fake-clock.ts';

const setting = () => {
  const { clock, advance } = createFakeClock();
  const kept = new Map<string, string>();
  const sent: { conversation: string; id: string; text: string }[] = [];
  const answers: (unknown | null)[] = [];
  let next = 0;
  const keep = (conversation: string): Keep => ({
    get: () => kept.get(conversation) ?? null,
    set: (value) => void (value === null ? kept.delete(conversation) : kept.set(conversation, value)),
  });
  const start = () =>
    createSending({
      clock,
      keep,
      newId: () => `message-${++next}`,
      send(conversation, { clientMessageId: id, text }) {
        sent.push({ conversation, id, text });
        const error = answers.shift() ?? null;
        return error === null ? Promise.resolve(null) : Promise.reject(error);
      },
    });
  return { start, advance, kept, sent, answers };
};

test('what the desk did not get is sent again under the same id until it is there, and then shown once', async () => {
  const { start, advance, kept, sent, answers } = setting();
  const sending = start();
  answers.push(new TypeError('Failed to fetch'), new RefusedError(503, null));
  sending.setOnline(true);
  sending.add('one', 'Hello');
  await advance(10_000);
  expect(sent.map(({ id }) => id)).toEqual(['message-1', 'message-1', 'message-1']);
  expect(sending.pending().one).toMatchObject([{ text: 'Hello', status: 'sent' }]);
  sending.seen('one', new Set(['g:message-1']));
  expect(sending.pending().one).toEqual([]);
  expect(kept.size).toBe(0);
});

test('what was refused waits for the agent, who sends it again as another or lets it go', async () => {
  const { start, sent, answers } = setting();
  const sending = start();
  answers.push(new RefusedError(409, null));
  sending.setOnline(true);
  sending.add('one', 'Hello');
  await settle();
  expect(sending.pending().one).toMatchObject([{ status: 'failed', reason: 'conflict' }]);
  sending.retry('one', 'message-1');
  await settle();
  expect(sent.map(({ id }) => id)).toEqual(['message-1', 'message-2']);
  expect(sending.pending().one).toMatchObject([{ clientMessageId: 'message-2', status: 'sent' }]);
});

test('nothing is sent while the link is away, and the next page sends what this one could not, where it belongs', async () => {
  const { start, advance, sent } = setting();
  const before = start();
  before.add('one', 'Written on a train');
  before.add('two', 'And to somebody else');
  await advance(60_000);
  expect(sent).toEqual([]);
  const after = start();
  after.open('one');
  after.setOnline(true);
  await settle();
  expect(sent).toEqual([{ conversation: 'one', id: 'message-1', text: 'Written on a train' }]);
});
