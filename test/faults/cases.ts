import { acknowledgementLost } from './injections/acknowledgement-lost.ts';
import { churn } from './injections/churn.ts';
import { companyAway } from './injections/company-away.ts';
import { continuedAsNew } from './injections/continued-as-new.ts';
import { effectUnreported } from './injections/effect-unreported.ts';
import { gatewayDies } from './injections/gateway-dies.ts';
import { logTrimmed } from './injections/log-trimmed.ts';
import { modelFails } from './injections/model-fails.ts';
import { newVersion } from './injections/new-version.ts';
import { postgresAway } from './injections/postgres-away.ts';
import { redisForgets } from './injections/redis-forgets.ts';
import { redisHangs } from './injections/redis-hangs.ts';
import { temporalAway } from './injections/temporal-away.ts';
import { workerDies } from './injections/worker-dies.ts';
import { workerDrains } from './injections/worker-drains.ts';
import { workerFreezes } from './injections/worker-freezes.ts';
import { workersAway } from './injections/workers-away.ts';
import type { FaultCase } from './setting.ts';

/** Every fault that can be inflicted here, in the order of `promises.md`. */
export const CASES: readonly FaultCase[] = [
  workerDies,
  workerFreezes,
  effectUnreported,
  workersAway,
  churn,
  gatewayDies,
  workerDrains,
  redisForgets,
  logTrimmed,
  redisHangs,
  postgresAway,
  temporalAway,
  acknowledgementLost,
  continuedAsNew,
  modelFails,
  companyAway,
  newVersion,
];
