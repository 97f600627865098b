// Names as they are on the wire, for senders and receivers alike. No schema is imported here, so that the workflow bundle
// stays small: zod would be loaded into every workflow's context.

/** Workflow types. */
export const conversation = 'conversation';
/** One per desk of the playbook; its id says which. */
export const desk = 'desk';
export const deskWorkflowId = (name: string): string => `desk:${name}`;
/** In place of a desk's name, for what no desk ever had: only supervisors look at it. No desk can have this name. */
export const noDesk = '-';
/** One for the whole desk: takes events out to the company and replies of tickets in. Its only workflow id is below. */
export const errands = 'errands';
export const errandsId = 'duradesk-errands';

/** Signals of `conversation`. */
export const customerMessage = 'customerMessage';
export const agentMessage = 'agentMessage';
export const deskDecided = 'deskDecided';
/** The customer asked for a person, by button. No payload. */
export const personWanted = 'personWanted';
/** An agent wants a draft of the assistant's; payload: `contracts/conversation.ts`. */
export const suggestReply = 'suggestReply';
/** A person answered in a ticket of this conversation; payload: `contracts/ticket-reply.ts`. */
export const ticketReplied = 'ticketReplied';

/** Updates of `conversation`: what a customer says to an action's card, and what a person says to one that needs approval. */
export const decideAction = 'decideAction';
export const decideApproval = 'decideApproval';
/** Updates of `conversation`, for people who take it over and let go of it. */
export const acceptConversation = 'acceptConversation';
export const releaseConversation = 'releaseConversation';

/** Signals of `desk`. */
export const handOff = 'handOff';
export const conversationLeft = 'conversationLeft';
export const agentChanged = 'agentChanged';
export const switchDesk = 'switchDesk';
export const directWaiting = 'directWaiting';

/** Updates and queries of `desk`. */
export const answerOffer = 'answerOffer';
export const deskState = 'deskState';

/** Queries of `conversation`. */
export const conversationState = 'conversationState';

/**
 * Task queues: workflow tasks with their local activities, the model's own queue, which is the request queue, and the desks',
 * so that an offer does not wait behind streaming replies.
 */
export const conversationQueue = 'conversation';
export const assistantQueue = 'assistant';
export const deskQueue = 'desk';
