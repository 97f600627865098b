import { acknowledgementLost } from './injections/acknowledgement-lost.ts';
import { churn } from './injections/churn.ts';
import { continuedAsNew } from './injections/continued-as-new.ts';
import { gatewayDies } from './injections/gateway-dies.ts';
import { redisForgets } from './injections/redis-forgets.ts';
import { workerDies } from './injections/worker-dies.ts';
import { workerFreezes } from './injections/worker-freezes.ts';
import type { FaultCase } from './setting.ts';

/** Every fault that can be inflicted here, in the order of `promises.md`. */
export const CASES: readonly FaultCase[] = [
  workerDies,
  workerFreezes,
  churn,
  gatewayDies,
  redisForgets,
  acknowledgementLost,
  continuedAsNew,
];
