import { parseArgs } from 'node:util';
import closeWithGrace from 'close-with-grace';
import { DEMO, INSTANT } from './profile.ts';
import { startLocalModel } from './server.ts';

/**
 * `main.ts [--port N] [--host ADDRESS] [--profile demo|instant]`. Prints `{"listening":"http://127.0.0.1:N/v1"}` on one
 * line when it is ready; drains on SIGTERM and SIGINT.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string' },
    profile: { type: 'string', default: 'demo' },
  },
});
const port = Number(values.port);
const profile = new Map([
  ['demo', DEMO],
  ['instant', INSTANT],
]).get(values.profile);
if (!Number.isInteger(port) || port < 0 || port > 65_535 || profile === undefined) {
  console.error('usage: main.ts [--port 0-65535] [--host ADDRESS] [--profile demo|instant]');
  process.exit(2);
}

console.error('This is the local model: it answers from rules and retrieval, it is not a language model.');
const model = await startLocalModel({ port, profile, ...(values.host && { host: values.host }) });
closeWithGrace({ delay: 10_000 }, () => model.stop());
console.log(JSON.stringify({ listening: model.url }));
