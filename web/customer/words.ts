import type { ErrorCode } from '../../contracts/frames.ts';
import type { ClientState } from '../client.ts';

/** Everything the page says by itself. */
export const words = {
  connecting: 'Connecting…',
  greeting: ({ company, assistant }: { company: string; assistant: string }): string =>
    `Hello! I’m ${assistant}, the virtual assistant of ${company}. How can I help you?`,
  speaker: ({ desk, view, connection }: ClientState): string => {
    if (connection.status === 'refused') return 'Not connected';
    if (view.owner === 'agent') return 'You are talking to a person';
    if (view.owner === 'waiting') return 'Waiting for a person';
    return desk ? `${desk.assistant} · virtual assistant` : words.connecting;
  },
  signedInAs: (name: string): string => `Signed in as ${name}`,
  you: 'You',
  sources: 'Sources',
  sending: 'Sending…',
  sent: 'Sent',
  notSent: (reason: ErrorCode | undefined): string => {
    if (reason === 'not_found') return 'Not sent: the conversation had ended.';
    if (reason === 'invalid') return 'Not sent: this text cannot be accepted.';
    return 'Not sent.';
  },
  tryAgain: 'Try again',
  remove: 'Remove',
  stop: 'Stop',
  stopped: 'Stopped',
  isTyping: (name: string): string => `${name} is typing`,
  confirm: 'Confirm',
  cancel: 'Cancel',
  action: {
    proposed: 'Nothing has happened yet. Please confirm or cancel.',
    confirming: 'Confirming…',
    cancelling: 'Cancelling…',
    confirmed: 'Confirmed. Working on it…',
    awaiting_approval: 'Confirmed. Waiting for approval by our team.',
    intended: 'Working on it…',
    done: 'Done.',
    failed: 'Not done.',
    unknown: 'Our team is checking whether this went through.',
    cancelled: 'Cancelled. Nothing was changed.',
    denied: 'Not approved. Nothing was changed.',
    expired: 'Expired. Nothing was changed.',
    undone: 'Taken back.',
  },
  newMessages: 'New messages',
  offline: 'You are offline. What you write is sent as soon as you are back.',
  reconnecting: 'Connection lost. Reconnecting…',
  reconnected: 'Connected again.',
  conversationGone: 'That conversation has ended, so this is a new one.',
  signInExpired: 'Your sign-in has expired. Sign in again on our website, or continue as a guest.',
  continueAsGuest: 'Continue as a guest',
  outOfDate: 'This page does not get through to us any more. Please load it again.',
  reload: 'Load again',
  closed: 'This conversation has ended.',
  startNew: 'Start a new one',
  charactersLeft: (count: number): string => `${count} ${count === 1 ? 'character' : 'characters'} left`,
};
