import { createMcpProvider } from '../../../integrations/mcp.ts';

// A process that uses a tool server and then waits to be killed. Prints the process id of the tool server.
const [command = '', ...args] = process.argv.slice(2);
const provider = createMcpProvider({ name: 'child', command, args, env: {}, cwd: import.meta.dirname });
const { content } = await provider.call('pid', {}, new AbortController().signal, 20_000);
console.log(content);
setInterval(() => undefined, 1_000);
