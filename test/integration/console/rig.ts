import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { accountOf, addAgent, startConsoleNode } from '../../console.ts';
import { freshDatabase } from '../../database.ts';
import { companyWithDesk } from '../../people.ts';

export const newId = (): string => `cnv_${randomBytes(32).toString('base64url').slice(0, 43)}`;
let commands = 0;
export const commandId = (): string => `command-${process.pid}-${++commands}`;

/** Two desks, people at them, and conversations that were written as workers write them. */
export const startRig = async () => {
  const database = await freshDatabase();
  const { db } = database;
  const { loaded, desk } = companyWithDesk();
  const [first] = loaded.playbook.desks;
  if (!first) throw new Error('the test playbook has no desk');
  const elsewhere = `${desk}x`;
  loaded.playbook.desks.push({ ...first, name: elsewhere, title: 'Elsewhere' });
  for (const [id, desks, role] of [
    ['ann', [desk], 'agent'],
    ['bob', [desk], 'agent'],
    ['eve', [elsewhere], 'agent'],
    ['sue', [desk], 'supervisor'],
    ['ada', [desk], 'admin'],
  ] as const)
    await addAgent(db, accountOf(id, [...desks], { role }));

  return {
    database,
    db,
    desk,
    elsewhere,
    loaded,
    node: (options: Parameters<typeof startConsoleNode>[1] = {}, parts: object = {}) =>
      startConsoleNode({ databaseUrl: database.url, loaded, ...parts }, options),

    async conversation(
      row: { heldBy?: string; agent?: string; desk?: string; status?: string; term?: number; owner?: string } = {},
    ) {
      const id = newId();
      const { heldBy = 'assistant', agent = null, status = 'open', term = 1 } = row;
      const at = row.desk ?? null;
      await sql`
        insert into conversations (id, owner, channel, playbook_version, held_by, agent, desk, status, term)
        values (${id}, ${row.owner ?? `visitor:${randomBytes(16).toString('base64url')}`}, 'web', 'v1', ${heldBy}, ${agent}, ${at}, ${status}, ${term})`.execute(
        db,
      );
      await sql`insert into turns (conversation_id, turn, term, generation, attempt, message_ids) values (${id}, 1, 0, 'g', 1, '{}')`.execute(
        db,
      );
      await sql`
        insert into messages (conversation_id, id, turn, ordinal, author, text, at)
        values (${id}, 'c:message-1', 1, 0, 'customer', 'where is my tent', now())`.execute(db);
      return id;
    },

    async handedOver(id: string, desk: string, context: object = {}) {
      await sql`
        insert into handoffs (conversation_id, term, desk, reason, context) values (${id}, 1, ${desk}, 'asked',
          ${JSON.stringify({ reason: 'asked', tried: [], toolCalls: [], customer: null, earlierConversations: [], ...context })})`.execute(
        db,
      );
    },

    async awaitingApproval(id: string) {
      await sql`
        insert into effects (conversation_id, turn, call, key, subject, tool, arguments, arguments_hash, state, card, approvers, expires_at)
        values (${id}, 1, 1, ${`${id}:1.1`}, 'customer:ada', 'refund', '{"order":"1042"}', ${'ab'.repeat(32)}, 'awaiting_approval',
          '{"title":"Refund","arguments":[{"label":"Order","value":"1042"}]}', 1, now() + interval '1 hour')`.execute(
        db,
      );
    },

    audit: async (action: string) =>
      await db
        .selectFrom('audit')
        .select(['actor', 'subject', 'detail'])
        .where('action', '=', action)
        .orderBy('id')
        .execute(),
  };
};

export type Rig = Awaited<ReturnType<typeof startRig>>;
