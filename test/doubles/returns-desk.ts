import type { Article, Playbook } from '../../contracts/playbook.ts';

/** A company that knows one thing, and two that its customers want: one that all may hear the same of, one that is personal. */
export const RETURNS = 'Unused items can be sent back within thirty days of delivery, free of charge.';
export const article: Article = {
  slug: 'returns',
  title: 'Returns',
  url: 'https://test.example/returns',
  language: 'en',
  tags: [],
  questions: ['How do I return a jacket?'],
  body: RETURNS,
};
export const intents: Playbook['intents'] = [
  {
    name: 'returns',
    title: 'Return something',
    personal: false,
    examples: ['How do I return a jacket?', 'return boots', 'can I return it', 'return policy', 'sending back boots'],
  },
  {
    name: 'refund_status',
    title: 'Where is my refund',
    personal: true,
    examples: ['Where is the refund?', 'refund money', 'when is the refund paid', 'refund missing', 'refund status'],
  },
];
