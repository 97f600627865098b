import type { FastifyInstance } from 'fastify';
import { type ChosenStatus, me, statusChange } from '../../contracts/console.ts';
import { Declined } from './declined.ts';
import { type ApiDeps, agentOf, taken } from './request.ts';
import { tellConsoles } from './telling.ts';

/** What an agent is, and wants to be. */
export const selfRoutes = (app: FastifyInstance, { playbook }: ApiDeps): void => {
  app.get('/me', async (request) => {
    const account = agentOf(request);
    const people = await app.console.statuses.colleagues();
    return me.parse({
      ...account,
      colleagues: people.filter(({ id }) => id !== account.id),
      status: await app.console.statuses.chosen(account.id),
      company: playbook.company.name,
      assistant: playbook.assistant.name,
      allDesks: playbook.desks.map(({ name, title }) => ({ name, title })),
      cannedReplies: playbook.cannedReplies,
    });
  });

  app.post('/status', async (request, reply) => {
    const { status } = taken(statusChange, request.body);
    await changeStatus(app, agentOf(request).id, agentOf(request).id, status);
    return reply.code(204).send();
  });
};

/**
 * The choice stands as soon as it is written; desks that cannot be told now are told later. Rejects with a `Declined` where
 * there is nobody of that id, or the desks do not all know yet.
 */
export const changeStatus = async (app: FastifyInstance, by: string, agent: string, status: ChosenStatus) => {
  const { audit, statuses, presence } = app.console;
  const record = { actor: `agent:${by}`, action: 'agent.status', subject: agent, detail: { status } };
  if (!(await statuses.choose(agent, status))) throw new Declined(404, 'not found');
  await audit.record(record);
  await tellConsoles(app.console, app.log, { agents: [agent] }, { what: 'me' });
  await presence.tell(agent);
};
