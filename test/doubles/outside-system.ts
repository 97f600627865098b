import { type ToolProvider, type ToolResult, ToolUnavailable } from '../../integrations/tools.ts';

/** What befalls one call: before it is done, after it was done, or nothing. */
export type Fate = 'answers' | 'never-arrives' | 'answer-lost' | 'refuses' | 'does-not-know';

type Payment = { id: string; key: string; amount: number; cancelled: boolean };

const OBJECT = { type: 'object', additionalProperties: false };
const KEY = { requestId: { type: 'string' } };

/**
 * A system that pays, and keeps its own ledger. `honoursKeys`: the same key again gets the first answer, as payment providers
 * do; else every call that arrives is done.
 */
export const createOutsideSystem = (honoursKeys = true) => {
  const payments: Payment[] = [];
  let fate: (tool: string) => Promise<Fate> | Fate = () => 'answers';

  const pay = (key: string, amount: number): ToolResult => {
    const before = honoursKeys ? payments.find((payment) => payment.key === key) : undefined;
    const payment = before ?? { id: `p${payments.length + 1}`, key, amount, cancelled: false };
    if (!before) payments.push(payment);
    return { ok: true, content: JSON.stringify({ paymentId: payment.id, amount: payment.amount }) };
  };

  const act = (name: string, args: Record<string, unknown>): ToolResult => {
    const key = String(args.requestId ?? '');
    if (name === 'pay') return pay(key, Number(args.amount));
    if (name === 'find_payment') {
      const found = payments.find((payment) => payment.key === key);
      return { ok: true, content: JSON.stringify(found ? { paymentId: found.id } : { error: 'not_found' }) };
    }
    const payment = payments.find(({ id }) => id === args.paymentId);
    if (payment) payment.cancelled = true;
    return payment
      ? { ok: true, content: JSON.stringify({ cancelled: payment.id }) }
      : { ok: false, content: JSON.stringify({ error: 'not_found' }) };
  };

  const provider: ToolProvider = {
    name: 'outside',
    list: () => Promise.resolve(TOOLS),
    async call(name, args) {
      const met = await fate(name);
      if (met === 'never-arrives') throw new ToolUnavailable('the line is dead', 'not_sent');
      if (met === 'refuses') return { ok: false, content: JSON.stringify({ error: 'closed_account' }) };
      const result = act(name, args);
      if (met === 'answer-lost') throw new ToolUnavailable('no answer', 'unknown');
      return met === 'does-not-know' ? { ok: false, content: '{"error":"unavailable","outcome":"unknown"}' } : result;
    },
    close: () => Promise.resolve(),
  };

  return {
    provider,
    payments,
    paidUnder: (key: string): Payment[] => payments.filter((payment) => payment.key === key),
    /** What every call from here on meets. */
    meets(next: (tool: string) => Promise<Fate> | Fate): void {
      fate = next;
    },
  };
};

// One list, as a provider hands it out: the policy is made once.
const TOOLS = [
  {
    name: 'pay',
    description: 'Pays an amount.',
    inputSchema: {
      ...OBJECT,
      properties: { ...KEY, amount: { type: 'number', minimum: 0 }, note: { type: 'string' } },
      required: ['amount'],
    },
  },
  {
    name: 'find_payment',
    description: 'Finds a payment.',
    inputSchema: { ...OBJECT, properties: KEY, required: ['requestId'] },
  },
  {
    name: 'cancel_payment',
    description: 'Cancels a payment.',
    inputSchema: { ...OBJECT, properties: { paymentId: { type: 'string' } }, required: ['paymentId'] },
  },
];
