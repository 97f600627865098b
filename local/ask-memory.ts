import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Who asked: a customer by id, or a visitor by the session that the conversation belongs to. */
const asker = z.object({ as: z.string().nullable(), session: z.string().nullable() });
const file = z.object({ conversations: z.array(z.tuple([z.string(), asker])) });

export type Asker = z.infer<typeof asker>;

/** As many as anybody goes back to. */
const KEPT = 100;

/** The conversations that were begun from this terminal, in `ask.json` beside the desk's own file. */
export const createAskMemory = (dataDir: string) => {
  const path = join(dataDir, 'ask.json');

  const read = (): Map<string, Asker> => {
    try {
      return new Map(file.parse(JSON.parse(readFileSync(path, 'utf8'))).conversations);
    } catch {
      return new Map();
    }
  };

  return {
    find: (conversationId: string): Asker | undefined => read().get(conversationId),
    /** Readable by this user alone: a session opens its conversation to whoever holds it. */
    keep(conversationId: string, asker: Asker): void {
      const conversations = read();
      conversations.delete(conversationId);
      conversations.set(conversationId, asker);
      const unfinished = `${path}.${process.pid}.new`;
      writeFileSync(unfinished, JSON.stringify({ conversations: [...conversations].slice(-KEPT) }), { mode: 0o600 });
      renameSync(unfinished, path);
    },
  };
};
