import type { FastifyBaseLogger } from 'fastify';
import type { AgentAccount } from '../../contracts/agents.ts';
import type { ConsoleNews, ConsoleServerFrame, ConsoleWelcome } from '../../contracts/console-frames.ts';
import { noDesk } from '../../contracts/names.ts';
import type { Offer } from '../../store/offers.ts';
import type { Link } from '../link.ts';
import type { ConsoleParts } from './parts.ts';

/** A burst of changes is told once. Milliseconds: no eye sees that, and a busy floor changes many times a second. */
const TOGETHER_MS = 150;
/** Between attempts to hear again, milliseconds. */
const AGAIN_MS = 1_000;

export type NewsroomDeps = Pick<ConsoleParts, 'channels' | 'offers'> & {
  /** All desks of the playbook. */
  desks: readonly string[];
  log: FastifyBaseLogger;
};

type Changed = Extract<ConsoleNews, { type: 'changed' }>;

/**
 * What a console hears without asking: of its agent, and of the desks that they look at. Where something may have been missed,
 * the offers are read again, and the console is told to look at everything again.
 */
export const createNewsroom = (
  { channels, offers, desks, log }: NewsroomDeps,
  link: Link<ConsoleServerFrame>,
  watches: (conversation: string) => boolean,
) => {
  let agent: AgentAccount | undefined;
  let isOpen = false;
  let isClosed = false;
  let leave: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;
  const changes = new Map<string, Changed>();

  const change = (changed: Changed): void => {
    changes.set(`${changed.what} ${changed.conversation ?? ''}`, changed);
    timer ??= setTimeout(() => {
      timer = undefined;
      for (const each of changes.values()) link.send(each);
      changes.clear();
    }, TOGETHER_MS);
  };

  const seesFloor = (): boolean => agent !== undefined && agent.role !== 'agent';

  const onNews = (news: ConsoleNews): void => {
    if (!isOpen) return;
    if (news.type !== 'changed') link.send(news);
    else if (news.what === 'lists') {
      change({ type: 'changed', what: 'lists' });
      if (seesFloor()) change({ type: 'changed', what: 'floor' });
    } else if (news.what === 'view') {
      if (news.conversation !== undefined && watches(news.conversation)) change(news);
    } else if (news.what === 'me' || seesFloor()) change(news);
  };

  const onGap = (): void => {
    if (!isOpen || !agent) return;
    change({ type: 'changed', what: 'me' });
    onNews({ type: 'changed', what: 'lists' });
    openOffers(agent.id).then(
      (open) => {
        for (const offer of open) link.send({ type: 'offer.opened', ...offer });
      },
      (error: unknown) => log.debug({ reason: String(error) }, 'offers could not be read'),
    );
  };

  const openOffers = async (id: string): Promise<ConsoleWelcome['offers']> => (await offers.openFor(id)).map(toOffer);

  /** Redis may be away when a console opens: it works, and hears of things as soon as that is back. */
  const listen = async (to: { agent: string; desks: readonly string[] }, isFirst: boolean): Promise<void> => {
    try {
      const stop = await channels.listen(to, { onNews, onGap });
      if (isClosed) stop();
      else leave = stop;
      if (!isFirst) onGap();
    } catch (error) {
      log.debug({ reason: String(error) }, 'a console hears nothing, trying again');
      setTimeout(() => {
        if (!isClosed) void listen(to, false);
      }, AGAIN_MS).unref();
    }
  };

  return {
    /** Begins to hear, then reads the offers that ring: none is missed in between. Rejects with `StoreUnavailable`. */
    async open(account: AgentAccount): Promise<ConsoleWelcome['offers']> {
      agent = account;
      const seen = account.role === 'agent' ? account.desks : [...desks, noDesk];
      await listen({ agent: account.id, desks: seen }, true);
      const open = await openOffers(account.id);
      isOpen = true;
      return open;
    },

    close(): void {
      isClosed = true;
      isOpen = false;
      clearTimeout(timer);
      leave?.();
    },
  };
};

const toOffer = ({ desk, offer, conversationId, reason, until }: Offer): ConsoleWelcome['offers'][number] => ({
  ...{ desk, offer, conversationId, reason, until },
});
