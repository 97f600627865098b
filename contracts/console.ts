import { z } from 'zod';
import { action, actionId, approvalDecision } from './actions.ts';
import { agentAccount, agentPassword } from './agents.ts';
import { outcome, release } from './conversation.ts';
import { agentId, agentStatus, deskName, deskSwitch, offerAnswer } from './desk.ts';
import { message, position } from './events.ts';
import { handoffContext } from './handoff-context.ts';
import { clientMessageId, conversationId } from './ids.ts';
import { messageText } from './text.ts';

// What the agents' console asks for and sends over HTTP, below `/console/api`. The session is a cookie; whatever changes
// something is a POST of JSON from the console's own origin. What changes by itself comes over the console's socket
// (`contracts/console-frames.ts`).

const id = clientMessageId;

/**
 * Body of every answer of 400 and above. The status says what to do: 400 correct it, 401 sign in, 403 not with this role or
 * from this page, 404 there is none that you may see, 409 it has changed meanwhile, look again, 429 wait, 503 send the same
 * again.
 */
export const failure = z.object({ error: z.string() });

// ── signing in ───────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * `POST sign-in`. 204 with the cookie, 401 whatever was wrong, 429 after too many attempts. `POST sign-out` with `{}` ends it.
 * With OpenID Connect the browser goes to `openid`, and comes back to the console, with `#sign-in-failed` where it did not work.
 */
export const signIn = z.strictObject({ id: agentId, password: agentPassword });

/** `GET sign-in`: what can be done by somebody who is not signed in. */
export const signInWays = z.object({ company: z.string(), openId: z.object({ title: z.string() }).nullable() });

/** What an agent may set themselves to. */
export const chosenStatus = agentStatus.exclude(['wrapUp']);

export const cannedReply = z.object({ name: z.string(), title: z.string(), text: z.string() });

/** `GET me`. `status` is the agent's own choice; a desk may have others meanwhile (wrap-up, or away after missed offers). */
export const me = z.object({
  ...agentAccount.shape,
  status: chosenStatus,
  company: z.string(),
  assistant: z.string(),
  /** All of the playbook's, to transfer to. */
  allDesks: z.array(z.object({ name: deskName, title: z.string() })),
  /** The other people, as they are now, to transfer to. */
  colleagues: z
    .array(z.object({ id: agentId, name: z.string(), desks: z.array(deskName), status: agentStatus }))
    .exactOptional(),
  /** Texts with `{{customer.name}}`, `{{agent.name}}` and `{{company.name}}`. */
  cannedReplies: z.array(cannedReply),
});

// ── what an agent looks at ───────────────────────────────────────────────────────────────────────────────────────────

/** `GET conversations?view=`: the agent's own; who waits at their desks; what waits for an approval; what they had lately; all that is open, for supervisors. */
export const conversationsView = z.enum(['mine', 'waiting', 'approvals', 'recent', 'all']);

/** One line of a list. Times are ISO 8601 in UTC. */
export const conversationEntry = z.object({
  id: conversationId,
  /** Name where the CRM has one, else the company's id for them; `null` for a visitor. */
  customer: z.string().nullable(),
  channel: z.string(),
  status: z.enum(['open', 'resolved', 'closed']),
  owner: z.enum(['assistant', 'waiting', 'agent']),
  term: z.int(),
  agent: z.object({ id: agentId, name: z.string() }).nullable(),
  desk: deskName.nullable(),
  /** Why it was handed over, the newest reason. */
  reason: z.string().nullable(),
  language: z.string().nullable(),
  /** Title of the intent. */
  intent: z.string().nullable(),
  /** Since when it waits for a person, or is with this one. */
  since: z.iso.datetime().nullable(),
  /** The SLA clock that is due first; `null` while none runs. */
  dueAt: z.iso.datetime().nullable(),
  last: z.object({ author: message.shape.author, text: z.string().max(200), at: z.iso.datetime() }).nullable(),
  awaitsApproval: z.boolean(),
  updatedAt: z.iso.datetime(),
});

export const conversationList = z.object({ conversations: z.array(conversationEntry).max(200) });

/** A word among agents. No customer ever sees it. */
export const note = z.object({
  id,
  by: z.object({ id: agentId, name: z.string() }),
  text: z.string(),
  at: z.iso.datetime(),
});

/** An action that waits for people, or did. `arguments` is JSON, as the assistant gave it or an agent changed it. */
export const approval = z.object({
  ...action.shape,
  id: actionId,
  rawArguments: z.string(),
  approvers: z.int().min(1),
  approvedBy: z.array(z.string()),
});

export const slaClock = z.object({
  clock: z.enum(['firstReply', 'nextReply', 'resolution']),
  /** `null` while it is paused. */
  dueAt: z.iso.datetime().nullable(),
  state: z.enum(['running', 'paused', 'warning', 'breached']),
});

/** `GET conversations/:id`: everything at one glance. `position` is where the socket goes on from. */
export const conversationView = z.object({
  entry: conversationEntry,
  /** `null` where it was never handed over. */
  handoff: z.object({ desk: deskName, term: z.int(), at: z.iso.datetime(), context: handoffContext }).nullable(),
  messages: z.array(message),
  actions: z.array(action),
  approvals: z.array(approval),
  notes: z.array(note),
  sla: z.array(slaClock),
  tickets: z.array(z.object({ system: z.string(), id: z.string(), status: z.string(), url: z.string().nullable() })),
  rating: z.object({ score: z.int().min(1).max(5), comment: z.string().nullable(), at: z.iso.datetime() }).nullable(),
  outcome: z.object({ outcome, reason: z.string() }).nullable(),
  position: position.nullable(),
});

// ── what an agent does ───────────────────────────────────────────────────────────────────────────────────────────────

/** `POST status`. */
export const statusChange = z.strictObject({ status: chosenStatus });

/** `POST offers`: 200 with `offerTaken`, 409 when it is not open any more. */
export const offerReply = z.strictObject({ desk: deskName, ...offerAnswer.omit({ agent: true }).shape });
export const offerTaken = z.object({ conversationId: conversationId.nullable() });

/** `POST conversations/:id/messages`: 202 when Temporal holds it. */
export const agentSend = z.strictObject({ clientMessageId, text: messageText });

/** `POST conversations/:id/notes`: 201; the same id again changes nothing. */
export const newNote = z.strictObject({ id, text: messageText });

/** `POST conversations/:id/release`: 200 with the term that begins, 409 when it is not this agent's in that term. */
export const releaseRequest = z.strictObject({ ...release.omit({ agent: true }).shape, commandId: id });
export const released = z.object({ term: z.int() });

/** `POST conversations/:id/approvals`: 200 with what came of it, 409 when the arguments are others or it is decided. */
export const approvalRequest = approvalDecision.omit({ by: true });

/** `POST conversations/:id/suggestion`: 202; the text comes over the socket under this `commandId`. */
export const suggestionRequest = z.strictObject({ commandId: id });

// ── what a supervisor looks at and does ──────────────────────────────────────────────────────────────────────────────

/** `GET floor`. */
export const floor = z.object({
  desks: z.array(
    z.object({
      name: deskName,
      title: z.string(),
      switch: deskSwitch,
      open: z.boolean(),
      /** Of the hour that has passed; milliseconds, `null` where nobody came. */
      waitedP50Ms: z.number().nullable(),
      agents: z.array(
        z.object({
          id: agentId,
          name: z.string(),
          status: agentStatus,
          load: z.int(),
          capacity: z.int(),
          ringing: conversationId.nullable(),
        }),
      ),
      entries: z.array(
        z.object({
          id: conversationId,
          place: z.enum(['waiting', 'offered', 'taking', 'held', 'returning']),
          position: z.int(),
          priority: z.int(),
          agent: agentId.nullable(),
          reason: z.string(),
          since: z.iso.datetime(),
          dueAt: z.iso.datetime(),
        }),
      ),
    }),
  ),
});

/** `POST floor/desks/:desk`. */
export const switchRequest = z.strictObject({ to: deskSwitch });
/** `POST floor/agents/:id`. */
export const agentStatusRequest = z.strictObject({ status: chosenStatus });
/** `POST floor/conversations/:id`: to another desk, to a person there, or both. */
export const reassignRequest = z.strictObject({ commandId: id, desk: deskName, agent: agentId.exactOptional() });

export type Me = z.infer<typeof me>;
export type SignInWays = z.infer<typeof signInWays>;
export type ChosenStatus = z.infer<typeof chosenStatus>;
export type CannedReply = z.infer<typeof cannedReply>;
export type ConversationsView = z.infer<typeof conversationsView>;
export type ConversationEntry = z.infer<typeof conversationEntry>;
export type ConversationView = z.infer<typeof conversationView>;
export type Note = z.infer<typeof note>;
export type Approval = z.infer<typeof approval>;
export type SlaClockView = z.infer<typeof slaClock>;
export type ReleaseRequest = z.infer<typeof releaseRequest>;
export type Floor = z.infer<typeof floor>;
