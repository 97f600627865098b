import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { Pool } from 'pg';
import { z } from 'zod';
import { createOrders } from './orders.ts';
import { createServices } from './services.ts';

// The shop's business tools, as another company would run them: a process of its own that speaks MCP on stdin and stdout
// and knows nothing of Duradesk. Its address comes by environment, since arguments show in `ps`.

const databaseUrl = process.env.ACME_DATABASE_URL;
if (!databaseUrl) {
  console.error(
    'acme: ACME_DATABASE_URL is not set; it must be the address of the database that holds the schema acme',
  );
  process.exit(1);
}

const pool = new Pool({
  connectionString: databaseUrl,
  application_name: 'acme-tools',
  max: 4,
  connectionTimeoutMillis: 3_000,
  statement_timeout: 3_000,
});
pool.on('error', (error) => console.error(`acme: lost an idle connection (${error.name})`));

const orders = createOrders(pool);
const services = createServices(pool);
const server = new McpServer({ name: 'acme', version: '1' });

const customerId = z.string().min(1).max(128).describe('Id of the customer who asks.');
const orderNumber = z
  .string()
  .regex(/^\d{4,6}$/)
  .describe('The order number as the customer gives it, digits only, such as 1042.');

const requestId = z.string().min(8).max(128).describe('Id of this request; the same one again gets the first answer.');

/**
 * Results as structured content, repeated as text for clients that read only that. A database error stays in here; when it
 * came in the middle of doing something, nobody knows whether it was done, and the answer says so.
 */
const answer = async (work: () => Promise<Record<string, unknown> | null>, unavailable = {}) => {
  const found = await work().catch((error: unknown) => {
    console.error(`acme: ${error instanceof Error ? error.message : 'unknown error'}`);
    return { error: 'unavailable', ...unavailable };
  });
  const structuredContent = found ?? { error: 'not_found' };
  return {
    structuredContent,
    content: [{ type: 'text' as const, text: JSON.stringify(structuredContent) }],
    isError: structuredContent.error !== undefined && structuredContent.error !== 'not_found',
  };
};

/** What was not found was not done either. */
const done = async (work: () => Promise<Record<string, unknown> | null>) => {
  const answered = await answer(work, { outcome: 'unknown' });
  return { ...answered, isError: 'error' in answered.structuredContent };
};

server.registerTool(
  'get_order',
  {
    title: 'Get an order',
    description:
      'Looks up one order of the customer by its number: status (processing, packed, shipped, out_for_delivery, delivered, ' +
      'returned or cancelled), items with quantities and prices in euro, carrier, tracking number and expected day of ' +
      'arrival (eta) as far as they are known. Use it whenever the customer asks where an order is, when it arrives or ' +
      'what is in it, and names the number. Answers {"error":"not_found"} if the customer has no such order.',
    inputSchema: { customerId, orderNumber },
    annotations: { readOnlyHint: true },
  },
  ({ customerId, orderNumber }) => answer(() => orders.get(customerId, orderNumber)),
);

server.registerTool(
  'list_orders',
  {
    title: 'List orders',
    description:
      'Lists the latest orders of the customer, newest first, at most 10, with status and dates but without items. Use it ' +
      'when the customer asks about an order without its number ("my last order", "my parcel"), then get_order for more.',
    inputSchema: { customerId },
    annotations: { readOnlyHint: true },
  },
  ({ customerId }) => answer(() => orders.list(customerId)),
);

server.registerTool(
  'get_return_eligibility',
  {
    title: 'Check a return',
    description:
      'Says for each item of one order whether it can still be returned, until which day, and if not, why ' +
      '(not_delivered_yet, window_over, final_sale, already_returned, cancelled). Use it before promising any return. ' +
      'Answers {"error":"not_found"} if the customer has no such order.',
    inputSchema: { customerId, orderNumber },
    annotations: { readOnlyHint: true },
  },
  ({ customerId, orderNumber }) =>
    answer(() => orders.returnEligibility(customerId, orderNumber, new Date().toISOString().slice(0, 10))),
);

server.registerTool(
  'change_delivery_address',
  {
    title: 'Change the delivery address',
    description:
      'Changes the delivery address of one order of the customer that is not packed yet. Use it when the customer ' +
      'asks to send an order elsewhere and names the order and the whole new address. Answers {"error":"too_late"} when the ' +
      'order is packed already, {"error":"not_found"} if the customer has no such order.',
    inputSchema: {
      customerId,
      requestId,
      orderNumber,
      address: z.string().min(8).max(300).describe('The whole new address: street, postal code, city and country.'),
    },
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  },
  ({ customerId, requestId, orderNumber, address }) =>
    done(() => services.changeAddress(customerId, requestId, orderNumber, address)),
);

server.registerTool(
  'request_refund',
  {
    title: 'Refund',
    description:
      'Refunds an amount in euro of one order of the customer. Use it when the customer asks for money back and names the ' +
      'order and the amount. Answers {"error":"more_than_paid"} with what is left to refund, {"error":"not_found"} if the ' +
      'customer has no such order.',
    inputSchema: {
      customerId,
      requestId,
      orderNumber,
      amount: z.number().positive().max(10_000).describe('Amount in euro, such as 40 or 12.50.'),
      reason: z.string().max(500).optional().describe("Why, in the customer's words."),
    },
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  },
  ({ customerId, requestId, orderNumber, amount, reason }) =>
    done(() => services.refund(customerId, requestId, orderNumber, amount, reason ?? '')),
);

server.registerTool(
  'cancel_refund',
  {
    title: 'Cancel a refund',
    description: 'Takes back a refund of the last hour. Answers {"error":"paid_out"} when it is too late.',
    inputSchema: { customerId, requestId, refundId: z.string().regex(/^\d{1,18}$/) },
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true },
  },
  ({ customerId, refundId }) => done(() => services.cancelRefund(customerId, refundId)),
);

let stopping = false;
const stop = async (): Promise<void> => {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(), 2_000).unref();
  await server.close();
  await pool.end();
};

// The transport does not watch for the end of stdin, which is how the death of whoever started us shows. Ctrl-C in a
// terminal reaches the whole process group; the parent decides when its tools go.
process.stdin.once('end', () => void stop());
process.once('SIGTERM', () => void stop());
process.on('SIGINT', () => undefined);

await server.connect(new StdioServerTransport());
