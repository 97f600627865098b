import type { ConversationEntry, Floor, Me } from '../../contracts/console.ts';
import type { HandoffContext } from '../../contracts/handoff-context.ts';

// A day at the desks of a shop, for the console's screens. Times are relative to now.

const minute = 60_000;
export const ago = (minutes: number): string => new Date(Date.now() - minutes * minute).toISOString();
export const ahead = (minutes: number): string => ago(-minutes);
export const idOf = (name: string): string => `cnv_${name.padEnd(43, '0')}`;
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
  reason: 'sentiment',
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
  reason: 'sentiment',
  language: 'en',
  summary:
    'Ada returned a tent (order 10482) two weeks ago. The parcel arrived on Monday. The refund of €349 was promised within three days and has not come. She has written twice before.',
  intent: { name: 'refund', title: 'Refund' },
  sentiment: -0.7,
  urgent: true,
  facts: [
    { name: 'order number', value: '10482' },
    { name: 'product', value: 'Jotun 3 tent, green' },
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
          reason: 'asked',
          since: ago(3),
          dueAt: ahead(1.5),
        },
        {
          id: idOf('ada'),
          place: 'held',
          position: 0,
          priority: 2,
          agent: 'mia',
          reason: 'sentiment',
          since: ago(6),
          dueAt: ahead(3.5),
        },
        {
          id: idOf('grace'),
          place: 'held',
          position: 0,
          priority: 0,
          agent: 'mia',
          reason: 'asked',
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
