import {
  Client,
  Connection,
  isGrpcServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import fp from 'fastify-plugin';
import type { Decided } from '../contracts/actions.ts';
import { FAILURE } from '../contracts/failures.ts';
import { conversation, conversationQueue, customerMessage, decideAction } from '../contracts/names.ts';
import { attributesAtStart, summaryAtStart } from '../contracts/search-attributes.ts';
import { acrossClosing } from './closing.ts';
import type { Conversations, DecisionOutcome } from './ports.ts';

/** A signal takes 7 ms on an idle server. After this long the customer is told, and sends it again. */
const DELIVER_MS = 5_000;
/** A conversation that is in the middle of an answer hears nothing until its end; whoever decides sends it again. */
const DECIDE_MS = 10_000;
const CHECK_MS = 1_000;
/** Measured: a worker killed in mid-turn is replaced within 2.7 s of this; the default of 10 s takes twice as long. */
const WORKFLOW_TASK_TIMEOUT = '5s';

/** A server that came back is found again within a second (gRPC's own back-off goes up to two minutes), a dead link in 15. */
export const CHANNEL = {
  'grpc.initial_reconnect_backoff_ms': 200,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
};

const createConversations = (client: Client): Conversations => ({
  async deliver(start, message) {
    try {
      await client.withDeadline(Date.now() + DELIVER_MS, () =>
        acrossClosing(() =>
          client.workflow.signalWithStart(conversation, {
            workflowId: start.conversationId,
            taskQueue: conversationQueue,
            args: [start],
            signal: customerMessage,
            signalArgs: [message],
            workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
            staticSummary: summaryAtStart(start),
            typedSearchAttributes: attributesAtStart(start),
            // A conversation that ended in silence goes on in another run of the same id.
            workflowIdReusePolicy: 'ALLOW_DUPLICATE',
            workflowIdConflictPolicy: 'USE_EXISTING',
          }),
        ),
      );
    } catch (error) {
      throw new Error(`Temporal: ${reasonOf(error)}`, { cause: error });
    }
  },

  async decide(conversationId, decision) {
    try {
      const decided = await client.withDeadline(Date.now() + DECIDE_MS, () =>
        client.workflow.getHandle(conversationId).executeUpdate<Decided, [typeof decision]>(decideAction, {
          args: [decision],
          updateId: decision.commandId,
        }),
      );
      return { kind: 'decided', decision: decided.decision };
    } catch (error) {
      const refused = refusalOf(error);
      if (refused) return refused;
      throw new Error(`Temporal: ${reasonOf(error)}`, { cause: error });
    }
  },

  async check() {
    const { namespace } = client.options;
    await client.withDeadline(Date.now() + CHECK_MS, () => client.workflowService.describeNamespace({ namespace }));
  },
});

/** The conversation has heard it and says no; `undefined`: nobody knows whether it has. */
const refusalOf = (error: unknown): DecisionOutcome | undefined => {
  if (error instanceof WorkflowNotFoundError) return { kind: 'expired' };
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { type, details } = error.cause;
  const [before] = details ?? [];
  if (type === FAILURE.actionDecided && (before === 'confirm' || before === 'cancel'))
    return { kind: 'decided', decision: before };
  if (type === FAILURE.actionChanged) return { kind: 'changed' };
  return type === FAILURE.actionExpired || type === FAILURE.actionUnknown ? { kind: 'expired' } : undefined;
};

/** The client wraps the server's words into its own, which only say what was tried. */
export const reasonOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause ? error.cause : error;
  return isGrpcServiceError(cause) ? `${cause.code} ${cause.details}` : String(cause);
};

/** Decorates `conversations`. Connects when first used, so that a gateway starts, and says what is missing, without Temporal. */
export default fp<{ address: string; namespace: string }>(
  async (app, { address, namespace }) => {
    // Without the SDK's retries: whoever waits for an acknowledgement sends again, and one owner of retries is enough.
    const connection = Connection.lazy({ address, channelArgs: CHANNEL, interceptors: [] });
    app.decorate('conversations', createConversations(new Client({ connection, namespace })));
    app.addHook('onClose', () => connection.close());
  },
  { name: 'conversations' },
);
