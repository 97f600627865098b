import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { playbook } from '../../../contracts/playbook.ts';
import { smallestPlaybook } from '../../playbook.ts';
import { KINDS } from './bookings.ts';

/** Longer than a worker takes to be missed and replaced, so that nothing is looked up too early in between. */
const TIMEOUT = '8s';

const effect = (name: string, inject: Record<string, string>, more: object = {}) => ({
  ...{ provider: 'bookings', name, title: name.replace('_', ' '), use: 'anyone', kind: 'effect', timeout: TIMEOUT },
  inject: { conversationId: 'conversation.id', ...inject },
  ...more,
});

const key = { requestId: 'effect.key' };

const TOOLS = [
  effect('rent_tent', key),
  effect('ship_boots', key, { lookup: 'find_booking' }),
  effect('wash_jacket', {}),
  {
    ...{ provider: 'bookings', name: 'find_booking', title: 'Finding it', use: 'anyone', kind: 'read' },
    ...{ hidden: true, timeout: TIMEOUT, inject: key },
  },
];

/** Its system may take longer than this (`SLOW`). */
const IMPATIENT = '3s';

const TICKETS = {
  ...{ provider: 'desk', name: 'open_ticket', title: 'A ticket', use: 'anyone', kind: 'effect', timeout: IMPATIENT },
  inject: { conversationId: 'conversation.id', idempotencyKey: 'effect.key' },
};

/**
 * A company without a single article, so that a worker is ready soon, whose assistant can only do things: at `bookings` where
 * there is one, and in the ticket system. Resolves with its folder, and what removes it.
 */
export const writePlaybook = (bookings?: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'duradesk-outside-'));
  mkdirSync(join(folder, 'knowledge'));
  const written = {
    ...smallestPlaybook,
    ...(bookings === undefined
      ? { tools: [TICKETS] }
      : {
          providers: [
            {
              name: 'bookings',
              openapi: {
                document: `${bookings}/openapi.json`,
                operations: [...Object.keys(KINDS), 'find_booking'],
              },
            },
          ],
          tools: TOOLS,
        }),
  };
  playbook.parse(written);
  writeFileSync(join(folder, 'playbook.yaml'), stringify(written));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
