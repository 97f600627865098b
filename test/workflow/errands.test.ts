import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { errandsId } from '../../contracts/names.ts';
import { createConversationTickets } from '../../store/conversation-tickets.ts';
import { createTicketChanges } from '../../store/ticket-changes.ts';
import { createTickets } from '../../store/tickets.ts';
import { startErrands } from '../../workers/errands.ts';
import { type Engine, startEngine } from '../engine.ts';
import { createServer, listen } from '../fakes/listen.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';

let engine: Engine;
let receiver: Awaited<ReturnType<typeof listen>>;
const received: string[] = [];

beforeAll(async () => {
  const app = createServer();
  app.post<{ Body: { type: string; conversation: { id: string } } }>('/hook', async ({ body }) => {
    received.push(`${body.type} ${body.conversation.id}`);
    return null;
  });
  receiver = await listen(app);
  const target = { url: `${receiver.url}/hook`, secrets: ['a secret of thirty-two characters'] };
  engine = await startEngine({ model: scriptedModel(() => says('Hello.')), loaded: testPlaybook(), target });
  // Those of a desk that is no more would go on with this one.
  const { workflow } = engine.client;
  await workflow
    .getHandle(errandsId)
    .terminate('another desk')
    .catch(() => {});
  await Promise.all([startErrands(engine.client), startErrands(engine.client)]);
});
afterAll(async () => {
  await engine?.client.workflow.getHandle(errandsId).terminate('the test is over');
  await engine?.stop();
  await receiver?.close();
});

const eventually = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (const until = Date.now() + 20_000; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error('not within 20 s');
};

test('what happens in a conversation is posted, and what people answer in its ticket comes back to it', async () => {
  const id = engine.newConversation();
  await engine.send(id, 'message-1', 'hello');
  await engine.ended(id, 1);
  const wanted = [`conversation.opened ${id}`, `turn.ended ${id}`];
  await eventually(async () => (wanted.every((one) => received.includes(one)) ? true : undefined));

  const { db } = engine.database;
  const { openTicket } = engine.activities;
  const ticketId = await openTicket(id, 'escalation');
  await sql`insert into ticket_comments (ticket_id, text, public) values (${ticketId}, 'We found it.', true)`.execute(
    db,
  );
  await createTicketChanges(db).note({ system: 'built-in', ticketId });
  const signal = await eventually(async () => {
    const { events } = await engine.client.workflow.getHandle(id).fetchHistory();
    return events?.find((event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'ticketReplied');
  });
  const [payload] = signal.workflowExecutionSignaledEventAttributes?.input?.payloads ?? [];
  expect(JSON.parse(Buffer.from(payload?.data ?? []).toString())).toMatchObject({ ticketId, text: 'We found it.' });
  await eventually(async () => (received.includes(`ticket.opened ${id}`) ? true : undefined));
  expect(await createConversationTickets(db).open('built-in', id)).toEqual([ticketId]);
  expect(await createTickets(db).byId(ticketId)).toMatchObject({ status: 'open' });
});

test('there is one for the desk, and it waits without filling its history', async () => {
  const { events } = await engine.client.workflow.getHandle(errandsId).fetchHistory();
  expect(events?.length).toBeLessThan(12);
});
