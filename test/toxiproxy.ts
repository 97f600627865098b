import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Toxiproxy } from 'toxiproxy-node-client';
import { launcherConfig, readConfig } from '../config.ts';
import { type Machine, thisMachine } from '../local/machine.ts';
import { openSite } from '../local/site.ts';

const VERSION = '2.5.0';
/** The same program without its command line client; Go's checksum database pins it. */
const MODULE = `github.com/Shopify/toxiproxy/v2/cmd/server@v${VERSION}`;

/** A way to a server that can be broken. */
export type ToxicLink = {
  /** `host:port`, to be used in place of the server's own. */
  address: string;
  /** Breaks every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Half open: connections stand, new ones are taken, and nothing gets through in either direction. */
  hang(): Promise<void>;
  /** What is sent arrives, its answers are dropped, and the connection breaks after `ms`. */
  loseAnswers(ms: number): Promise<void>;
  /** As before; connections that were hanging are broken, which is how their ends learn of it. */
  mend(): Promise<void>;
};

const config = () => readConfig(launcherConfig, { PATH: process.env.PATH, XDG_CACHE_HOME: process.env.XDG_CACHE_HOME });

const notAtAll = () => Promise.reject(new Error('nothing is run to look for a program'));

/** What is missing where Toxiproxy is not at hand and cannot be built; `null`: nothing. */
export const whyNoToxiproxy = (machine: Machine = thisMachine(config(), notAtAll)): string | null =>
  isBuilt(machine) || goOn(machine) !== undefined
    ? null
    : `Toxiproxy is not here: install Go 1.25, and it is built (20 s, once) with go install ${MODULE}`;

/** Starts Toxiproxy on loopback, built by Go when it is not in the cache. `stop` ends it and with it every link. */
export const startToxiproxy = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'duradesk-toxiproxy-'));
  const site = await openSite({ dataDir, config: config(), fast: true });
  process.on('exit', site.kill);
  const stop = async (): Promise<void> => {
    await site.close();
    process.off('exit', site.kill);
    rmSync(dataDir, { recursive: true, force: true });
  };
  try {
    const command = await program(site.machine);
    const port = await site.ports.free();
    const toxiproxy = new Toxiproxy(`http://127.0.0.1:${port}`);
    const args = ['-host', '127.0.0.1', '-port', `${port}`];
    await site.processes.start({ name: 'toxiproxy', command, args }, () => toxiproxy.getVersion());
    return { link: (name: string, upstream: string) => createLink(toxiproxy, name, upstream), stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const createLink = async (toxiproxy: Toxiproxy, name: string, upstream: string): Promise<ToxicLink> => {
  const proxy = await toxiproxy.createProxy({ name, listen: '127.0.0.1:0', upstream });
  const address = proxy.listen;
  const enable = (enabled: boolean) => proxy.update({ listen: address, upstream, enabled });
  let toxics: { remove(): Promise<void> }[] = [];
  const silence = async (stream: 'upstream' | 'downstream', timeout: number): Promise<void> => {
    const toxic = { name: `${stream}-silence`, type: 'timeout', stream, toxicity: 1, attributes: { timeout } } as const;
    toxics.push(await proxy.addToxic(toxic));
  };
  return {
    address,
    async cut() {
      await enable(false);
    },
    async hang() {
      await silence('upstream', 0);
      await silence('downstream', 0);
    },
    loseAnswers: (ms) => silence('downstream', ms),
    async mend() {
      const healed = toxics;
      toxics = [];
      for (const toxic of healed) await toxic.remove();
      await enable(true);
    },
  };
};

const folderOf = ({ cacheDir }: Machine): string => join(cacheDir, 'toxiproxy', VERSION);
const isBuilt = (machine: Machine): boolean => machine.isExecutable(join(folderOf(machine), 'server'));
const goOn = (machine: Machine): string | undefined =>
  machine.onPath('go') ?? ['/usr/local/go/bin/go'].find(machine.isExecutable);

/** Built beside its place and moved there, so that a build that was interrupted is never taken for a finished one. */
const program = async (machine: Machine): Promise<string> => {
  const missing = whyNoToxiproxy(machine);
  if (missing !== null) throw new Error(missing);
  const folder = folderOf(machine);
  const path = join(folder, 'server');
  const go = goOn(machine);
  if (!isBuilt(machine) && go !== undefined) {
    mkdirSync(folder, { recursive: true });
    const built = join(folder, `.build-${process.pid}`);
    await machine.run('toxiproxy-build', go, ['install', MODULE], { GOBIN: built });
    renameSync(join(built, 'server'), path);
    rmSync(built, { recursive: true, force: true });
  }
  return path;
};
