import { setTimeout as pause } from 'node:timers/promises';
import { acknowledgement, answer } from '../measures.ts';
import { connectRaw } from '../raw-customer.ts';
import { type FaultCase, QUESTIONS, type Setting, seeOff } from '../setting.ts';

const TOGETHER = 10;
const BURSTS = 8;

/** F16. A run ends every three or four turns, while messages come in bursts and old ones are sent again over the other gateway. */
export const continuedAsNew: FaultCase = {
  name: 'F16',
  title: 'sends and resends across continue-as-new',
  rig: { gateways: 2, workers: 2 },
  needs: { temporal: { continueAfter: 20 } },
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
  const { rig, recording } = setting;
  const customer = setting.customer();
  const random = setting.random.fork(customer.name);
  const conversation = await customer.connected();
  const again = await connectRaw({
    name: `${customer.name}-again`,
    recording,
    gateway: random.pick(rig.gateways).url,
    session: customer.session() ?? '',
    conversation,
  });
  const sent: { id: string; text: string }[] = [];
  for (let burst = 0; burst < BURSTS; burst += 1) {
    for (let count = random.int(1, 3); count > 0; count -= 1) {
      const text = random.pick(QUESTIONS);
      sent.push({ id: customer.send(text), text });
      if (random.next() < 0.5) await pause(random.int(0, 60));
    }
    const old = random.pick(sent);
    // The last of the burst must be answered in any case; sometimes the next burst comes before that.
    await Promise.all([
      random.next() < 0.7 ? customer.answered(sent.at(-1)?.id ?? '') : pause(random.int(0, 200)),
      again.send(old.id, old.text),
    ]);
  }
  for (const { id } of sent) await customer.answered(id);
  again.end();
  await seeOff([customer]);
};
