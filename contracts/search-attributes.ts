// What operators list conversations by in Temporal's UI. Everybody who may see the namespace sees these values, encrypted
// payloads or not, and they outlive the text: none of them may ever hold personal data. No schema is imported here, so
// that the workflow bundle stays small.

import type { ConversationStart } from './conversation.ts';

/**
 * By what they mean: the name on the server and its type, as Temporal's typed search attributes want their keys. `duradesk
 * migrate` registers all of them; without them no conversation can start.
 */
export const searchAttributes = {
  /** `open`, `approval` while an action waits for people, or `resolved`. */
  status: { name: 'DeskStatus', type: 'KEYWORD' },
  /** Who speaks: `assistant`, `waiting` for a person, or `agent`. */
  owner: { name: 'DeskOwner', type: 'KEYWORD' },
  /** What the customer wants: the name of an intent of the playbook. */
  intent: { name: 'DeskIntent', type: 'KEYWORD' },
  /** Where the customer writes: `web` or `terminal`. */
  channel: { name: 'DeskChannel', type: 'KEYWORD' },
  /** The desk that it was handed to. */
  desk: { name: 'DeskName', type: 'KEYWORD' },
  /** Version of the playbook that the conversation was opened with. */
  playbook: { name: 'DeskPlaybook', type: 'KEYWORD' },
  /** Turns taken, of the customer's and of the assistant's own. */
  turns: { name: 'DeskTurns', type: 'INT' },
  /** When a person must have answered. */
  dueAt: { name: 'DeskDueAt', type: 'DATETIME' },
} as const;

/**
 * How a conversation stands when it starts. Given with its first signal these cost no event of their own; a run that goes
 * on keeps what it has.
 */
export const attributesAtStart = ({ channel }: ConversationStart) => [
  { key: searchAttributes.status, value: 'open' },
  { key: searchAttributes.owner, value: 'assistant' },
  { key: searchAttributes.channel, value: channel },
];

/** One line for a list of workflows: `web, signed in, de`. Says nothing of who it is. */
export const summaryAtStart = ({ channel, owner, language }: ConversationStart): string =>
  [channel, owner.startsWith('customer:') ? 'signed in' : 'visitor', language].filter(Boolean).join(', ');
