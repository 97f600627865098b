import { describe, expect, test } from '@jest/globals';
import { filledIn, matching, slashQuery, type Variables } from '../../../web/console/canned-replies.ts';

const variables: Variables = { 'customer.name': 'Ada', 'agent.name': 'Mia', 'company.name': 'Fjell & Fjord' };

describe('a canned reply', () => {
  test('has its variables filled in, as they are', () => {
    const text = 'Hello {{customer.name}}, this is {{ agent.name }} of {{company.name}}.';
    expect(filledIn(text, variables)).toBe('Hello Ada, this is Mia of Fjell & Fjord.');
    expect(filledIn(text, { ...variables, 'customer.name': '{{agent.name}} $& <b>' })).toBe(
      'Hello {{agent.name}} $& <b>, this is Mia of Fjell & Fjord.',
    );
  });

  test('leaves no gap where the customer has no name, and what is no variable stays', () => {
    expect(filledIn('Hello {{customer.name}}, hi!', { ...variables, 'customer.name': null })).toBe('Hello, hi!');
    expect(filledIn('{{order.number}} {{toString}}', variables)).toBe('{{order.number}} {{toString}}');
  });

  test('is looked for behind a slash that begins the text, and nowhere else', () => {
    expect([slashQuery('/', 1), slashQuery('/ref', 4), slashQuery('/ref und', 8)]).toEqual(['', 'ref', 'ref und']);
    expect([slashQuery('a /ref', 6), slashQuery('/ref', 0), slashQuery('/a/b', 4), slashQuery('/a\nb', 4)]).toEqual([
      ...[null, null, null, null],
    ]);
  });

  test('is found by name, title and words, the name first, whatever the accents', () => {
    const replies = [
      { name: 'late', title: 'Refund is late', text: 'Sorry.' },
      { name: 'refund', title: 'Money', text: 'It comes.' },
      { name: 'cafe', title: 'Café voucher', text: 'For you.' },
    ];
    const names = (query: string) => matching(replies, query).map(({ name }) => name);
    expect(names('refund')).toEqual(['refund', 'late']);
    expect(names('CAFE')).toEqual(['cafe']);
    expect(names('comes')).toEqual(['refund']);
    expect(names('')).toHaveLength(3);
    expect(names('nothing')).toEqual([]);
  });
});
