import type { LauncherConfig } from '../../config.ts';
import type { Machine } from '../machine.ts';
import { aptInstall, hasApt } from './apt.ts';
import { CannotProvide, type Say } from './service.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** The browser of the browser tests: `CHROMIUM_PATH`, else one on PATH, else Debian's package. */
export const findChromium = async (
  config: Pick<LauncherConfig, 'CHROMIUM_PATH'>,
  machine: Machine,
  say: Say,
): Promise<string> => {
  if (config.CHROMIUM_PATH !== undefined) {
    if (machine.isExecutable(config.CHROMIUM_PATH)) return config.CHROMIUM_PATH;
    throw new CannotProvide('CHROMIUM_PATH is not the path of a program');
  }
  const found = machine.onPath(...NAMES);
  if (found !== undefined) return found;
  if (hasApt(machine)) {
    await aptInstall(machine, 'chromium', say);
    const installed = machine.onPath(...NAMES);
    if (installed !== undefined) return installed;
  }
  throw new CannotProvide(
    'The browser tests need Chromium: install chromium or google-chrome, or set CHROMIUM_PATH to one',
  );
};
