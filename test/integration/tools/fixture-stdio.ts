import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createFixtureServer } from './fixture-tools.ts';

process.stdin.once('end', () => process.exit());
await createFixtureServer().connect(new StdioServerTransport());
