import { isCancellation, log, rootCause, sleep } from '@temporalio/workflow';
import type { ConversationState } from './conversation-state.ts';
import { showDue } from './operator-view.ts';
import { bookkeeping } from './proxies.ts';

/**
 * The timer of a conversation's SLA clocks. It is armed for what is due first, and again when it has fired or something is due
 * earlier; what was due and is not any more lets it fire in vain, once, which is cheaper than to re-arm it with every message.
 */
export const watchSla = (state: ConversationState) => {
  let armed: number | null = null;
  const arm = async (at: number) => {
    armed = at;
    await sleep(Math.max(at - Date.now(), 1));
    if (armed === at) armed = null;
  };
  return {
    watch: (): void => {
      const next = state.sla.clocks?.nextAt ?? null;
      if (next !== null && (armed === null || next < armed)) void arm(next);
    },
    isDue: (): boolean => {
      const next = state.sla.clocks?.nextAt ?? null;
      return next !== null && next <= Date.now();
    },
  };
};

/** For lists and operators. Behind by one change where Postgres is away just now. */
export const showSla = async (state: ConversationState): Promise<void> => {
  const standing = state.sla.unshown();
  if (!standing) return;
  showDue(standing);
  try {
    await bookkeeping.slaStands(state.start.conversationId, standing);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('how the SLA clocks stand could not be written down', { cause: rootCause(error) });
  }
};

/** Tells who is concerned. Nobody waits for this: what cannot be told within its time is left. */
export const tellSla = async (state: ConversationState): Promise<void> => {
  const reached = state.sla.clocks?.take(Date.now()) ?? [];
  const { conversationId, language } = state.start;
  const { term, owner, agent, desk } = state.ownership;
  const concerned = { conversationId, term, owner, agent, desk, ...(language ? { language } : {}) };
  try {
    await bookkeeping.slaReached(concerned, reached);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('an SLA event could not be told', { term, cause: rootCause(error) });
  }
};
