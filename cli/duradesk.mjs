#!/usr/bin/env node
import { register } from 'tsx/esm/api';

// `npx duradesk` in a checkout runs the sources. Images run what was compiled: node dist/cli/main.js.
register();
await import('./main.ts');
