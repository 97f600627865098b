import {
  ApplicationFailure,
  condition,
  defineSignal,
  defineUpdate,
  isCancellation,
  log,
  rootCause,
  setHandler,
} from '@temporalio/workflow';
import type { Turn } from '../activities/turn.ts';
import type { Acceptance, AgentMessage, DeskDecision, Release, SuggestionWanted } from '../contracts/conversation.ts';
import { fingerprint } from '../contracts/fingerprint.ts';
import * as names from '../contracts/names.ts';
import type { TicketReply } from '../contracts/ticket-reply.ts';
import { askTicket } from './company.ts';
import type { ConversationState } from './conversation-state.ts';
import { showOwner } from './operator-view.ts';
import type { OwnerStep } from './ownership.ts';
import { bookkeeping, persistent } from './proxies.ts';
import { suggest } from './suggestion.ts';
import { showSla } from './watch-sla.ts';

const agentMessage = defineSignal<[AgentMessage]>(names.agentMessage);
const deskDecided = defineSignal<[DeskDecision]>(names.deskDecided);
const personWanted = defineSignal(names.personWanted);
const suggestReply = defineSignal<[SuggestionWanted]>(names.suggestReply);
const ticketReplied = defineSignal<[TicketReply]>(names.ticketReplied);
const acceptConversation = defineSignal<[Acceptance]>(names.acceptConversation);
const releaseConversation = defineUpdate<number, [Release]>(names.releaseConversation);

/** Everything that people and desks tell a conversation. Owner and term change here at once; who must know is told by the loop. */
export const hearPeople = (state: ConversationState): void => {
  setHandler(agentMessage, (message) => {
    state.hear(message);
  });
  setHandler(personWanted, () => {
    state.handOff('button');
  });
  setHandler(suggestReply, (wanted) => suggest(state, wanted));
  setHandler(deskDecided, (decision) => state.ownership.decided(decision));
  setHandler(acceptConversation, (acceptance) => {
    if (state.ownership.accept(acceptance)) state.actions.withdraw();
  });
  setHandler(ticketReplied, ({ ticketId, commentId, text, at }) => {
    // Whoever answers in a ticket speaks for the company; the id is made of recorded ones, since it may come twice.
    state.hear({
      clientMessageId: `ticket-${fingerprint(`${ticketId} ${commentId}`)}`,
      agent: 'ticket',
      by: '',
      text,
      at,
    });
  });
  setHandler(
    releaseConversation,
    (release) => {
      state.ownership.release(release);
      return state.ownership.term;
    },
    {
      validator: (release: Release) => {
        const objection = state.ownership.objection(release);
        if (objection) throw ApplicationFailure.nonRetryable(objection, 'NotYours');
      },
    },
  );
};

/**
 * Tells of the oldest change of owner that is owed. Until that has succeeded nothing else happens in the conversation: it
 * would happen under an owner whom nobody knows.
 */
export const tellOwner = async (state: ConversationState, step: OwnerStep): Promise<void> => {
  // What is not recorded yet belongs to the earlier term, and would be refused after this.
  await condition(() => state.unrecorded.length === 0);
  const { term, ...rest } = step;
  // To a desk that is named the conversation goes from people to people.
  const isHandoff = step.queue !== undefined && step.queue.desk === undefined;
  const { givenUp } = step;
  const isNews = isHandoff || (givenUp !== undefined && !(givenUp.why === 'closed' && state.ownership.foretold));
  let closing = state.open ?? (isNews ? state.beginTelling() : undefined);
  const change = () => ({
    ...{ ...state.start, ...rest, term, fence: state.ownership.term, turn: state.turns, at: Date.now() },
    ...(closing ? { closing } : {}),
    ...(state.intent.name === undefined ? {} : { intent: state.intent.name }),
  });
  let outcome = await told(change());
  while (closing && outcome.instead) {
    closing = state.beginAgain(closing, outcome.instead);
    outcome = await told(change());
  }
  const { desk, isClosed, sla } = outcome;
  if (desk) state.ownership.joined(desk);
  state.ownership.foretold = outcome.foretold === true;
  if (isClosed) state.closed();
  else if (closing) state.leaveOpen(closing);
  state.ownership.told(step);
  const wantsTicket = givenUp?.as === 'ticket' || (isHandoff && state.opensTicketOn('handoff'));
  if (wantsTicket && !state.tickets.any) askTicket(state, isHandoff ? `handoff.${term}` : `waited.${term}`);
  if (step.to === 'waiting') state.sla.handedOver(sla, Date.now());
  else if (step.to === 'assistant') state.sla.end();
  state.touch(Date.now());
  showOwner(state, step.to, desk);
  await showSla(state);
};

const told = async (
  change: Parameters<typeof bookkeeping.changeOwner>[0],
): ReturnType<typeof bookkeeping.changeOwner> => {
  try {
    return await bookkeeping.changeOwner(change);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('a change of owner could not be told at once', { term: change.term, cause: rootCause(error) });
    return persistent(`term ${change.term}: tell that it is the ${change.to}'s`).changeOwner(change);
  }
};

/** Passes on what people said to each other. */
export const relay = async (state: ConversationState): Promise<void> => {
  const { turn, spoken } = state.beginRelay(Date.now());
  if (turn.messages.length > 0) state.sla.clocks?.customerSpoke(Date.now());
  if (spoken.length > 0) state.sla.clocks?.agentSpoke(Date.now());
  await passOn(state, turn, spoken);
  state.touch(Date.now());
  await showSla(state);
};

/** How often what was refused by a fence is shown again, and after how long: whoever raised it tells this workflow at once. */
const SHOWN_AGAIN = 50;
const AGAIN_MS = 100;

/**
 * Writes down and shows what people said in a turn, and the cards that changed in it; the assistant says nothing. It is shown in the
 * term of now: the conversation may have changed hands since the turn began.
 */
export const passOn = async (state: ConversationState, turn: Turn, spoken: AgentMessage[]): Promise<void> => {
  for (let attempt = 0; attempt < SHOWN_AGAIN; attempt += 1) {
    const { term } = state.ownership;
    if (await passedOn({ ...turn, term }, spoken)) return;
    await condition(() => state.ownership.term !== term, AGAIN_MS);
  }
  log.error('what was said is recorded, and was not shown', { turn: turn.turn });
};

const passedOn = async (turn: Turn, spoken: AgentMessage[]): Promise<boolean> => {
  try {
    return await bookkeeping.relay(turn, spoken);
  } catch (error) {
    if (isCancellation(error)) throw error;
    return persistent(`turn ${turn.turn}: pass on what was said`).relay(turn, spoken);
  }
};
