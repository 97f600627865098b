import { resolve } from 'node:path';
import { identityOf } from '../../../local/identity.ts';
import { loadPlaybook } from '../../../playbook.ts';
import type { Evidence } from '../evidence.ts';
import { answer } from '../measures.ts';
import { shorten, type Violation } from '../promises/case.ts';
import type { Line } from '../recording.ts';
import { PACED } from '../rounds.ts';
import { type FaultCase, QUESTIONS, type Setting, seeOff } from '../setting.ts';
import { chooseMisfortunes, MISFORTUNES, type Misfortune } from './misfortunes.ts';

const TOGETHER = 20;
const PLAYBOOK = resolve(import.meta.dirname, '../../../local/acme');

/** F17. One turn each, on a model that fails in one of the ways that models have, once or for good. */
export const modelFails: FaultCase = {
  name: 'F17',
  title: 'the model fails',
  rig: { gateways: 2, workers: 2, profile: { ...PACED, tokensPerSecond: 60 } },
  async inflict(setting) {
    const chosen = chooseMisfortunes(setting.random, setting.trials);
    await setting.rig.model.faults(chosen.map(({ fault }, index) => ({ ...fault, match: markOf(index) })));
    const left = chosen.entries();
    let done = 0;
    const lane = async (): Promise<void> => {
      for (const [index, misfortune] of left) {
        await converse(setting, index, misfortune);
        done += 1;
        setting.progress(done);
      }
    };
    await Promise.all(Array.from({ length: TOGETHER }, lane));
  },
  async check(lines, evidence) {
    const { sentences } = (await loadPlaybook(PLAYBOOK)).playbook;
    const honest = new Set(Object.values(sentences).map(({ failed }) => failed));
    return lines.flatMap((line) => {
      if (line.type !== 'injected') return [];
      const misfortune = MISFORTUNES.find(({ what }) => what === line.what);
      const found = evidence.find(({ conversation }) => conversation === line.target);
      return misfortune && found ? judge(misfortune, found, lines, honest) : [];
    });
  },
  worst: (lines) => ({ answerMs: answer(lines) }),
};

/** Part of the message, by which the model knows whom to fail. */
const markOf = (index: number): string => `(ref ${index})`;

const converse = async (setting: Setting, index: number, { what, calls }: Misfortune): Promise<void> => {
  const { rig, random, recording } = setting;
  const ada = () => identityOf({ id: 'cus_ada', name: 'Ada' }, rig.identitySecret);
  const customer = setting.customer(calls && ada);
  const question = calls ? 'Where is my order 1042?' : random.pick(QUESTIONS);
  const conversation = await customer.connected();
  recording.add({ type: 'injected', what, target: conversation, struck: [customer.name] });
  await customer.answered(customer.send(`${question} ${markOf(index)}`));
  await seeOff([customer]);
};

const judge = (
  { what, end, notBefore = 0, calls, says }: Misfortune,
  { conversation, turns, messages, steps }: Evidence,
  lines: readonly Line[],
  honest: ReadonlySet<string>,
): Violation[] => {
  const violation = (promise: string, said: string): Violation => ({ promise, conversation, what: `${what}: ${said}` });
  const reply = messages.find(({ author }) => author === 'assistant')?.text ?? '';
  const askedAt = lines.find((line) => line.type === 'sent' && line.conversation === conversation)?.at ?? 0;
  const begunAt = lines.find((line) => line.type === 'shown' && line.conversation === conversation && line.text)?.at;
  const ended = turns[0]?.ended;
  return [
    ...(ended === end ? [] : [violation('P5', `the turn ended ${ended} instead of ${end}`)]),
    ...(end === 'failed' && !honest.has(reply) ? [violation('P5', `the customer was told ${shorten(reply)}`)] : []),
    ...(says !== undefined && reply !== says ? [violation('P3', `${shorten(says)} became ${shorten(reply)}`)] : []),
    ...(begunAt !== undefined && begunAt - askedAt < notBefore
      ? [violation('P5', `the model was asked again after ${Math.round(begunAt - askedAt)} ms`)]
      : []),
    ...(steps.length === (calls?.many ?? 0) ? [] : [violation('P7', `${steps.length} calls`)]),
    ...(calls?.arguments !== undefined && steps[0]?.arguments !== calls.arguments
      ? [violation('P3', `${shorten(calls.arguments)} became ${shorten(steps[0]?.arguments ?? '')}`)]
      : []),
  ];
};
