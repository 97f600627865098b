import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(import.meta.dirname, '../../..');

export type Service = {
  image: string;
  build?: { dockerfile: string; target: string };
  command?: string[];
  depends_on?: Record<string, { condition: string }>;
  environment?: Record<string, string | null>;
  healthcheck?: { disable?: boolean };
  ports?: string[];
  volumes?: string[];
  networks?: string[];
  read_only?: boolean;
  cap_drop?: string[];
};

export type ComposeFile = {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, { internal?: boolean } | null>;
};

const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8');

/** As Compose reads it, merge keys resolved and variables not. */
export const composeFile: ComposeFile = parse(text, { merge: true });

/** Compose's `${NAME}`, `${NAME:-default}` and `${NAME:+instead}`, nested or not. `$$` is left alone. */
export const interpolate = (value: string, env: Record<string, string>): string => {
  const next = value.replace(/\$\{(\w+)(?::([-+])([^{}$]*))?\}/g, (_, name: string, sign?: string, other = '') => {
    if (sign === '+') return env[name] ? other : '';
    return env[name] || other;
  });
  return next === value ? value : interpolate(next, env);
};

export type Stage = { from: string; env: Record<string, string>; user: string; command: string[]; isChecked: boolean };

/** The stages of the Dockerfile by name; each has what it takes over from the one it is built on. */
export const stages: Record<string, Stage> = {};

const blank: Stage = { from: '', env: {}, user: 'root', command: [], isChecked: false };
const dockerfile = readFileSync(join(root, 'deploy/Dockerfile'), 'utf8').replace(/\\\n/g, ' ');
let stage = blank;
for (const line of dockerfile.split('\n')) {
  const [instruction = '', rest = ''] = line.trim().split(/\s+(.*)/s);
  if (instruction === 'FROM') {
    const [from = '', , name = ''] = rest.split(/\s+/);
    stage = { ...(stages[from] ?? blank), from };
    stages[name] = stage;
  }
  if (instruction === 'ENV')
    stage.env = { ...stage.env, ...Object.fromEntries(rest.split(/\s+/).map((pair) => pair.split('=', 2))) };
  if (instruction === 'USER') stage.user = rest;
  if (instruction === 'CMD') stage.command = JSON.parse(rest);
  if (instruction === 'HEALTHCHECK') stage.isChecked = rest !== 'NONE';
}
