import { acknowledgement, answer } from '../measures.ts';
import { inOutages } from '../outages.ts';
import { PACED } from '../rounds.ts';
import type { FaultCase } from '../setting.ts';

const HANGS_MS = 30_000;

/**
 * F12. Nothing closes, nothing answers. Nobody can be shown anything meanwhile; what was said in that time is acknowledged all
 * the same, and every turn has its end within its time.
 */
export const redisHangs: FaultCase = {
  name: 'F12',
  title: 'Redis hangs half open for 30 s',
  rig: { gateways: 2, workers: 2, profile: PACED },
  needs: { links: ['redis'] },
  // What was appended right before reaches nobody before it is back.
  allowances: { deliveryMs: HANGS_MS + 5_000 },
  inflict(setting) {
    const link = setting.servers.link('redis');
    const outage = () => ({
      what: 'half open',
      target: 'redis',
      lastsMs: HANGS_MS,
      begin: link.hang,
      end: link.mend,
    });
    return inOutages(setting, { outage, together: 12, patienceMs: 75_000 });
  },
  worst: (lines) => ({ acknowledgementMs: acknowledgement(lines), answerMs: answer(lines) }),
};
