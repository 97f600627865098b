import { startPostgres } from '../postgres.ts';
import { startRedis, type TestRedis } from '../redis.ts';
import type { RigOptions } from '../system/rig.ts';
import { startToxiproxy, type ToxicLink } from '../toxiproxy.ts';
import { type Bookings, startBookings } from './outside/bookings.ts';
import { type Company, startCompany } from './outside/company.ts';
import { writePlaybook } from './outside/playbook.ts';
import type { Recording } from './recording.ts';
import { startTemporal, type TestTemporal } from './temporal.ts';

/** Links with Toxiproxy in them: from all processes to Redis and to Postgres, and from the gateways alone to Temporal. */
export type LinkName = 'redis' | 'postgres' | 'temporal';

/** What a fault needs besides a Redis of its own. */
export type Needs = {
  /** `continueAfter`: events of a history at which it suggests to continue as new. */
  temporal?: { continueAfter?: number };
  postgres?: true;
  links?: readonly LinkName[];
  /** An outside system for the assistant to do things in, and a playbook that knows nothing else. */
  bookings?: true;
  /** A CRM and a ticket system that are not the desk's own, and a playbook whose assistant opens tickets. */
  company?: true;
};

/** The servers that a fault may be rough with. Asking for what it did not say it needs is an error. */
export type Servers = {
  redis: TestRedis;
  temporal(): TestTemporal;
  link(name: LinkName): ToxicLink;
  bookings(): Bookings;
  company(): Company;
};

/** Starts them; `rig` is what a rig must be told to stand on them. */
export const startServers = async (needs: Needs, recording: Recording) => {
  const { temporal: wanted, postgres: ownPostgres, links = [] } = needs;
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  const kept = <T extends { stop(): Promise<void> }>(server: T): T => {
    stops.push(server.stop);
    return server;
  };
  try {
    const redis = kept(await startRedis());
    const temporal = wanted && kept(await startTemporal(wanted));
    const postgres = ownPostgres && kept(await startPostgres());
    const upstream: Record<LinkName, string> = {
      redis: `127.0.0.1:${redis.port}`,
      postgres: new URL(postgres?.url ?? process.env.TEST_DATABASE_URL ?? 'postgres://127.0.0.1').host,
      temporal: temporal?.address ?? process.env.TEST_TEMPORAL_ADDRESS ?? '',
    };
    const toxiproxy = links.length > 0 ? kept(await startToxiproxy()) : undefined;
    const open = new Map<LinkName, ToxicLink>();
    for (const name of links) if (toxiproxy) open.set(name, await toxiproxy.link(name, upstream[name]));
    const through = (name: LinkName) => open.get(name)?.address;
    const bookings = needs.bookings && kept(await startBookings(recording));
    const company = needs.company && kept(await startCompany());
    const book = (bookings || company) && writePlaybook(bookings?.url);
    if (book) stops.push(async () => book.remove());

    const [redisAt, postgresAt, temporalAt] = [through('redis'), through('postgres'), through('temporal')];
    const rig: RigOptions = {
      redis: redisAt === undefined ? redis.url : `redis://${redisAt}`,
      ...(temporal && { temporal: temporal.address }),
      ...(postgres && { postgres: postgres.url }),
      ...(postgresAt !== undefined && { postgresAt }),
      ...(temporalAt !== undefined && { gatewaysTemporal: temporalAt }),
      ...(book && { playbook: book.folder }),
      ...(bookings && { env: { DESK_OUTBOUND_ALLOW: '127.0.0.1' } }),
      ...(company && { env: company.env }),
    };
    const servers: Servers = {
      redis,
      temporal: () => needed('temporal', temporal),
      link: (name) => needed(`link ${name}`, open.get(name)),
      bookings: () => needed('bookings', bookings),
      company: () => needed('company', company),
    };
    return { servers, rig, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const needed = <T>(name: string, server: T | undefined): T => {
  if (server === undefined) throw new Error(`this fault did not say that it needs ${name}`);
  return server;
};
