import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { conversationList, conversationsView, conversationView } from '../../contracts/console.ts';
import type { Message, Position } from '../../contracts/events.ts';
import { toEntry } from '../../store/console-lists.ts';
import { within } from '../deadline.ts';
import { placeOf } from '../snapshot-place.ts';
import { Declined, notFound } from './declined.ts';
import { type ApiDeps, agentOf, conversationOf, taken } from './request.ts';

/** How long Redis may take to say where the log is. Without that the socket begins with a snapshot. */
const HEAD_MS = 500;

/** What agents look at. */
export const conversationRoutes = (app: FastifyInstance, { playbook }: ApiDeps): void => {
  const titles = new Map(playbook.intents.map(({ name, title }) => [name, title]));
  const titleOf = (intent: string): string | null => titles.get(intent) ?? null;

  app.get('/conversations', async (request) => {
    const agent = agentOf(request);
    const { view } = taken(z.strictObject({ view: conversationsView }), request.query);
    if (view === 'all' && agent.role === 'agent') throw new Declined(403, 'only for a supervisor');
    const rows = await app.console.lists.list(agent, view);
    return conversationList.parse({ conversations: rows.map((row) => toEntry(row, titleOf)) });
  });

  app.get('/conversations/:id', async (request) => {
    const id = conversationOf(request);
    // The head first: what is said in between is in the view and in the events after the position.
    const head = await within(HEAD_MS, 'head', app.events.head(id)).catch(() => null);
    const view = await app.console.views.view(agentOf(request), id);
    if (!view) throw notFound();
    return conversationView.parse({
      ...view,
      entry: toEntry(view.entry, titleOf),
      rating: null,
      position: head && positionOf(head, view.messages),
    });
  });
};

const positionOf = (head: Parameters<typeof placeOf>[0], messages: readonly Message[]): Position => ({
  generation: head.generation,
  seq: placeOf(head, messages),
});
