import { randomBytes } from 'node:crypto';
import type { ConversationView } from '../../contracts/console.ts';
import type { ConsoleServerFrame } from '../../contracts/console-frames.ts';
import type { DeskEvent, LoggedEvent, Position } from '../../contracts/events.ts';

type Read = (frame: ConsoleServerFrame) => void;

/** A conversation as consoles see it, with its log, in memory. */
export const createConsoleConversation = (initial: Omit<ConversationView, 'position'>) => {
  const generation = randomBytes(9).toString('base64url');
  const log: LoggedEvent[] = [];
  const readers = new Set<Read>();
  let view = initial;

  const position = (): Position | null => (log.length > 0 ? { generation, seq: log.length } : null);

  const append = (event: DeskEvent): void => {
    const at = new Date().toISOString();
    const logged = {
      id: randomBytes(9).toString('base64url'),
      at,
      position: { generation, seq: log.length + 1 },
      event,
    };
    log.push(logged);
    if (event.type === 'message.added') {
      const { author, text } = event.message;
      view = {
        ...view,
        messages: [...view.messages, event.message],
        entry: { ...view.entry, last: { author, text: text.slice(0, 200), at: event.message.at }, updatedAt: at },
      };
    }
    for (const read of readers) read({ type: 'events', conversation: view.entry.id, events: [logged] });
  };

  return {
    view: (): ConversationView => ({ ...view, position: position() }),
    change(change: (view: Omit<ConversationView, 'position'>) => Partial<ConversationView>): void {
      view = { ...view, ...change(view) };
    },
    append,
    follow(from: Position | undefined, read: Read): () => void {
      const conversation = view.entry.id;
      const resumed = from?.generation === generation && from.seq <= log.length;
      read({ type: 'watching', conversation, resumed });
      if (!resumed) {
        const { messages, actions, entry } = view;
        const { owner, term } = entry;
        const whose = owner === 'assistant' ? {} : { owner: { owner, term } };
        read({ type: 'snapshot', conversation, messages, actions, ...whose, position: position() });
      } else if (log.length > from.seq) read({ type: 'events', conversation, events: log.slice(from.seq) });
      readers.add(read);
      return () => void readers.delete(read);
    },
  };
};

export type ConsoleConversation = ReturnType<typeof createConsoleConversation>;
