import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import type { CustomerMessage } from '../contracts/conversation.ts';
import * as names from '../contracts/names.ts';
import { connectCommands, connectSubscriber, ready } from '../stream/connection.ts';
import { createEventReader } from '../stream/reader.ts';
import type { Rig, Variant } from './rig.ts';

/** Milliseconds from the send to what a gateway would push to the customer. */
export type TurnTimes = { firstDelta: number; final: number };

export type Conversation = {
  readonly id: string;
  /** Sends a message and resolves when its turn has ended for the reader. Rejects when it ends other than final. */
  say(text: string): Promise<TurnTimes>;
};

export type Driver = Awaited<ReturnType<typeof createDriver>>;

/** No turn of a bench takes so long; one that does is lost. */
const LOST_MS = 60_000;

/** Does what a gateway does for one customer per conversation: signals the workflow, follows the event log. */
export const createDriver = async ({ backing }: Rig) => {
  const connection = await Connection.connect({ address: backing.temporal.url, interceptors: [] });
  const client = new Client({ connection });
  const onError = (error: Error) => console.error(error.message);
  const commands = connectCommands(backing.redis.url, onError);
  const subscriber = connectSubscriber(backing.redis.url, onError);
  await Promise.all([ready(commands), ready(subscriber)]);
  const reader = createEventReader(commands, subscriber);

  const send = (variant: Variant, id: string, message: CustomerMessage) =>
    client.workflow.signalWithStart(variant === 'ours' ? names.conversation : variant, {
      workflowId: id,
      taskQueue: variant === 'ours' ? names.conversationQueue : variant,
      args: [{ conversationId: id, owner: VISITOR, channel: 'web' }],
      signal: names.customerMessage,
      signalArgs: [message],
      workflowTaskTimeout: '5s',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
    });

  return {
    client,

    async open(variant: Variant): Promise<Conversation> {
      const id = `cnv_${randomBytes(32).toString('base64url')}`;
      let turn = 0;
      let firstDelta: number | undefined;
      let settle: { resolve(ended: { end: string; at: number }): void; reject(error: Error): void } | undefined;
      await reader.subscribe(id, {
        onEvents(events) {
          for (const { event } of events) {
            if (event.type === 'reply.delta' && event.turn === turn) firstDelta ??= performance.now();
            if (event.type === 'reply.ended' && event.turn === turn)
              settle?.resolve({ end: event.end, at: performance.now() });
          }
        },
        onGap: () => settle?.reject(new Error('the connection to Redis was lost')),
      });
      return {
        id,
        async say(text) {
          turn += 1;
          firstDelta = undefined;
          const message = { clientMessageId: `message-${turn}`, text, at: new Date().toISOString() };
          const late = `${variant}: turn ${turn} of ${id} has not ended after ${LOST_MS / 1_000} s`;
          const ended = new Promise<{ end: string; at: number }>((resolve, reject) => {
            settle = { resolve, reject };
          });
          const timer = setTimeout(() => settle?.reject(new Error(late)), LOST_MS);
          const sentAt = performance.now();
          const [{ end, at }] = await Promise.all([ended, send(variant, id, message)]);
          clearTimeout(timer);
          if (end !== 'final' || firstDelta === undefined)
            throw new Error(`${variant}: turn ${turn} ended as "${end}"`);
          return { firstDelta: firstDelta - sentAt, final: at - sentAt };
        },
      };
    },

    async close() {
      commands.disconnect();
      subscriber.disconnect();
      await connection.close();
    },
  };
};

/** Visitors, so that every question is answered from the articles, without tools. */
const VISITOR = 'visitor:0123456789012345678901';
