import { actionIdOf } from '../contracts/action-ids.ts';
import type { ActionId } from '../contracts/actions.ts';
import { verifiedCustomer } from '../contracts/ids.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { ToolCatalogue } from '../integrations/tool-catalogue.ts';
import { type ToolResult, ToolUnavailable } from '../integrations/tools.ts';
import type { Conversations } from '../store/conversations.ts';
import type { Effect } from '../store/effect.ts';
import type { Effects } from '../store/effects.ts';
import type { Settlings } from '../store/settlings.ts';
import { ask, DOES_NOT_KNOW, errorOf, isRepeatable } from './effect-inquiry.ts';
import type { Errand } from './errands.ts';
import type { Caller, Gate } from './gate.ts';
import type { TicketDesk } from './ticket-desk.ts';

export type SettlingDeps = {
  playbook: Playbook;
  tools: Pick<ToolCatalogue, 'call'>;
  gate: Pick<Gate, 'ready' | 'lookup'>;
  effects: Effects;
  settlings: Settlings;
  conversations: Pick<Conversations, 'get'>;
  ticketDesk: TicketDesk;
  /** Tells a conversation what became of its effect, also one that has ended. Rejects with `RemoteUnavailable`. */
  tellSettled: (
    conversation: { conversationId: string; owner: string; channel: string },
    id: ActionId,
  ) => Promise<void>;
  stopping: AbortSignal;
};

/** Then people are asked: the pauses in between (`store/settlings.ts`) make it half an hour. */
const MOST_LOOKS = 7;

/**
 * So long after the last call the same call under the same key may still be sent to learn its result. Providers remember keys for
 * hours (Zendesk: two), and who has forgotten one would do it again.
 */
const KEY_LIVES_MS = 3_600_000;

/** `open`: nobody could say. `never`: there is no way to ask. */
type Found = { state: 'done' | 'failed'; result: string } | 'open' | 'never';

const NOT_DONE = errorOf('not_done', 'It was looked up again: this was not done.');

/**
 * Comes back to one effect of which nobody knew what became of it: asks its provider once, under its key or by its lookup, never
 * blindly. What is found ends it, and its customer is told; what cannot be found out becomes a ticket for people. Rejects with
 * `StoreUnavailable`, `RemoteUnavailable` or `RemoteRefused`; it is then due again later.
 *
 * @returns whether there was one
 */
export const createSettler = (deps: SettlingDeps): Errand => {
  const { playbook, effects, settlings, conversations, tellSettled } = deps;
  const byName = new Map(playbook.tools.map((tool) => [tool.name, tool]));
  const inquire = createInquiry(deps, byName);

  const tell = async (effect: Effect): Promise<void> => {
    const conversation = effect.toldTurn === null ? await conversations.get(effect.conversationId) : null;
    if (conversation) await tellSettled({ conversationId: effect.conversationId, ...conversation }, actionIdOf(effect));
    await settlings.close(effect);
  };

  const escalate = async (effect: Effect): Promise<void> => {
    const { conversationId, turn, call, subject: owner } = effect;
    const { id } = await deps.ticketDesk.open(
      { conversationId, owner },
      {
        key: `${conversationId}/effect.${turn}.${call}`,
        subject: `Was this done? ${effect.tool}`,
        text: ticketText(effect),
      },
    );
    await settlings.escalated(effect, id);
  };

  return async () => {
    const effect = await settlings.take();
    if (!effect) return false;
    // Abandoned by whoever had it. That it is unknown is written down first, so that its end is told.
    if (effect.state === 'intended') await effects.finish(effect, { state: 'unknown', result: '' });
    else if (effect.state !== 'unknown') await tell(effect);
    else {
      const found = await inquire(effect);
      if (found === 'never' || (found === 'open' && effect.looks >= MOST_LOOKS)) await escalate(effect);
      else if (found !== 'open') {
        const within = byName.get(effect.tool)?.undo?.within;
        await tell(await effects.finish(effect, { ...found, ...(within !== undefined && { undoWithin: within }) }));
      }
    }
    return true;
  };
};

const createInquiry = ({ tools, gate, stopping }: SettlingDeps, byName: Map<string, Playbook['tools'][number]>) => {
  const lookUp = async (caller: Caller, effect: Effect): Promise<Found> => {
    const built = await gate.lookup(caller, effect);
    if (!built?.ok) return built?.reason === 'unavailable' ? 'open' : 'never';
    const found = await ask(tools.call(built.tool, built.args, stopping));
    if (found === 'unavailable') return 'open';
    if (found) return { state: 'done', result: found.content };
    const left = (effect.attemptedAt?.getTime() ?? 0) + (byName.get(effect.tool)?.timeout ?? 0) - Date.now();
    return left > 0 ? 'open' : { state: 'failed', result: NOT_DONE };
  };

  const repeat = async (caller: Caller, effect: Effect): Promise<Found> => {
    const built = await gate.ready(caller, effect);
    if (!built.ok) return built.reason === 'unavailable' ? 'open' : 'never';
    const result = await answered(tools.call(built.tool, built.args, stopping));
    if (!result || (!result.ok && DOES_NOT_KNOW.test(result.content))) return 'open';
    return { state: result.ok ? 'done' : 'failed', result: result.content };
  };

  return async (effect: Effect): Promise<Found> => {
    if (effect.attemptedAt === null) return { state: 'failed', result: NOT_DONE };
    const tool = byName.get(effect.tool);
    const { conversationId, subject: owner, turn } = effect;
    const caller = { conversationId, owner, turn, term: 0 };
    try {
      if (tool?.lookup !== undefined) return await lookUp(caller, effect);
      const isRemembered = Date.now() - effect.attemptedAt.getTime() < KEY_LIVES_MS;
      return isRepeatable(tool) && isRemembered ? await repeat(caller, effect) : 'never';
    } catch (error) {
      if (stopping.aborted) return 'open';
      throw error;
    }
  };
};

const answered = async (call: Promise<ToolResult>): Promise<ToolResult | null> => {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ToolUnavailable) return null;
    throw error;
  }
};

const ticketText = (effect: Effect): string =>
  [
    'The assistant had this done, and the other system did not say whether it was. It does not try again.',
    'Please find out, see that it is right, and tell the customer, who knows only that it is not known.',
    '',
    `Customer: ${verifiedCustomer(effect.subject) ?? 'not signed in'}`,
    `Conversation: ${effect.conversationId}`,
    `What: ${effect.tool} ${JSON.stringify(effect.arguments)}`,
    `Called at: ${effect.attemptedAt?.toISOString() ?? 'never'}`,
    `Its key there: ${effect.key}`,
  ].join('\n');
