import type { Machine } from '../machine.ts';
import type { Say } from './service.ts';

export const hasApt = (machine: Machine): boolean => machine.root && machine.onPath('apt-get') !== undefined;

/** Installs one package of Debian or Ubuntu, without a question. */
export const aptInstall = async (machine: Machine, name: string, say: Say): Promise<void> => {
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' };
  say(`apt-get install ${name} (about a minute)`);
  await machine.run('apt-update', 'apt-get', ['update', '-qq'], quiet);
  await machine.run('apt-install', 'apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], quiet);
};

/** Takes back what Debian's package does on its own: it starts its service, on a port of its own, now and at every boot. */
export const disableService = async (machine: Machine, name: string): Promise<void> => {
  const tolerated = () => {};
  await machine.run('service-stop', 'service', [name, 'stop']).catch(tolerated);
  await machine.run('service-disable', 'update-rc.d', [name, 'disable']).catch(tolerated);
};
