import { acknowledgement, answer } from '../measures.ts';
import { inOutages, type Outage } from '../outages.ts';
import { PACED } from '../rounds.ts';
import type { FaultCase, Setting } from '../setting.ts';

/** Longer than the 5 s after which a gateway gives a message back, or shorter. */
const AWAY_MS = { low: 1_000, high: 8_000 };

/**
 * F14. Temporal is killed and starts on its database file; or the gateways alone cannot reach it, hear nothing of it, or hear
 * no answers from it: then the message has arrived and nobody may say so yet.
 */
export const temporalAway: FaultCase = {
  name: 'F14',
  title: 'Temporal restarts, or is unreachable from the gateways',
  rig: { gateways: 2, workers: 2, profile: PACED },
  needs: { temporal: {}, links: ['temporal'] },
  inflict: (setting) => inOutages(setting, { outage: () => outage(setting), together: 4, patienceMs: 75_000 }),
  worst: (lines) => ({ acknowledgementMs: acknowledgement(lines), answerMs: answer(lines) }),
};

const outage = ({ random, servers }: Setting): Outage => {
  const temporal = servers.temporal();
  const link = servers.link('temporal');
  const lastsMs = random.int(AWAY_MS.low, AWAY_MS.high);
  const ways: Outage[] = [
    { what: 'SIGKILL', target: 'temporal', lastsMs, begin: temporal.kill, end: temporal.restart },
    { what: 'unreachable', target: 'gateways', lastsMs, begin: link.cut, end: link.mend },
    { what: 'half open', target: 'gateways', lastsMs, begin: link.hang, end: link.mend },
    {
      what: 'answers lost',
      target: 'gateways',
      lastsMs,
      begin: () => link.loseAnswers(random.int(50, 2_000)),
      end: link.mend,
    },
  ];
  return random.pick(ways);
};
