import type { DeskEvent } from '../contracts/events.ts';

/** No reply in flight is silent for that long on purpose: the link to Redis may be half open, without an error. */
const QUIET_MS = 2_500;
/** A turn ends within 60 s. Later than this nothing is expected any more, whatever happened to its end. */
const EXPECT_MS = 90_000;

/** Calls `onQuiet` again and again while a reply is expected and nothing is heard. */
export const createQuietWatch = (onQuiet: () => void) => {
  let until = 0;
  let timer: NodeJS.Timeout | undefined;
  const arm = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (Date.now() > until) return;
      arm();
      onQuiet();
    }, QUIET_MS);
  };
  const expect = (): void => {
    until = Date.now() + EXPECT_MS;
    arm();
  };
  const settle = (): void => clearTimeout(timer);
  return {
    expect,
    settle,
    heard(event: DeskEvent): void {
      const due = isAnswerDue(event);
      if (due !== undefined) (due ? expect : settle)();
    },
  };
};

/** Whether the assistant has more to say after this; `undefined` for what happens beside its replies. */
const isAnswerDue = (event: DeskEvent): boolean | undefined => {
  switch (event.type) {
    case 'message.added':
      return event.message.author === 'customer';
    case 'owner.changed':
      return event.owner === 'assistant';
    case 'reply.ended':
    case 'conversation.resolved':
    case 'conversation.closed':
      return false;
    case 'queue.changed':
    case 'agent.typing':
      return undefined;
    default:
      return true;
  }
};
