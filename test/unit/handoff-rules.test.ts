import { describe, expect, test } from '@jest/globals';
import { handoffRule } from '../../activities/handoff-rules.ts';
import type { Understanding } from '../../knowledge/understanding/index.ts';
import { testPlaybook } from '../playbook.ts';

const { playbook } = testPlaybook();
const handoff = { ...playbook.handoff, sentimentBelow: -0.6, intents: ['complaint'], tiers: ['Summit'] };
const book = { ...playbook, handoff };

const rule = (understood: Partial<Understanding>, more: { tier?: string; waits?: true; gaveUpOn?: string } = {}) => {
  const understanding: Understanding = {
    ...{ language: 'en', sentiment: 0, urgent: false, intent: null, entities: [], wantsPerson: false },
    ...understood,
  };
  return handoffRule(book, { reading: { text: '', vector: null, understanding }, tier: null, ...more });
};
const complaint = { intent: { intent: 'complaint', best: 'complaint', confidence: 0.9 } };

describe('a person is wanted', () => {
  test.each([
    ['who asks for one', rule({ wantsPerson: true, sentiment: -1 }), 'asked'],
    ['what is always for people', rule({ ...complaint, sentiment: -1 }), 'intent:complaint'],
    ['somebody furious', rule({ sentiment: -0.61 }), 'sentiment'],
    ['a customer of a tier', rule({}, { tier: 'Summit' }), 'tier'],
  ])('%s', (_, got, wanted) => expect(got).toBe(wanted));
});

describe('no person is wanted', () => {
  test.each([
    ['a calm question', rule({})],
    ['somebody who is only not pleased', rule({ sentiment: -0.6 })],
    ['another intent', rule({ intent: { intent: 'order', best: 'order', confidence: 0.9 } })],
    ['an intent that is not sure', rule({ intent: { intent: null, best: 'complaint', confidence: 0.4 } })],
    ['another tier', rule({}, { tier: 'Base' })],
  ])('%s', (_, got) => expect(got).toBeNull());
});

test('while one is on the way only the customer’s own asking counts', () => {
  expect(rule({ ...complaint, sentiment: -1 }, { waits: true, tier: 'Summit' })).toBeNull();
  expect(rule({ wantsPerson: true }, { waits: true })).toBe('asked');
});

test('what brought nobody is not tried again, other rules and the customer’s asking are', () => {
  expect(rule({ sentiment: -1 }, { gaveUpOn: 'sentiment' })).toBeNull();
  expect(rule({ ...complaint, sentiment: -1 }, { gaveUpOn: 'sentiment' })).toBe('intent:complaint');
  expect(rule({ wantsPerson: true }, { gaveUpOn: 'asked' })).toBe('asked');
});

test('a playbook that says no to asking leaves it to its other rules', () => {
  const understanding: Understanding = {
    ...{ language: 'en', sentiment: 0, urgent: false, intent: null, entities: [], wantsPerson: true },
  };
  const silent = { ...playbook, handoff: { ...handoff, askedForPerson: false } };
  expect(handoffRule(silent, { reading: { text: '', vector: null, understanding }, tier: null })).toBeNull();
});
