import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  agentSend,
  approvalRequest,
  newNote,
  offerReply,
  offerTaken,
  released,
  releaseRequest,
  suggestionRequest,
} from '../../contracts/console.ts';
import type { Held } from '../../store/console-access.ts';
import { accepted } from './accepting.ts';
import { Declined, notFound } from './declined.ts';
import { agentOf, conversationOf, taken } from './request.ts';
import { tellConsoles } from './telling.ts';

/** What agents do. The workflows decide; here stands who may ask them, and who has to look again afterwards. */
export const doingRoutes = (app: FastifyInstance): void => {
  const { access, audit, commands, notes } = app.console;

  const visible = async (request: FastifyRequest): Promise<Held & { id: string }> => {
    const id = conversationOf(request);
    const held = await access.held(agentOf(request), id);
    if (!held) throw notFound();
    return { ...held, id };
  };

  const tell = async ({ desk, agent, id }: Held & { id: string }, ...others: (string | null)[]): Promise<void> => {
    const to = { agents: [agent], desks: [desk, ...others] };
    await tellConsoles(app.console, app.log, to, { what: 'lists' }, { what: 'view', conversation: id });
  };

  app.post('/offers', async (request) => {
    const { desk, ...answer } = taken(offerReply, request.body);
    const taking = await accepted(app.console, agentOf(request).id, desk, answer);
    return offerTaken.parse({ conversationId: taking });
  });

  app.post('/conversations/:id/messages', async (request, reply) => {
    const { clientMessageId, text } = taken(agentSend, request.body);
    const { id: agent, name } = agentOf(request);
    const held = await visible(request);
    if (held.heldBy !== 'agent' || held.agent !== agent) throw new Declined(409, 'it is not yours to answer');
    await commands.say(held.id, { clientMessageId, agent, by: name, text, at: new Date().toISOString() });
    return reply.code(202).send({});
  });

  app.post('/conversations/:id/notes', async (request, reply) => {
    const { id, text } = taken(newNote, request.body);
    const held = await visible(request);
    await notes.add({ conversationId: held.id, id, agent: agentOf(request).id, text });
    await tell(held);
    return reply.code(201).send({});
  });

  app.post('/conversations/:id/release', async (request) => {
    const { commandId, ...release } = taken(releaseRequest, request.body);
    const held = await visible(request);
    const term = await commands.release(held.id, commandId, { ...release, agent: agentOf(request).id });
    await tell(held, ...(release.desk ? [release.desk] : []));
    return released.parse({ term });
  });

  app.post('/conversations/:id/approvals', async (request) => {
    const decision = taken(approvalRequest, request.body);
    const held = await visible(request);
    const by = agentOf(request).id;
    const taking = await commands.decideApproval(held.id, { ...decision, by });
    const detail = { action: decision.action, decision: decision.decision, outcome: taking.state };
    await audit.record({ actor: `agent:${by}`, action: 'approval.decided', subject: held.id, detail });
    await tell(held);
    return taking;
  });

  app.post('/conversations/:id/suggestion', async (request, reply) => {
    const { commandId } = taken(suggestionRequest, request.body);
    const held = await visible(request);
    await commands.suggest(held.id, { commandId, agent: agentOf(request).id, term: held.term });
    return reply.code(202).send({});
  });
};
