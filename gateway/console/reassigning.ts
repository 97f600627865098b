import type { Held } from '../../store/console-access.ts';
import type { Commands } from './commands.ts';
import { Declined } from './declined.ts';

/**
 * Gives a conversation to another desk, to a person there, or both. Who has it lets go of it by this, as if they had transferred
 * it; where it waits, its desk is told, and where it waits elsewhere, it is moved. Rejects with a `Declined`.
 */
export const reassign = async (
  commands: Pick<Commands, 'direct' | 'move' | 'release'>,
  { id, heldBy, agent: holder, term, desk: from }: Held & { id: string },
  { commandId, desk, agent }: { commandId: string; desk: string; agent: string | undefined },
): Promise<void> => {
  const wish = agent === undefined ? {} : { wish: agent };
  if (heldBy === 'agent' && holder !== null)
    await commands.release(id, commandId, { agent: holder, term, how: 'transfer', desk, ...wish });
  else if (heldBy !== 'waiting') throw new Declined(409, 'the assistant has it');
  else if (from !== desk) await commands.move(id, { kind: 'overflow', term, desk, ...wish });
  else if (agent !== undefined) await commands.direct(desk, { conversationId: id, term, agent });
};
