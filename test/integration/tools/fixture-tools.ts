import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { z } from 'zod';

const text = (text: string) => ({ content: [{ type: 'text' as const, text }] });

/** An MCP server that does what tool servers do on good and bad days. */
export const createFixtureServer = (): McpServer => {
  const server = new McpServer({ name: 'fixture', version: '1' });
  server.registerTool('echo', { description: 'Says it again.', inputSchema: { text: z.string() } }, ({ text: said }) =>
    text(said),
  );
  server.registerTool('pid', { description: 'Its process id.' }, () => text(String(process.pid)));
  server.registerTool('env', { description: 'Its environment.' }, () => text(JSON.stringify(process.env)));
  server.registerTool('die', { description: 'Dies in the middle of a call.' }, () => process.exit(1));
  server.registerTool('fail', { description: 'Fails.' }, () => {
    throw new Error('no such order');
  });
  server.registerTool('sleep', { description: 'Answers after a minute.' }, async (extra) => {
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, 60_000);
      extra.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        cancelled += 1;
        resolve(undefined);
      });
    });
    return text('late');
  });
  let cancelled = 0;
  server.registerTool('cancelled', { description: 'How often sleep was cancelled.' }, () => text(String(cancelled)));
  server.registerTool('deep', { description: 'Nests 20,000 levels, over stdio.' }, ({ requestId }) => {
    const nested = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    process.stdout.write(`{"jsonrpc":"2.0","id":${requestId},"result":{"content":[],"structuredContent":${nested}}}\n`);
    return new Promise(() => undefined);
  });
  server.registerTool('grow', { description: 'Adds a tool.' }, () => {
    server.registerTool('grown', { description: 'Was not there before.' }, () => text('here'));
    return text('done');
  });
  return server;
};
