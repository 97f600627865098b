import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { conversationQueue, errands, errandsId, ticketReplied } from '../contracts/names.ts';
import type { TicketReply } from '../contracts/ticket-reply.ts';

/** Starts the desk's errands, unless they run: every worker does it, and one of them has them. */
export const startErrands = async (client: Client): Promise<void> => {
  await client.workflow.start(errands, {
    workflowId: errandsId,
    taskQueue: conversationQueue,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    staticSummary: 'events to the company, replies of tickets from it',
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
