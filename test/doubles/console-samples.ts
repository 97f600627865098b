import type { ConversationEntry, ConversationView, Floor, Me } from '../../contracts/console.ts';
import type { HandoffContext } from '../../contracts/handoff-context.ts';

// A day at the desks of a shop, for the console's screens. Times are relative to now.

const minute = 60_000;
export const ago = (minutes: number): string => new Date(Date.now() - minutes * minute).toISOString();
const ahead = (minutes: number): string => ago(-minutes);
export const idOf = (name: string): string => `cnv_${name.padEnd(43, '0')}`;
const hash = 'a'.repeat(64);

export const sampleMe = (change: Partial<Me> = {}): Me => ({
  id: 'mia',
  name: 'Mia Halvorsen',
  skills: ['returns'],
  languages: ['en', 'de'],
  capacity: 4,
  role: 'supervisor',
  desks: ['returns', 'orders'],
  status: 'online',
  company: 'Fjell & Fjord',
  assistant: 'Juno',
  allDesks: [
    { name: 'returns', title: 'Returns & refunds' },
    { name: 'orders', title: 'Orders & delivery' },
    { name: 'technical', title: 'Product advice' },
  ],
  cannedReplies: [
    {
      name: 'hello',
      title: 'Greeting',
      text: 'Hello {{customer.name}}, this is {{agent.name}} of {{company.name}}. I have read what you wrote, one moment please.',
    },
    {
      name: 'refund',
      title: 'Refund is on its way',
      text: 'Your refund is on its way, {{customer.name}}. It takes three working days.',
    },
    { name: 'goodbye', title: 'Goodbye', text: 'All the best from {{company.name}}!\n{{agent.name}}' },
  ],
  ...change,
});

export const sampleEntry = (name: string, change: Partial<ConversationEntry> = {}): ConversationEntry => ({
  id: idOf(name),
  customer: 'Ada Lindqvist',
  channel: 'web',
  status: 'open',
  owner: 'agent',
  term: 2,
  agent: { id: 'mia', name: 'Mia Halvorsen' },
  desk: 'returns',
  reason: 'sentimentBelow',
  language: 'en',
  intent: 'Refund',
  since: ago(6),
  dueAt: ahead(3.5),
  last: { author: 'customer', text: 'This is the third time that I ask. Where is my money?', at: ago(2) },
  awaitsApproval: false,
  updatedAt: ago(2),
  ...change,
});

export const sampleContext = (change: Partial<HandoffContext> = {}): HandoffContext => ({
  reason: 'sentimentBelow',
  language: 'en',
  summary:
    'Ada returned a tent (order 10482) two weeks ago. The parcel arrived on Monday. The refund of €349 was promised within three days and has not come. She has written twice before.',
  intent: { name: 'refund', title: 'Refund' },
  sentiment: -0.7,
  urgent: true,
  facts: [
    { name: 'order', title: 'Order number', value: '10482' },
    { name: 'product', title: 'Product', value: 'Jotun 3 tent, green' },
  ],
  tried: [
    { turn: 1, end: 'final', sources: [{ title: 'Returns and refunds', url: 'https://shop.example/help/returns' }] },
    { turn: 2, end: 'escalated', sources: [] },
  ],
  toolCalls: [
    {
      turn: 1,
      call: 1,
      name: 'find_order',
      arguments: '{"orderNumber":"10482"}',
      result: '{"orderNumber":"10482","state":"returned","total":349,"currency":"EUR","receivedAt":"2026-11-16"}',
      ok: true,
    },
    {
      turn: 1,
      call: 2,
      name: 'refund_state',
      arguments: '{"orderNumber":"10482"}',
      result: 'time-out after 5 s',
      ok: false,
    },
  ],
  customer: {
    id: 'cus_ada',
    name: 'Ada Lindqvist',
    email: 'ada.lindqvist@example.org',
    language: 'en',
    tier: 'Gold',
    facts: { customerSince: '2019-04-02', orders: 23, phone: '+47 555 01 20' },
  },
  earlierConversations: [
    {
      id: idOf('earlier1'),
      status: 'resolved',
      at: ago(60 * 24 * 5),
      firstMessage: 'When do I get my money back for the tent?',
    },
    {
      id: idOf('earlier2'),
      status: 'closed',
      at: ago(60 * 24 * 40),
      firstMessage: 'Do you have the Jotun 3 in green?',
    },
  ],
  tickets: [{ system: 'Zendesk', id: '8812', status: 'open', at: ago(60 * 24 * 4) }],
  ...change,
});

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
    reason: 'askedForPerson',
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
    reason: 'askedForPerson',
    intent: null,
    since: ago(3),
    dueAt: ahead(1.5),
    last: { author: 'customer', text: 'I want to talk to a person please', at: ago(3) },
  });
  const toApprove = sampleEntry('barbara', {
    customer: 'Barbara Mustermann',
    owner: 'assistant',
    agent: null,
    reason: 'valueAbove',
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
            reason: 'askedForPerson',
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

export const sampleFloor = (): Floor => ({
  desks: [
    {
      name: 'returns',
      title: 'Returns & refunds',
      switch: 'hours',
      open: true,
      waitedP50Ms: 74_000,
      agents: [
        { id: 'mia', name: 'Mia Halvorsen', status: 'online', load: 2, capacity: 4, ringing: null },
        { id: 'jon', name: 'Jon Berg', status: 'wrapUp', load: 1, capacity: 3, ringing: null },
        { id: 'ola', name: 'Ola Nordmann', status: 'away', load: 0, capacity: 3, ringing: null },
      ],
      entries: [
        {
          id: idOf('linus'),
          place: 'waiting',
          position: 1,
          priority: 0,
          agent: null,
          reason: 'askedForPerson',
          since: ago(3),
          dueAt: ahead(1.5),
        },
        {
          id: idOf('ada'),
          place: 'held',
          position: 0,
          priority: 2,
          agent: 'mia',
          reason: 'sentimentBelow',
          since: ago(6),
          dueAt: ahead(3.5),
        },
        {
          id: idOf('grace'),
          place: 'held',
          position: 0,
          priority: 0,
          agent: 'mia',
          reason: 'askedForPerson',
          since: ago(31),
          dueAt: ago(4),
        },
      ],
    },
    {
      name: 'orders',
      title: 'Orders & delivery',
      switch: 'open',
      open: true,
      waitedP50Ms: null,
      agents: [{ id: 'kari', name: 'Kari Sæther', status: 'busy', load: 3, capacity: 3, ringing: null }],
      entries: [],
    },
    {
      name: 'technical',
      title: 'Product advice',
      switch: 'closed',
      open: false,
      waitedP50Ms: null,
      agents: [],
      entries: [],
    },
  ],
});
