import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Fault, type Faults, faultSchema } from './faults.ts';
import { type Profile, profileChangeSchema } from './profile.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';

/** What can be set and seen from outside, over HTTP or in the same process. */
export type Controls = {
  setProfile(change: Partial<Profile>): Profile;
  /** Replaces all faults in force. */
  setFaults(faults: z.input<typeof faultSchema>[]): Fault[];
  /** `count` is of all requests; at most the last 100 are kept. */
  requests(limit?: number): { count: number; requests: LoggedRequest[] };
};

export const createControls = (settings: { profile: Profile }, faults: Faults, log: RequestLog): Controls => ({
  setProfile(change) {
    settings.profile = { ...settings.profile, ...change };
    return settings.profile;
  },
  setFaults(next) {
    faults.set(z.array(faultSchema).parse(next));
    return faults.list();
  },
  requests: (limit) => ({ count: log.count(), requests: log.last(limit) }),
});

const limitQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).optional() });

/** The admin API: `/admin/profile`, `/admin/faults`, `/admin/requests`. */
export const registerAdmin = (app: FastifyInstance, controls: Controls, faults: Faults): void => {
  app.get('/admin/profile', () => controls.setProfile({}));
  app.put('/admin/profile', ({ body }) => controls.setProfile(profileChangeSchema.parse(body)));
  app.get('/admin/faults', () => faults.list());
  app.put('/admin/faults', ({ body }) => controls.setFaults(z.array(faultSchema).parse(body)));
  app.delete('/admin/faults', () => controls.setFaults([]));
  app.get('/admin/requests', ({ query }) => controls.requests(limitQuery.parse(query).limit));
};
