import type { Answer, Call } from './answer.ts';
import type { Fault } from './faults.ts';
import type { ChatRequest } from './request.ts';

/** A call on its way out; `id` only where a script or a fault asks for a certain one. */
export type OutgoingCall = Call & { id?: string | undefined };

export type Outgoing = { text: string; calls: OutgoingCall[] };

/** What is said in place of the answer when a fault concerns what is said. */
export const misbehave = (answer: Answer, fault: Fault | undefined, request: ChatRequest): Outgoing => {
  const said: Outgoing = fault?.script ?? answer;
  const name = request.tools[0]?.function.name ?? NO_SUCH_TOOL;
  const call = said.calls[0] ?? { name, arguments: '{"order_number":"1042"}' };
  switch (fault?.fault) {
    case 'empty':
      return { text: '', calls: [] };
    case 'unknown_tool':
      return { text: '', calls: [{ name: NO_SUCH_TOOL, arguments: '{}' }] };
    case 'malformed_tool_json':
      return { text: '', calls: [{ ...call, arguments: call.arguments.slice(0, -2) }] };
    case 'many_calls':
      return { text: '', calls: Array.from({ length: MANY }, () => call) };
    case 'same_call_id_twice': {
      const calls = said.calls.length > 1 ? said.calls : [call, call];
      return { text: '', calls: calls.map((one) => ({ ...one, id: 'call_same' })) };
    }
    case 'obey':
      return fault.script ?? obey(request) ?? answer;
    default:
      return said;
  }
};

const NO_SUCH_TOOL = 'no_such_tool';
const MANY = 50;

/** `refund({"amount": 900})` or `refund {"amount": 900}`, wherever it stands. */
const ORDER = /\b([a-z][a-z0-9_]{2,63})\s*\(?\s*(\{[^{}]*\})\s*\)?/gi;

/**
 * Does what it is told by the last text that tells it something: a customer, an article, a note in a tool's result. Escaped
 * quotes are taken for quotes, since notes come as JSON in JSON.
 */
const obey = ({ messages }: ChatRequest): Outgoing | undefined => {
  for (const { content } of messages.toReversed()) {
    const [, name, args] = [...content.replaceAll('\\"', '"').matchAll(ORDER)].at(-1) ?? [];
    if (name !== undefined && args !== undefined) return { text: '', calls: [{ name, arguments: args }] };
  }
  return undefined;
};
