import type { FastifyInstance } from 'fastify';
import { agentStatusRequest, type Floor, floor, reassignRequest, switchRequest } from '../../contracts/console.ts';
import { agentId } from '../../contracts/desk.ts';
import { Declined, notFound } from './declined.ts';
import { deskOnFloor } from './desk-on-floor.ts';
import { reassign } from './reassigning.ts';
import { type ApiDeps, agentOf, conversationOf, paramOf, taken } from './request.ts';
import { changeStatus } from './self.ts';
import { tellConsoles } from './telling.ts';

/** What supervisors look at and do. */
export const floorRoutes = (app: FastifyInstance, { playbook }: ApiDeps): void => {
  const { access, agents, audit, commands, waits } = app.console;

  app.get('/floor', async (): Promise<Floor> => {
    const [waited, ...desks] = await Promise.all([
      waits.ofLastHour(),
      ...playbook.desks.map(async (desk) => ({ desk, state: await commands.deskState(desk.name) })),
    ]);
    const now = Date.now();
    return floor.parse({
      desks: desks.map(({ desk, state }) => ({
        ...deskOnFloor(desk, playbook, state, now),
        waitedP50Ms: waited.get(desk.name) ?? null,
      })),
    });
  });

  app.post('/floor/desks/:desk', async (request, reply) => {
    const { to } = taken(switchRequest, request.body);
    const desk = playbook.desks.find(({ name }) => name === paramOf(request.params, 'desk'));
    if (!desk) throw notFound();
    const by = agentOf(request).id;
    await audit.record({ actor: `agent:${by}`, action: 'desk.switched', subject: desk.name, detail: { to } });
    await commands.switchDesk(desk.name, to);
    await tellConsoles(app.console, app.log, { desks: [desk.name] }, { what: 'floor' });
    return reply.code(204).send();
  });

  app.post('/floor/agents/:id', async (request, reply) => {
    const { status } = taken(agentStatusRequest, request.body);
    const id = agentId.safeParse(paramOf(request.params, 'id'));
    if (!id.success) throw notFound();
    await changeStatus(app, agentOf(request).id, id.data, status);
    return reply.code(204).send();
  });

  app.post('/floor/conversations/:id', async (request, reply) => {
    const { commandId, desk, agent } = taken(reassignRequest, request.body);
    const id = conversationOf(request);
    const by = agentOf(request);
    const held = await access.held(by, id);
    if (!held) throw notFound();
    const person = agent === undefined ? null : await agents.get(agent);
    if (!playbook.desks.some(({ name }) => name === desk)) throw new Declined(400, 'desk: there is no such desk');
    if (agent !== undefined && !person?.desks.includes(desk)) throw new Declined(400, 'agent: is not at that desk');
    const detail = { desk, ...(agent !== undefined && { agent }), term: held.term };
    await audit.record({ actor: `agent:${by.id}`, action: 'conversation.reassigned', subject: id, detail });
    await reassign(commands, { id, ...held }, { commandId, desk, agent });
    const changed = [{ what: 'lists' } as const, { what: 'view', conversation: id } as const];
    await tellConsoles(app.console, app.log, { agents: [held.agent], desks: [held.desk, desk] }, ...changed);
    return reply.code(202).send({});
  });
};
