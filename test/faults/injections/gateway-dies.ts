import { nextDelta, nextWelcome, wholeReply } from '../measures.ts';
import { inRounds, PACED } from '../rounds.ts';
import type { FaultCase } from '../setting.ts';

/** F6. Its clients resume on the other gateway, where what they missed is waiting in the log. */
export const gatewayDies: FaultCase = {
  name: 'F6',
  title: 'a gateway dies mid-stream',
  rig: { gateways: 2, workers: 2, profile: PACED },
  inflict: (setting) =>
    inRounds(setting, async (streaming) => {
      const { rig, recording, random } = setting;
      const still = streaming.filter((customer) => customer.view().reply !== null);
      const serving = rig.gateways.filter(({ url }) => still.some((customer) => customer.connectedTo() === url));
      const gateway = random.pick(serving.length > 0 ? serving : rig.gateways);
      const struck = still.filter((customer) => customer.connectedTo() === gateway.url).map(({ name }) => name);
      recording.add({ type: 'injected', what: 'SIGKILL', target: gateway.child.name, struck });
      await rig.kill(gateway);
      return struck.length;
    }),
  worst: (lines) => ({
    reconnectMs: nextWelcome(lines),
    nextDeltaMs: nextDelta(lines),
    wholeReplyMs: wholeReply(lines),
  }),
};
