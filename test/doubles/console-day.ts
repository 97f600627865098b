import type { ConversationEntry, ConversationView } from '../../contracts/console.ts';
import { ago, ahead, sampleContext, sampleEntry } from './console-samples.ts';

const hash = 'a'.repeat(64);

type View = Omit<ConversationView, 'position'>;

export const sampleView = (entry: ConversationEntry, change: Partial<View> = {}): View => ({
  entry,
  handoff: { desk: entry.desk ?? 'returns', term: 1, at: ago(6), context: sampleContext() },
  messages: [
    {
      id: 'c:customer-1',
      author: 'customer',
      turn: 1,
      text: 'Hi, I sent my tent back two weeks ago. Order 10482. When do I get my money?',
      at: ago(12),
    },
    {
      id: 'a:1',
      author: 'assistant',
      turn: 1,
      text: 'I have found your order **10482**:\n\n- Jotun 3 tent, green, €349\n- arrived at our warehouse on Monday\n\nRefunds take up to three working days after that.',
      at: ago(11),
      end: 'final',
      sources: [{ title: 'Returns and refunds', url: 'https://shop.example/help/returns' }, { title: 'Payment' }],
    },
    {
      id: 'c:customer-2',
      author: 'customer',
      turn: 2,
      text: 'That was LAST week. This is the third time that I ask. Where is my money?',
      at: ago(7),
    },
    {
      id: 'a:2',
      author: 'assistant',
      turn: 2,
      text: 'I am sorry, that should not happen. I pass you on to a colleague who can look into the payment itself.',
      at: ago(6.5),
      end: 'escalated',
    },
    {
      id: 'g:agent-0001',
      author: 'agent',
      by: 'Mia Halvorsen',
      turn: 3,
      text: 'Hello Ada, this is Mia. I have read everything, and I am looking at the payment right now.',
      at: ago(4),
    },
    { id: 'c:customer-3', author: 'customer', turn: 4, text: 'Thank you. Finally somebody who reads.', at: ago(2) },
  ],
  actions: [],
  approvals: [],
  notes: [
    {
      id: 'note-0001',
      by: { id: 'jon', name: 'Jon Berg' },
      text: 'Payments says the transfer bounced: her IBAN in the CRM is the old one. Ask for the new one.',
      at: ago(3),
    },
  ],
  sla: [
    { clock: 'nextReply', dueAt: ahead(3.5), state: 'running' },
    { clock: 'resolution', dueAt: ahead(220), state: 'running' },
  ],
  tickets: [{ system: 'Jira', id: 'PAY-311', status: 'in progress', url: 'https://jira.example/browse/PAY-311' }],
  rating: null,
  outcome: null,
  ...change,
});

const approvalAction = {
  id: '2.1',
  turn: 2,
  title: 'Refund an order',
  arguments: [
    { label: 'Order number', value: '10311' },
    { label: 'Amount', value: '740' },
    { label: 'To', value: 'Card ending in 4242' },
  ],
  argumentsHash: hash,
  state: 'awaiting_approval' as const,
  expiresAt: ahead(50),
};

/** Everything that the lists hold, with their order in them. */
export const sampleDay = () => {
  const mine = sampleEntry('ada');
  const second = sampleEntry('grace', {
    customer: 'Grace Okonkwo-Winterbottom of the Northern Mountain Rescue Association',
    intent: 'Delivery',
    reason: 'asked',
    language: 'de',
    dueAt: ago(4),
    since: ago(31),
    last: { author: 'customer', text: 'Wo ist mein Paket? Der Kurier war angeblich schon da.', at: ago(9) },
  });
  const waiting = sampleEntry('linus', {
    customer: null,
    owner: 'waiting',
    agent: null,
    term: 1,
    reason: 'asked',
    intent: null,
    since: ago(3),
    dueAt: ahead(1.5),
    last: { author: 'customer', text: 'I want to talk to a person please', at: ago(3) },
  });
  const toApprove = sampleEntry('barbara', {
    customer: 'Barbara Mustermann',
    owner: 'assistant',
    agent: null,
    reason: 'value',
    intent: 'Refund',
    language: 'de',
    since: ago(14),
    dueAt: null,
    awaitsApproval: true,
    last: { author: 'assistant', text: 'I have asked for the refund of €740 to be approved.', at: ago(10) },
  });
  const recent = sampleEntry('earlier1', {
    owner: 'assistant',
    agent: null,
    status: 'resolved',
    since: null,
    dueAt: null,
    updatedAt: ago(60 * 24 * 5),
    last: { author: 'agent', text: 'You are welcome. Have a good trip!', at: ago(60 * 24 * 5) },
  });
  const forBarbara = sampleContext({
    reason: 'value',
    language: 'de',
    summary: null,
    sentiment: 0.1,
    urgent: false,
    facts: [{ name: 'order number', value: '10311' }],
    customer: {
      ...{ id: 'cus_barbara', name: 'Barbara Mustermann', email: 'barbara@example.org', language: 'de', tier: null },
      facts: { customerSince: '2024-01-15', orders: 2 },
    },
    earlierConversations: [],
    tickets: [],
  });
  return {
    conversations: [
      sampleView(mine),
      sampleView(second, { notes: [] }),
      sampleView(waiting, {
        handoff: {
          desk: 'returns',
          term: 1,
          at: ago(3),
          context: sampleContext({
            reason: 'asked',
            summary: null,
            intent: null,
            sentiment: 0,
            urgent: false,
            facts: [],
            toolCalls: [],
            customer: null,
            tried: [],
            earlierConversations: [],
            tickets: [],
          }),
        },
        messages: [
          { id: 'c:visitor-1', author: 'customer', turn: 1, text: 'I want to talk to a person please', at: ago(3) },
        ],
        notes: [],
        sla: [{ clock: 'firstReply', dueAt: ahead(1.5), state: 'warning' }],
        tickets: [],
      }),
      sampleView(toApprove, {
        handoff: { desk: 'returns', term: 1, at: ago(9), context: forBarbara },
        messages: [
          {
            ...{ id: 'c:barbara-1', author: 'customer', turn: 1, at: ago(14) },
            text: 'Das Kajak aus Bestellung 10311 ist undicht. Ich möchte mein Geld zurück.',
          },
          {
            ...{ id: 'a:1', author: 'assistant', turn: 1, at: ago(13), end: 'final' },
            text: 'Das tut mir leid. Die Rückgabe ist möglich: 740 € auf Ihre Karte. Soll ich das veranlassen?',
          },
          { ...{ id: 'c:barbara-2', author: 'customer', turn: 2, at: ago(11) }, text: 'Ja bitte!' },
          {
            ...{ id: 'a:2', author: 'assistant', turn: 2, at: ago(10), end: 'final' },
            text: 'Ich habe die Erstattung angefragt. Ein Kollege muss noch zustimmen.',
          },
        ],
        tickets: [],
        actions: [approvalAction],
        approvals: [
          {
            ...approvalAction,
            rawArguments: '{"orderNumber":"10311","amount":740,"to":"Card ending in 4242"}',
            approvers: 2,
            approvedBy: [],
          },
        ],
        notes: [],
        sla: [],
      }),
      sampleView(recent, {
        outcome: { outcome: 'agent', reason: 'Explained the refund; Payments had it sent.' },
        rating: { score: 5, comment: 'Quick and kind!', at: ago(60 * 24 * 5) },
        sla: [],
        notes: [],
      }),
    ],
    lists: {
      mine: [mine.id, second.id],
      waiting: [waiting.id],
      approvals: [toApprove.id],
      recent: [recent.id],
    },
  };
};
