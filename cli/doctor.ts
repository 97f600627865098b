import type { Command } from 'commander';
import { readConfig, workerConfig } from '../config.ts';
import { checks } from './checks.ts';
import { command } from './output.ts';

export const doctorCommand = (): Command =>
  command('doctor', 'check everything that a desk stands on', async (_options, say) => {
    const config = readConfig(workerConfig);
    const findings = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const finding = await check(config).then(
          (detail) => ({ name, ok: true, detail }),
          (error: unknown) => ({ name, ok: false, detail: error instanceof Error ? error.message : String(error) }),
        );
        say(`${name} …`);
        return finding;
      }),
    );
    const width = Math.max(...findings.map(({ name }) => name.length));
    return {
      ok: findings.every(({ ok }) => ok),
      data: findings,
      lines: findings.map(({ name, ok, detail }) => `${ok ? 'ok   ' : 'WRONG'}  ${name.padEnd(width)}  ${detail}`),
    };
  });
