import { z } from 'zod';
import { profileChangeSchema } from './profile.ts';

const scriptedCall = z.strictObject({
  name: z.string(),
  /** JSON text as it stands, or an object that is written as JSON. */
  arguments: z
    .union([z.string(), z.record(z.string(), z.unknown())])
    .transform((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  id: z.string().optional(),
});

/** What goes wrong, or is said word for word, with the answers to some messages. */
export const faultSchema = z.strictObject({
  /** Part of what the customer said last; absent: every request. */
  match: z.string().optional(),
  /** How many requests it strikes before it is used up; absent: until it is taken away. */
  times: z.int().min(1).optional(),
  fault: z.enum([
    /** 429, 500 and 503, with the header `Retry-After` when `retryAfter` is given. */
    'rate_limited',
    'server_error',
    'unavailable',
    /** The answer's status is `status`. */
    'status',
    /** Nothing is sent at all. */
    'hang_before_first',
    /** After `afterTokens` tokens: silence; a clean end without a finish reason; a broken connection; `length`. */
    'hang_mid_stream',
    'cut',
    'reset',
    'length',
    /** A finish reason without an answer. */
    'empty',
    'malformed_tool_json',
    'unknown_tool',
    /** 50 calls. */
    'many_calls',
    'same_call_id_twice',
    /** Deltas end inside characters, and so do the writes to the socket. */
    'split_character',
    /** The hijacked model: does what `script` says, else the last `tool_name({"json": …})` found anywhere in the prompt. */
    'obey',
    /** No fault: the answer, or `script`, at the pace of `profile`. */
    'answer',
    /** `body` as it stands, with `status` and `contentType`. */
    'raw',
  ]),
  retryAfter: z.union([z.number(), z.string()]).optional(),
  retryAfterMs: z.number().optional(),
  status: z.int().min(200).max(599).optional(),
  afterTokens: z.int().min(0).optional(),
  script: z.strictObject({ text: z.string().default(''), calls: z.array(scriptedCall).default([]) }).optional(),
  body: z.string().optional(),
  contentType: z.string().optional(),
  profile: profileChangeSchema.exactOptional(),
});

export type Fault = z.infer<typeof faultSchema>;

/** Faults in force. The first that matches strikes. */
export const createFaults = () => {
  let scripts: { fault: Fault; left: number }[] = [];
  return {
    set(faults: readonly Fault[]): void {
      scripts = faults.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
    },
    /** The fault for an answer to `message`, which is used once by that. */
    take(message: string): Fault | undefined {
      const struck = scripts.find(({ fault }) => message.includes(fault.match ?? ''));
      if (!struck) return undefined;
      struck.left -= 1;
      if (struck.left === 0) scripts = scripts.filter((script) => script !== struck);
      return struck.fault;
    },
    /** Those not used up yet, with how often each strikes still. */
    list: (): Fault[] => scripts.map(({ fault, left }) => (Number.isFinite(left) ? { ...fault, times: left } : fault)),
  };
};

export type Faults = ReturnType<typeof createFaults>;
