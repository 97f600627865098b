import { createHash } from 'node:crypto';
import {
  type Client,
  isGrpcServiceError,
  QueryNotRegisteredError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { ApprovalDecision, ApprovalTaken } from '../../contracts/actions.ts';
import type { AgentMessage, DeskDecision, Release, SuggestionWanted } from '../../contracts/conversation.ts';
import type { AgentChange, DeskSwitch, Direction, OfferAnswer } from '../../contracts/desk.ts';
import { signalToDesk } from '../../contracts/desk-signal.ts';
import * as names from '../../contracts/names.ts';
import type { CarriedDesk } from '../../workflows/desk-records.ts';
import { acrossClosing } from '../closing.ts';
import { pause } from '../deadline.ts';
import { Declined, uncertain } from './declined.ts';

/** A signal takes 7 ms on an idle server; whoever waits longer is told, and sends it again. Milliseconds. */
const SIGNAL_MS = 5_000;
/** A conversation in the middle of an answer hears nothing until its end. */
const UPDATE_MS = 10_000;
const QUERY_MS = 3_000;
/** A desk that goes on in a new run refuses updates until that has begun, tens of milliseconds later. */
const ATTEMPTS = 5;
const BETWEEN_MS = 100;
/** FAILED_PRECONDITION. */
const NOT_NOW = 9;

/**
 * What agents do, over Temporal. Everything rejects with a `Declined`: 409 where the workflow has heard it and says no, 503
 * where nobody knows. The id of a command is the id of its update, so sending one again is safe.
 */
export interface Commands {
  answerOffer(desk: string, answer: OfferAnswer): Promise<void>;
  say(conversationId: string, message: AgentMessage): Promise<void>;
  /** Resolves with the term that begins. */
  release(conversationId: string, commandId: string, release: Release): Promise<number>;
  decideApproval(conversationId: string, decision: ApprovalDecision): Promise<ApprovalTaken>;
  suggest(conversationId: string, wanted: SuggestionWanted): Promise<void>;
  move(conversationId: string, decision: DeskDecision): Promise<void>;
  direct(desk: string, direction: Direction): Promise<void>;
  agentChanged(desk: string, change: AgentChange): Promise<void>;
  switchDesk(desk: string, to: DeskSwitch): Promise<void>;
  /** `null`: nothing was ever handed to this desk, and nobody was ever there. */
  deskState(desk: string): Promise<CarriedDesk | null>;
}

export const createCommands = (client: Client): Commands => {
  const signalled = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await client.withDeadline(Date.now() + SIGNAL_MS, () => acrossClosing(work));
    } catch (error) {
      throw declinedOf(error);
    }
  };
  const toDesk = (desk: string, signal: string, payload: object | string): Promise<void> =>
    signalled(() => client.workflow.signalWithStart(names.desk, signalToDesk(desk, signal, payload)));
  const toConversation = (id: string, signal: string, payload: object): Promise<void> =>
    signalled(() => client.workflow.getHandle(id).signal(signal, payload));

  const updated = async <T>(workflowId: string, update: string, updateId: string, payload: object): Promise<T> => {
    for (let attempt = 1; ; attempt += 1)
      try {
        return await client.withDeadline(Date.now() + UPDATE_MS, () =>
          client.workflow.getHandle(workflowId).executeUpdate<T, [object]>(update, { args: [payload], updateId }),
        );
      } catch (error) {
        if (attempt === ATTEMPTS || !isPassing(error)) throw declinedOf(error);
        await pause(BETWEEN_MS);
      }
  };

  return {
    answerOffer: (desk, answer) => updated(names.deskWorkflowId(desk), names.answerOffer, answer.commandId, answer),
    say: (id, message) => toConversation(id, names.agentMessage, message),
    release: (id, commandId, release) => updated(id, names.releaseConversation, commandId, release),
    decideApproval: (id, decision) => updated(id, names.decideApproval, idOf(decision), decision),
    suggest: (id, wanted) => toConversation(id, names.suggestReply, wanted),
    move: (id, decision) => toConversation(id, names.deskDecided, decision),
    direct: (desk, direction) => toDesk(desk, names.directWaiting, direction),
    agentChanged: (desk, change) => toDesk(desk, names.agentChanged, change),
    switchDesk: (desk, to) => toDesk(desk, names.switchDesk, to),

    async deskState(desk) {
      const handle = client.workflow.getHandle(names.deskWorkflowId(desk));
      for (let attempt = 1; ; attempt += 1)
        try {
          return await client.withDeadline(Date.now() + QUERY_MS, () => handle.query<CarriedDesk>(names.deskState));
        } catch (error) {
          if (error instanceof WorkflowNotFoundError) return null;
          // It has only just been started, or it moved while it was asked (workflows/phantom-task.ts).
          if (attempt === ATTEMPTS || !(error instanceof QueryNotRegisteredError)) throw uncertain(error);
          await pause(BETWEEN_MS);
        }
    },
  };
};

/** The same word of the same person on the same arguments is the same command. */
const idOf = (decision: ApprovalDecision): string =>
  `approval-${createHash('sha256').update(JSON.stringify(decision)).digest('base64url')}`;

const isPassing = (error: unknown): boolean => {
  if (!(error instanceof ServiceError)) return false;
  return isGrpcServiceError(error.cause) && error.cause.code === NOT_NOW;
};

const declinedOf = (error: unknown): Declined => {
  if (error instanceof WorkflowNotFoundError) return new Declined(409, 'the conversation has ended');
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure)
    return new Declined(409, error.cause.message, error);
  return uncertain(error);
};
