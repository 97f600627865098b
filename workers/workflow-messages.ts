import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { WorkflowMessages } from '../activities/desk-ports.ts';
import { signalToDesk } from '../contracts/desk-signal.ts';
import * as names from '../contracts/names.ts';

/** How long one call may take: it is made within an activity that is tried again. Milliseconds. */
const CALL_MS = 10_000;

/** The way between workflows, over Temporal's client. */
export const createWorkflowMessages = (client: Client): WorkflowMessages => {
  const toDesk = (desk: string, signal: string, payload: object): Promise<unknown> =>
    client.withDeadline(Date.now() + CALL_MS, () =>
      client.workflow.signalWithStart(names.desk, signalToDesk(desk, signal, payload)),
    );
  return {
    async handOff(desk, handoff) {
      await toDesk(desk, names.handOff, handoff);
    },

    async conversationLeft(desk, left) {
      await toDesk(desk, names.conversationLeft, left);
    },

    async accept(conversationId, acceptance) {
      try {
        return await client.withDeadline(Date.now() + CALL_MS, () =>
          client.workflow
            .getHandle(conversationId)
            .executeUpdate<number | null, [typeof acceptance]>(names.acceptConversation, {
              args: [acceptance],
              updateId: `accept-${acceptance.term}-${acceptance.agent}`,
            }),
        );
      } catch (error) {
        // Whatever else it ends with, such as a run that continued as new before it heard of it, is tried again.
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },

    async deskDecided(conversationId, decision) {
      try {
        await client.withDeadline(Date.now() + CALL_MS, () =>
          client.workflow.getHandle(conversationId).signal(names.deskDecided, decision),
        );
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },
  };
};
