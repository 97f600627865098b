import { startPostgres } from './services/postgres.ts';
import { startRedis } from './services/redis.ts';
import type { Say, Service } from './services/service.ts';
import { startTemporal, type TemporalService } from './services/temporal.ts';
import type { Site } from './site.ts';

/** What a desk stands on. */
export type Backing = { temporal: TemporalService; postgres: Service; redis: Service };

/** Finds or starts all three at once. `say` is told who speaks and what happens. */
export const startBacking = async (site: Site, say: (name: string) => Say): Promise<Backing> => {
  const [temporal, postgres, redis] = await Promise.all([
    startTemporal(site, say('Temporal')),
    startPostgres(site, say('Postgres')),
    startRedis(site, say('Redis')),
  ]);
  return { temporal, postgres, redis };
};
