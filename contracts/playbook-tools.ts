import { z } from 'zod';
import { duration } from './duration.ts';
import { localised, name, type Path, toolName } from './playbook-values.ts';

// What a playbook says of each tool: who may use it, what it may do, and whose word that needs.

const fixed = z.strictObject({ value: z.union([z.string(), z.number(), z.boolean()]) });

/**
 * What the gate fills in: the verified customer's id, the conversation's, the key of this one effect, which stays the same
 * however often it is tried, or a fixed value. The model never sees it.
 */
const injection = z.union([z.literal('customer.id'), z.literal('conversation.id'), z.literal('effect.key'), fixed], {
  error: 'must be customer.id, conversation.id, effect.key or { value: … }',
});

const argumentName = z.string().min(1).max(64);

/** How much one customer may have done to them. `argument` is the one that holds the amount, a number of at least 0. */
const sumLimit = z
  .strictObject({
    argument: argumentName,
    perConversation: z.number().positive().optional(),
    /** In any 24 hours, over all of the customer's conversations. */
    perDay: z.number().positive().optional(),
  })
  .refine(({ perConversation, perDay }) => (perConversation ?? perDay) !== undefined, {
    error: 'must have perConversation, perDay or both',
  });

/**
 * Who has to agree after the customer. `above` is compared with the amount and what this customer had in the last 24 hours
 * without anybody's approval, so that small pieces are no way around it. Without `argument` and `above`, always.
 */
const approval = z
  .strictObject({
    argument: argumentName.optional(),
    above: z.number().min(0).optional(),
    approvers: z.int().min(1).max(2).default(1),
    /** In open hours. */
    expiresAfter: duration,
  })
  .refine(({ argument, above }) => (argument === undefined) === (above === undefined), {
    error: 'must have both argument and above, or neither',
  });

const WRONG_SOURCE = 'must be result.…, arguments.… or { value: … }';

/** How to take it back, for as long as `within`: its arguments come from what the effect answered or was given. */
const undo = z.strictObject({
  tool: z.string(),
  within: duration,
  arguments: z
    .record(argumentName, z.union([z.string().regex(/^(result|arguments)\.[A-Za-z0-9_]{1,64}$/, WRONG_SOURCE), fixed]))
    .default({}),
});

/** The longest that one call may take, milliseconds: an effect whose worker died is taken up again after little more. */
const MAX_TIMEOUT = 30_000;

/** The gate's own tool, with which the model takes back what can be taken back. */
export const UNDO_TOOL = 'undo_action';

/** What the model may use. A tool that is not listed here does not exist for it. */
export const tool = z.strictObject({
  provider: name,
  /** As its provider calls it. */
  name: toolName,
  /** Shown to the customer while it runs. */
  title: localised,
  /** `verified`: only where the conversation belongs to a signed-in customer. */
  use: z.enum(['anyone', 'verified']),
  /** A `read` is safe to repeat; an `effect` changes something outside. */
  kind: z.enum(['read', 'effect']),
  inject: z.record(z.string(), injection).default({}),
  timeout: duration.pipe(z.number().max(MAX_TIMEOUT, 'must be 30s at most')).default(10_000),
  /** How many times, and for effects how much: whoever reaches it is told so, and nothing happens. */
  limits: z
    .strictObject({
      perTurn: z.int().min(1).optional(),
      perConversation: z.int().min(1).optional(),
      sum: sumLimit.optional(),
    })
    .default({}),
  /** What to call an argument in front of a customer. */
  labels: z.record(argumentName, localised).default({}),
  /** The customer is shown what is about to happen and has to agree, within `confirmWithin`. */
  confirm: z.boolean().default(false),
  confirmWithin: duration.default(15 * 60_000),
  approval: approval.optional(),
  undo: undo.optional(),
  /**
   * A tool that reads and takes `effect.key`, for a provider that remembers the key but does not honour it: it is asked first
   * what became of an effect that nobody heard back from. It answers `{"error":"not_found"}` where nothing was done.
   */
  lookup: z.string().optional(),
  /** Never offered to the model: only called as another tool's `undo` or `lookup`. */
  hidden: z.boolean().default(false),
});

export type PlaybookTool = z.infer<typeof tool>;

const EFFECTS_ONLY = ['approval', 'undo', 'lookup'] as const;

/** What of one tool contradicts itself or another. */
export const contradictionsOf = function* (tool: PlaybookTool, tools: PlaybookTool[]): Generator<[Path, string]> {
  const { kind, confirm, approval, limits, undo, lookup, inject } = tool;
  const byName = new Map(tools.map((other) => [other.name, other]));
  if (tool.name === UNDO_TOOL) yield [['name'], `must not be ${UNDO_TOOL}, which is the gate's own`];
  if (kind === 'read') {
    for (const key of EFFECTS_ONLY) if (tool[key] !== undefined) yield [[key], 'is only for a tool of kind effect'];
    if (confirm) yield [['confirm'], 'is only for a tool of kind effect'];
    if (limits.sum) yield [['limits', 'sum'], 'is only for a tool of kind effect'];
    if (!tool.hidden && Object.values(inject).includes('effect.key'))
      yield [['inject'], 'must not be effect.key, which only an effect or a hidden lookup has'];
  }
  if (approval && !confirm) yield [['confirm'], 'must be true where approval is: the customer agrees first'];
  if (approval?.argument && limits.sum && approval.argument !== limits.sum.argument)
    yield [['approval', 'argument'], 'must be limits.sum.argument: one amount is counted'];
  const undoing = undo && byName.get(undo.tool);
  if (undo && !(undoing?.kind === 'effect' && undoing.hidden))
    yield [['undo', 'tool'], 'must be the name of an effect of tools that is hidden'];
  if (lookup !== undefined && !Object.values(inject).includes('effect.key'))
    yield [['inject'], 'must have effect.key where lookup is: it is looked up by it'];
  const asked = lookup === undefined ? undefined : byName.get(lookup);
  if (lookup !== undefined && !(asked?.hidden && Object.values(asked.inject).includes('effect.key')))
    yield [['lookup'], 'must be the name of a hidden read of tools that injects effect.key'];
  if (tool.hidden && (tool.undo ?? tool.lookup) !== undefined)
    yield [['hidden'], 'must be false where undo or lookup is: nothing is undone twice'];
};
