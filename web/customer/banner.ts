import { CLOSE } from '../../contracts/close-codes.ts';
import type { ClientState } from '../client.ts';
import { element } from './element.ts';
import { words } from './words.ts';

export type BannerDeps = {
  banner: HTMLElement;
  isOnline(): boolean;
  continueAsGuest(): void;
  reload(): void;
  startNew(): void;
  announce(text: string): void;
};

type Notice = { text: string; action?: { label: string; run(): void } } | null;

/** A link that is back within this many milliseconds is not worth a word. */
const PATIENCE_MS = 1_500;

/** Says what stands between the customer and the desk. */
export const createBanner = ({ banner, isOnline, continueAsGuest, reload, startNew, announce }: BannerDeps) => {
  let shown: string | null = null;
  let wasLost = false;
  let latest: ClientState | undefined;
  let pending: ReturnType<typeof setTimeout> | undefined;

  const noticeOf = ({ connection, conversationGone, desk, view }: ClientState): Notice => {
    if (connection.status === 'refused') {
      return connection.code === CLOSE.unauthorized
        ? { text: words.signInExpired, action: { label: words.continueAsGuest, run: continueAsGuest } }
        : { text: words.outOfDate, action: { label: words.reload, run: reload } };
    }
    if (connection.status !== 'online') {
      if (!isOnline()) return { text: words.offline };
      return { text: desk ? words.reconnecting : words.connecting };
    }
    if (view.closed) return { text: words.closed, action: { label: words.startNew, run: startNew } };
    return conversationGone ? { text: words.conversationGone } : null;
  };

  const show = (notice: Notice): void => {
    if ((notice?.text ?? null) === shown) return;
    const isLost = notice?.text === words.offline || notice?.text === words.reconnecting;
    if (notice && !(wasLost && isLost)) announce(notice.text);
    if (wasLost && !notice) announce(words.reconnected);
    wasLost = isLost;
    shown = notice?.text ?? null;
    banner.hidden = notice === null;
    banner.replaceChildren(notice?.text ?? '');
    if (notice?.action) {
      banner.append(element('button', { type: 'button', click: notice.action.run }, notice.action.label));
    }
  };

  return (state: ClientState): void => {
    latest = state;
    const { status } = state.connection;
    const mayPass = (status === 'connecting' || status === 'waiting') && !wasLost && isOnline();
    if (!mayPass) {
      clearTimeout(pending);
      pending = undefined;
      show(noticeOf(state));
    } else pending ??= setTimeout(() => show(noticeOf(latest ?? state)), PATIENCE_MS);
  };
};
