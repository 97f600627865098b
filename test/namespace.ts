import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';

/** A Temporal namespace of its own on the test server, without search attributes: for what must not touch other tests. */
export const freshNamespace = async (address: string) => {
  const namespace = `test-${randomBytes(8).toString('hex')}`;
  const connection = await Connection.connect({ address });
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  // The server's caches learn of it within a second or ten.
  for (const until = Date.now() + 20_000; ; await pause(100)) {
    try {
      await connection.operatorService.listSearchAttributes({ namespace });
      await new Client({ connection, namespace }).workflow.count();
      break;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
  return { namespace, connection, client: new Client({ connection, namespace }), close: () => connection.close() };
};
