import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Capacity, type CapacityGate, capacitySchema, type Usage } from './capacity.ts';
import { type Fault, type Faults, faultSchema } from './faults.ts';
import { type Profile, profileChangeSchema } from './profile.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';

/** What can be set and seen from outside, over HTTP or in the same process. */
export type Controls = {
  setProfile(change: Partial<Profile>): Profile;
  /** Replaces all faults in force. */
  setFaults(faults: z.input<typeof faultSchema>[]): Fault[];
  /** Refuses from now on what is above it, and counts anew. */
  setCapacity(capacity: Capacity): Usage;
  usage(): Usage;
  /** `count` is of all requests; at most the last 100 are kept. */
  requests(limit?: number): { count: number; requests: LoggedRequest[] };
};

export const createControls = (
  settings: { profile: Profile },
  faults: Faults,
  capacity: CapacityGate,
  log: RequestLog,
): Controls => ({
  setProfile(change) {
    settings.profile = { ...settings.profile, ...change };
    return settings.profile;
  },
  setFaults(next) {
    faults.set(z.array(faultSchema).parse(next));
    return faults.list();
  },
  setCapacity(next) {
    capacity.set(next);
    return capacity.usage();
  },
  usage: capacity.usage,
  requests: (limit) => ({ count: log.count(), requests: log.last(limit) }),
});

const limitQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).optional() });

/** The admin API: `/admin/profile`, `/admin/faults`, `/admin/capacity`, `/admin/requests`. */
export const registerAdmin = (app: FastifyInstance, controls: Controls, faults: Faults): void => {
  app.get('/admin/profile', () => controls.setProfile({}));
  app.put('/admin/profile', ({ body }) => controls.setProfile(profileChangeSchema.parse(body)));
  app.get('/admin/faults', () => faults.list());
  app.put('/admin/faults', ({ body }) => controls.setFaults(z.array(faultSchema).parse(body)));
  app.delete('/admin/faults', () => controls.setFaults([]));
  app.get('/admin/capacity', () => controls.usage());
  app.put('/admin/capacity', ({ body }) => controls.setCapacity(capacitySchema.parse(body)));
  app.get('/admin/requests', ({ query }) => controls.requests(limitQuery.parse(query).limit));
};
