import type { Fault } from '../../../local/model/faults.ts';
import type { Random } from '../random.ts';

/** What befalls the model in one turn, and how that turn has to end. */
export type Misfortune = {
  what: string;
  fault: Omit<Fault, 'match'>;
  end: 'final' | 'failed';
  /** The reply must not begin earlier than this after the question, milliseconds. */
  notBefore?: number;
  /** The customer asks for an order, signed in, and the model calls a tool with these arguments. */
  calls?: { many: number; arguments?: string };
  /** The reply, word for word. */
  says?: string;
};

const RETRY_AFTER_S = 2;

/** Characters of two and four bytes, a flag of two of them, a family of seven joined ones. */
const SPLIT = 'Größe M passt dir 🧥. Grüße aus 🇳🇱, von 👨‍👩‍👧‍👦!';
const SPLIT_ARGUMENTS = JSON.stringify({ orderNumber: '1042 🧥 Größe' });

const TWO_CALLS = [
  { name: 'get_order', arguments: '{"orderNumber":"1042"}' },
  { name: 'list_orders', arguments: '{}' },
];

/** Those after which an answer comes, in the end. */
const PASSING: readonly Misfortune[] = [
  {
    what: `429, Retry-After ${RETRY_AFTER_S} s`,
    fault: { fault: 'rate_limited', times: 1, retryAfter: RETRY_AFTER_S },
    end: 'final',
    notBefore: RETRY_AFTER_S * 1_000,
  },
  { what: '500', fault: { fault: 'server_error', times: 1 }, end: 'final' },
  { what: '503, twice', fault: { fault: 'unavailable', times: 2 }, end: 'final' },
  { what: 'hangs before the first byte', fault: { fault: 'hang_before_first', times: 1 }, end: 'final' },
  {
    what: 'hangs mid-stream',
    fault: { fault: 'hang_mid_stream', times: 1 },
    end: 'final',
  },
  { what: 'ends without an end', fault: { fault: 'cut', times: 1 }, end: 'final' },
  {
    what: 'connection reset mid-stream',
    fault: { fault: 'reset', times: 1 },
    end: 'final',
  },
  { what: 'length', fault: { fault: 'length', times: 1 }, end: 'final' },
  { what: 'empty', fault: { fault: 'empty', times: 1 }, end: 'final' },
  {
    what: 'characters split over deltas and writes',
    fault: { fault: 'split_character', times: 1, script: { text: SPLIT, calls: [] } },
    end: 'final',
    says: SPLIT,
  },
  {
    what: 'arguments split inside a character',
    fault: {
      fault: 'split_character',
      times: 1,
      script: { text: '', calls: [{ name: 'get_order', arguments: SPLIT_ARGUMENTS }] },
    },
    end: 'final',
    calls: { many: 1, arguments: SPLIT_ARGUMENTS },
  },
  { what: 'malformed tool JSON', fault: { fault: 'malformed_tool_json', times: 1 }, end: 'final', calls: { many: 1 } },
  { what: 'unknown tool', fault: { fault: 'unknown_tool', times: 1 }, end: 'final', calls: { many: 1 } },
  { what: '50 calls', fault: { fault: 'many_calls', times: 1 }, end: 'final', calls: { many: 6 } },
  { what: 'one call said twice', fault: { fault: 'same_call_id_twice', times: 1 }, end: 'final', calls: { many: 1 } },
  {
    what: 'two calls under one id',
    fault: { fault: 'same_call_id_twice', times: 1, script: { text: '', calls: TWO_CALLS } },
    end: 'final',
    calls: { many: 2 },
  },
];

/** Those that do not pass: the turn ends within its time, in the playbook's words. */
const LASTING: readonly Misfortune[] = [
  { what: '429 for good', fault: { fault: 'rate_limited', retryAfter: 1 }, end: 'failed' },
  { what: 'hangs before the first byte for good', fault: { fault: 'hang_before_first' }, end: 'failed' },
  {
    what: 'hangs mid-stream for good',
    fault: { fault: 'hang_mid_stream' },
    end: 'failed',
  },
  { what: 'empty for good', fault: { fault: 'empty' }, end: 'failed' },
  { what: '401', fault: { fault: 'status', status: 401 }, end: 'failed' },
];

export const MISFORTUNES = [...PASSING, ...LASTING];

/** One per trial, every kind in turn from a seeded one on, the slow ones first, so that a run ends soon. */
export const chooseMisfortunes = (random: Random, trials: number): Misfortune[] => {
  const from = random.int(0, MISFORTUNES.length - 1);
  return Array.from({ length: trials }, (_, index) => MISFORTUNES[(from + index) % MISFORTUNES.length] ?? [])
    .flat()
    .map((misfortune) => ({
      ...misfortune,
      fault: { ...misfortune.fault, ...(isMidStream(misfortune) && { afterTokens: random.int(1, 20) }) },
    }))
    .sort((one, other) => Number(isSlow(other)) - Number(isSlow(one)));
};

const isMidStream = ({ fault }: Misfortune): boolean =>
  ['hang_mid_stream', 'cut', 'reset', 'length'].includes(fault.fault);

const isSlow = ({ fault, end }: Misfortune): boolean => end === 'failed' || fault.fault.startsWith('hang');
