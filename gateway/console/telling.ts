import type { FastifyBaseLogger } from 'fastify';
import type { ConsoleNews } from '../../contracts/console-frames.ts';
import { noDesk } from '../../contracts/names.ts';
import type { ConsoleParts } from './parts.ts';

type Changed = Omit<Extract<ConsoleNews, { type: 'changed' }>, 'type'>;

/**
 * Tells open consoles that something is to be read again, one's own or everybody's at a desk. Never rejects: a console that
 * hears nothing reads again by itself after a while.
 */
export const tellConsoles = async (
  { news }: Pick<ConsoleParts, 'news'>,
  log: FastifyBaseLogger,
  to: { agents?: (string | null)[]; desks?: (string | null)[] },
  ...changed: Changed[]
): Promise<void> => {
  const agents = new Set((to.agents ?? []).filter((agent) => agent !== null));
  const desks = new Set((to.desks ?? []).map((desk) => desk ?? noDesk));
  const told = changed.flatMap((each) => [
    ...[...agents].map((agent) => news.publish(agent, { type: 'changed', ...each })),
    ...[...desks].map((desk) => news.publishToDesk(desk, { type: 'changed', ...each })),
  ]);
  try {
    await Promise.all(told);
  } catch (error) {
    log.debug({ reason: String(error) }, 'consoles were not told of a change');
  }
};
