import { type LoadedPlaybook, type Playbook, playbook } from '../contracts/playbook.ts';

const sentences = {
  greeting: 'Hello.',
  slow: 'This takes longer than usual.',
  unavailable: 'I cannot reach what I need right now.',
  failed: 'Something went wrong on our side.',
  budgetUsed: 'There is nothing left for today.',
  signIn: 'Please sign in.',
  handoff: 'A person will take over.',
  closedForNow: 'We are closed.',
  nobodyCame: 'Nobody is free.',
  ticketOpened: 'We write to you.',
  idleWarning: 'Are you still there?',
  idleClosed: 'I close this conversation.',
  actionDone: 'That is done.',
  actionFailed: 'That was not done.',
  actionUnknown: 'Nobody knows whether that was done.',
  actionWaits: 'A person has to approve that.',
};

/** The smallest company that the schema allows, as it is written down. */
export const smallestPlaybook = {
  version: 1,
  company: { name: 'Test', url: 'https://test.example', timezone: 'UTC' },
  assistant: { name: 'Tess', persona: 'Brief.', languages: ['en'], defaultLanguage: 'en' },
  desks: [{ name: 'all', title: 'All', languages: ['en'] }],
  hours: { week: { monday: ['09:00-17:00'] } },
  sla: { firstReply: '2m', nextReply: '5m', resolution: '4h' },
  handoff: { desk: 'all' },
  budgets: { promptTokens: 3_000, replyTokens: 500, toolCallsPerTurn: 4 },
  sentences: { en: sentences },
  idle: { warnAfter: '10m', closeAfter: '1h' },
};

/** It as it is read, with what a test changes. */
export const testPlaybook = (
  change: Partial<Playbook> = {},
  articles: LoadedPlaybook['articles'] = [],
): LoadedPlaybook => ({
  version: 'test-playbook-01',
  settings: 'test-settings-01',
  articles,
  playbook: { ...playbook.parse(smallestPlaybook), ...change },
});
