import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { ActionId } from '../contracts/actions.ts';
import { conversationStart } from '../contracts/conversation.ts';
import {
  conversation,
  conversationQueue,
  effectSettled,
  errands,
  errandsId,
  ticketReplied,
} from '../contracts/names.ts';
import { attributesAtStart, summaryAtStart } from '../contracts/search-attributes.ts';
import type { TicketReply } from '../contracts/ticket-reply.ts';
import { RemoteUnavailable } from '../integrations/remote-api.ts';

/** Starts the desk's errands, unless they run: every worker does it, and one of them has them. */
export const startErrands = async (client: Client): Promise<void> => {
  await client.workflow.start(errands, {
    workflowId: errandsId,
    taskQueue: conversationQueue,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'events to the company, replies of tickets from it, effects that were left unknown',
  });
};

/** Tells a conversation what was answered in its ticket. `false`: it does not run. */
export const replyTo =
  (client: Client) =>
  async (conversationId: string, reply: TicketReply): Promise<boolean> => {
    try {
      await client.workflow.getHandle(conversationId).signal(ticketReplied, reply);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  };

/** Tells a conversation what became of its effect; one that has ended goes on in another run. Rejects with `RemoteUnavailable`. */
export const settledTo =
  (client: Client) =>
  async (where: { conversationId: string; owner: string; channel: string }, id: ActionId): Promise<void> => {
    const start = conversationStart.parse(where);
    try {
      await client.workflow.signalWithStart(conversation, {
        workflowId: start.conversationId,
        taskQueue: conversationQueue,
        args: [start],
        signal: effectSettled,
        signalArgs: [id],
        // As a gateway starts it (gateway/temporal.ts).
        workflowTaskTimeout: '5s',
        staticSummary: summaryAtStart(start),
        typedSearchAttributes: attributesAtStart(start),
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
      });
    } catch (error) {
      throw new RemoteUnavailable(`Temporal: ${error instanceof Error ? error.message : String(error)}`, 'unknown');
    }
  };
