// Names as they are on the wire, for senders and receivers alike. No schema is imported here, so that the workflow bundle
// stays small: zod would be loaded into every workflow's context.

/** Workflow types. */
export const conversation = 'conversation';
/** One for the whole desk: takes events out to the company and replies of tickets in. Its only workflow id is below. */
export const errands = 'errands';
export const errandsId = 'duradesk-errands';

/** Signals of `conversation`. */
export const customerMessage = 'customerMessage';
/** A person answered in a ticket of this conversation; payload: `contracts/ticket-reply.ts`. */
export const ticketReplied = 'ticketReplied';
/** It is known now what became of an effect; payload: its action's id. May start a run: the customer is to hear of it. */
export const effectSettled = 'effectSettled';

/** Updates of `conversation`: what a customer says to an action's card, and what a person says to one that needs approval. */
export const decideAction = 'decideAction';
export const decideApproval = 'decideApproval';

/** Queries of `conversation`. */
export const conversationState = 'conversationState';

/** Task queues: workflow tasks with their local activities, and the model's own queue, which is the request queue. */
export const conversationQueue = 'conversation';
export const assistantQueue = 'assistant';
