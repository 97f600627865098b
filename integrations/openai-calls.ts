import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { toStorable } from '../contracts/text.ts';
import type { ToolCall } from './model.ts';
import { isObject } from './openai-request.ts';

type Fragment = Partial<ChatCompletionChunk.Choice.Delta.ToolCall>;
type Open = { id: string; name: string; arguments: string };

/** Names that servers accept in a prompt; another one in the history would have every later request refused. */
const toName = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64) || 'unnamed';

/**
 * Puts tool calls together from the fragments of a stream, which may be interleaved by `index`. Servers differ: Ollama
 * left `index` out until 0.4.7 and sends 0 for every call since, gateways to Gemini send 0 and no id, some servers repeat
 * the name in every fragment. So an index that comes back with another id, or with a name after complete arguments, opens
 * another call, and the first name counts.
 */
export const createCallAssembler = () => {
  const calls: Open[] = [];
  const byIndex = new Map<number, Open>();
  let latest: Open | undefined;

  const open = ({ index, id = '', function: fn }: Fragment): Open => {
    const known = index === undefined ? latest : byIndex.get(index);
    const sameId = known && (id === '' || known.id === '' || known.id === id);
    if (sameId && !(fn?.name && fn.arguments && isObject(known.arguments))) return known;
    const call = { id, name: '', arguments: '' };
    calls.push(call);
    if (index !== undefined) byIndex.set(index, call);
    return call;
  };

  return {
    add(fragment: Fragment): void {
      const call = open(fragment);
      call.id ||= fragment.id ?? '';
      call.name ||= fragment.function?.name ?? '';
      call.arguments += fragment.function?.arguments ?? '';
      latest = call;
    },

    /**
     * Every call in the order in which they began, with ids that are unique in this answer: results are matched to calls
     * by id. A call that came twice with the same id, name and arguments is one call said twice.
     */
    complete(): ToolCall[] {
      const complete = new Map<string, ToolCall>();
      for (const [at, open] of calls.entries()) {
        const name = toName(open.name);
        const args = toStorable(open.arguments);
        const wanted = toStorable(open.id) || `call_${at}`;
        const same = complete.get(wanted);
        if (same && same.name === name && same.arguments === args) continue;
        let id = wanted;
        for (let copy = 2; complete.has(id); copy += 1) id = `${wanted}_${copy}`;
        complete.set(id, { id, name, arguments: args });
      }
      return [...complete.values()];
    },
  };
};
