import { expect, test } from '@jest/globals';
import { createStandingNotes } from '../../local/asking-people.ts';
import { createDeskClient } from '../../web/client.ts';
import { emptyView } from '../../web/conversation-view.ts';
import { forgetfulStorage } from '../../web/memory.ts';
import { createFakeClock } from '../doubles/fake-clock.ts';
import { createFakeSockets } from '../doubles/fake-socket.ts';

const { clock } = createFakeClock();
const { WebSocket } = createFakeSockets();
const state = createDeskClient({ url: 'ws://desk', WebSocket, clock, storage: forgetfulStorage() }).state();

test('every change of who has the conversation is a line in words, and what stood before is none', () => {
  const lines: string[] = [];
  const look = createStandingNotes((line) => lines.push(line));
  const at = '2026-01-05T09:00:00.000Z';
  const owners = [{ owner: 'waiting' as const, term: 1, at }];
  const show = (change: object, isLoaded = true) =>
    look({
      ...state,
      isLoaded,
      desk: { company: 'Fjell', assistant: 'Juno' },
      view: { ...emptyView, owners, ...change },
    });
  show({ owners: [] }, false);
  show({ owner: 'waiting' });
  show({ owner: 'waiting' });
  for (const [position, expectedMs] of [
    [3, null],
    [2, 61_000],
    [1, 30_000],
  ])
    show({ owner: 'waiting', queue: { position, expectedMs } });
  show({ owner: 'agent', by: 'Ann' });
  show({ owner: 'agent', by: null });
  show({ owner: 'assistant' });
  expect(lines).toEqual([
    'Waiting for a person: you are number 3 in line.',
    'Waiting for a person: you are number 2 in line, about 2 minutes.',
    'Waiting for a person: you are next in line, less than a minute.',
    'You are talking to Ann.',
    'You are talking to a person.',
    'You are talking to Juno again.',
  ]);
});
