/**
 * Types of the `ApplicationFailure`s that cross Temporal. The type is the contract: retry policies name them, operators
 * filter by them, and the message says what to do.
 */
export const FAILURE = {
  /** The model is over its rate, down or too slow: worth another attempt. */
  modelUnavailable: 'ModelUnavailable',
  /** The model's server refuses the request itself (400, 401, 404): no attempt will help until someone changes something. */
  modelRefused: 'ModelRefused',
  /** Postgres cannot be reached or refuses to write. */
  storeUnavailable: 'StoreUnavailable',
  /** Redis cannot be reached. */
  streamUnavailable: 'StreamUnavailable',
  /** The company's CRM or ticket system is down, slow or over its limit: worth another attempt. */
  systemUnavailable: 'SystemUnavailable',
  /** It refuses what was asked for good: its set-up or ours must be changed. */
  systemRefused: 'SystemRefused',
  /** A turn, tool or playbook that the workflow named does not exist: a defect of ours. */
  notFound: 'NotFound',
  /** The tool's provider cannot be reached, or did not say how it went: worth another attempt under the same key. */
  toolUnavailable: 'ToolUnavailable',
  /** No action of this id waits for anybody: it was never proposed, or belongs to a run that ended. */
  actionUnknown: 'ActionUnknown',
  /** The action's arguments are not those that were decided on. */
  actionChanged: 'ActionChanged',
  /** The time to decide is over. */
  actionExpired: 'ActionExpired',
  /** Somebody has decided before; the first detail of the failure is that decision. */
  actionDecided: 'ActionDecided',
} as const;

export type FailureType = (typeof FAILURE)[keyof typeof FAILURE];
