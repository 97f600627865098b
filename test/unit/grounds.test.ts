import { expect, test } from '@jest/globals';
import { groundsOf } from '../../activities/grounds.ts';
import type { Understanding } from '../../knowledge/understanding/index.ts';
import type { Step } from '../../store/turns.ts';
import { intents } from '../doubles/returns-desk.ts';
import { testPlaybook } from '../playbook.ts';

const { playbook } = testPlaybook({ intents });
const calm: Understanding = {
  language: 'en',
  sentiment: 0,
  urgent: false,
  intent: null,
  entities: [],
  wantsPerson: false,
};
const step = (ok: boolean): Step => ({
  call: 0,
  round: 0,
  toolCallId: '',
  name: '',
  arguments: '',
  preamble: '',
  result: '',
  ok,
});
const grounds = (
  text: string,
  { understanding = calm, known = null as boolean | null, steps = [] as Step[], sources = 0 } = {},
) => groundsOf(playbook, { text, vector: null, understanding }, { known }, steps, Array(sources).fill({ title: 'T' }));

test('a reply rests on what a tool gave, else on the articles that say what it says, else on nothing', () => {
  expect(grounds('Do you sell kayaks?', { steps: [step(true)] })).toEqual({ restsOn: 'tools', unanswered: false });
  expect(grounds('Do you sell kayaks?', { sources: 1 })).toEqual({ restsOn: 'articles', unanswered: false });
  expect(grounds('Do you sell kayaks?', { steps: [step(false)] })).toEqual({ restsOn: 'nothing', unanswered: true });
});

test('a question that nothing known is about is unanswered, whatever the reply says', () => {
  expect(grounds('Do you sell kayaks?', { known: false, sources: 1 }).unanswered).toBe(true);
  expect(grounds('Do you sell kayaks?', { known: true, sources: 1 }).unanswered).toBe(false);
});

test('small talk, thanks, another language and one’s own affairs are no gap', () => {
  expect(grounds('Hello!').unanswered).toBe(false);
  expect(grounds('Thank you very much for this', { understanding: { ...calm, sentiment: 0.8 } }).unanswered).toBe(
    false,
  );
  expect(grounds('Verkaufen Sie Kajaks?', { understanding: { ...calm, language: 'de' } }).unanswered).toBe(false);
  const personal = { ...calm, intent: { intent: 'refund_status', best: 'refund_status', confidence: 1 } };
  expect(grounds('Where is the refund?', { understanding: personal }).unanswered).toBe(false);
});
