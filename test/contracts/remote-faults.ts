import type { Fault } from '../fakes/faults.ts';
import type { Expected } from './ticketing/rig.ts';

/** Everything that can befall a system of another company. */
export const remoteFaults = [
  'cut',
  'html',
  'html-404',
  'redirect',
  'lost',
  'slow',
  '401',
  '403',
  '409',
  '429',
  '500',
  '503',
] as const satisfies readonly Fault[];

/** How the first attempt at a write ends, where it is certain: an effect that happened is found, a refusal is final. */
export const remoteOutcomes = {
  cut: { name: 'RemoteUnavailable', outcome: 'unknown' },
  html: { name: 'RemoteUnavailable', outcome: 'unknown' },
  redirect: { name: 'RemoteRefused' },
  lost: 'done',
  slow: 'done',
  '401': { name: 'RemoteRefused' },
  '403': { name: 'RemoteRefused' },
  '409': { name: 'RemoteUnavailable', outcome: 'unknown' },
  '429': { name: 'RemoteUnavailable', outcome: 'not_sent' },
  '503': { name: 'RemoteUnavailable', outcome: 'unknown' },
} as const satisfies Partial<Record<Fault, Expected>>;
