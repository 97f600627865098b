import type { FastifyBaseLogger } from 'fastify';
import type { ConversationStart } from '../contracts/conversation.ts';
import { fingerprint } from '../contracts/fingerprint.ts';
import type { ErrorCode, PersonFrame, Send } from '../contracts/frames.ts';
import type { Link } from './link.ts';
import type { Conversations } from './ports.ts';

/** Ids whose text is remembered; a client resends the last few. */
const REMEMBERED = 256;
/** A Temporal that is away is back within seconds, or not soon. */
const RETRY_MS = 1_000;

export type SendsDeps = {
  start: ConversationStart;
  conversations: Pick<Conversations, 'deliver' | 'wantPerson'>;
  link: Link;
  log: FastifyBaseLogger;
  /** How many messages may wait. */
  queued: number;
  /** Ends the reply in flight. */
  halt(): Promise<void>;
  /** 0, or the milliseconds until the sender may send again. */
  takeTurn(): number;
  onAck(seconds: number): void;
};

/** A message, or the wish for a person, which keeps its place among the messages. */
export type Said = Send | PersonFrame;

/** No text of a message is empty, so the id of one never passes for the other. */
const printOf = (said: Said): string => fingerprint(said.type === 'send' ? said.text : '');

/**
 * Hands what a customer says to the conversation, in order, one at a time, and acknowledges each that cannot be lost
 * any more. When one cannot be handed over, those behind it are refused with it: accepting them would let them overtake.
 */
export const createSends = (deps: SendsDeps) => {
  const { start, conversations, link, log } = deps;
  const known = new Map<string, { print: string; status: 'queued' | 'acknowledged' | 'refused' }>();
  const queue: { said: Said; at: Date }[] = [];
  let isWorking = false;
  let working = Promise.resolve();

  const refuse = ({ clientMessageId }: Said, code: ErrorCode, message: string, retryAfterMs?: number): void => {
    link.send({ type: 'error', code, message, clientMessageId, ...(retryAfterMs !== undefined && { retryAfterMs }) });
  };

  const mark = (said: Said, status: 'queued' | 'acknowledged' | 'refused'): void => {
    known.delete(said.clientMessageId);
    known.set(said.clientMessageId, { print: printOf(said), status });
    if (known.size > REMEMBERED) known.delete(known.keys().next().value ?? '');
  };

  const hand = async (said: Said, at: Date): Promise<void> => {
    const { clientMessageId } = said;
    if (said.type === 'person') return conversations.wantPerson(start, clientMessageId);
    // First the reply, then the message: the conversation hears nothing while it speaks. A halt that fails is no reason to
    // lose the message, which is answered after the reply then.
    if (said.interrupt) await deps.halt().catch((error: unknown) => log.warn({ reason: String(error) }, 'not halted'));
    await conversations.deliver(start, { clientMessageId, text: said.text, at: at.toISOString() });
  };

  const work = async (): Promise<void> => {
    isWorking = true;
    for (let next = queue[0]; next; next = queue[0]) {
      const { said, at } = next;
      const { clientMessageId } = said;
      try {
        await hand(said, at);
      } catch (error) {
        const { conversationId } = start;
        log.warn({ conversationId, clientMessageId, reason: String(error) }, 'message not handed over');
        for (const { said: refused } of queue.splice(0)) {
          mark(refused, 'refused');
          refuse(refused, 'unavailable', 'not accepted, send it again', RETRY_MS);
        }
        break;
      }
      queue.shift();
      mark(said, 'acknowledged');
      link.send({ type: 'ack', clientMessageId });
      deps.onAck((Date.now() - at.getTime()) / 1_000);
    }
    isWorking = false;
  };

  const enqueue = (said: Said): void => {
    const wait = queue.length < deps.queued ? deps.takeTurn() : RETRY_MS;
    if (wait > 0) {
      refuse(said, 'rate_limited', 'too many messages', wait);
      return;
    }
    mark(said, 'queued');
    queue.push({ said, at: new Date() });
    if (!isWorking) working = work();
  };

  return {
    accept(said: Said): void {
      const before = known.get(said.clientMessageId);
      if (before && before.print !== printOf(said))
        refuse(said, 'conflict', 'this clientMessageId was used for another text');
      else if (before?.status === 'acknowledged') link.send({ type: 'ack', clientMessageId: said.clientMessageId });
      else if (before?.status !== 'queued') enqueue(said);
    },
    /** Resolves when nothing waits for Temporal. */
    idle: (): Promise<void> => working,
  };
};

export type Sends = ReturnType<typeof createSends>;
