import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { acknowledgement, answer } from '../measures.ts';
import { connectRaw } from '../raw-customer.ts';
import { type FaultCase, QUESTIONS, type Setting, seeOff } from '../setting.ts';

const TOGETHER = 10;

/** F15. The link breaks right behind a message; the same id comes three times at once over two gateways; n+1 comes before n. */
export const acknowledgementLost: FaultCase = {
  name: 'F15',
  title: 'acknowledgements are lost, messages resent, doubled and overtaken',
  rig: { gateways: 2, workers: 2 },
  async inflict(setting) {
    for (let done = 0; done < setting.trials; done += TOGETHER) {
      const count = Math.min(TOGETHER, setting.trials - done);
      await Promise.all(Array.from({ length: count }, () => converse(setting)));
      setting.progress(done + count);
    }
  },
  worst: (lines) => ({ acknowledgementMs: acknowledgement(lines), answerMs: answer(lines) }),
};

const converse = async (setting: Setting): Promise<void> => {
  const { random: shared, recording } = setting;
  const customer = setting.customer();
  const random = shared.fork(customer.name);
  const conversation = await customer.connected();

  let lossy = false;
  customer.onSending(({ type }) => {
    if (type !== 'send' || !lossy) return;
    lossy = false;
    recording.add({
      type: 'injected',
      what: 'link cut behind a message',
      target: customer.name,
      struck: [customer.name],
    });
    setTimeout(() => customer.cut(), random.int(0, 12));
  });
  const expected = [];
  for (let message = 0; message < 3; message += 1) {
    lossy = random.next() < 0.7;
    expected.push(customer.send(random.pick(QUESTIONS)));
    if (random.next() < 0.5) await pause(random.int(0, 40));
  }

  const resend = await resending(setting, customer.name, customer.session() ?? '', conversation, random);
  expected.push(...resend);
  for (const id of expected) await customer.answered(id);
  await seeOff([customer]);
};

/** Sends like a client gone mad, and resolves with the ids of what it sent. */
const resending = async (
  { rig, recording }: Setting,
  name: string,
  session: string,
  conversation: string,
  random: Setting['random'],
): Promise<string[]> => {
  const connections = await Promise.all(
    [0, 1, 0].map((at, index) =>
      connectRaw({
        name: `${name}-raw${index}`,
        recording,
        gateway: (rig.gateways[at] ?? random.pick(rig.gateways)).url,
        session,
        conversation,
      }),
    ),
  );
  const [first, second] = connections;
  const [once, earlier, later] = [newId(), newId(), newId()];
  const text = random.pick(QUESTIONS);
  await Promise.all(connections.map((connection) => connection.send(once, text)));
  const [earlierText, laterText] = [random.pick(QUESTIONS), random.pick(QUESTIONS)];
  await Promise.all([second?.send(later, laterText), first?.send(earlier, earlierText)]);
  // Long acknowledged, and once more on each.
  await Promise.all(connections.map((connection) => connection.send(earlier, earlierText)));
  for (const connection of connections) connection.end();
  return [once, earlier, later];
};

const newId = (): string => randomBytes(16).toString('hex');
