import fp from 'fastify-plugin';
import { createActions } from '../store/actions.ts';
import { createDatabase } from '../store/database.ts';
import { createRatings } from '../store/ratings.ts';
import { createStandings } from '../store/standing.ts';
import { createTranscripts } from '../store/transcripts.ts';

/** Decorates `transcripts` and `ratings`, with a pool that lives as long as the gateway. */
export default fp<{ url: string }>(
  async (app, { url }) => {
    const database = createDatabase(url, (error) =>
      app.log.warn({ reason: error.message }, 'Postgres connection lost'),
    );
    const { cards } = createActions(database);
    app.decorate('transcripts', {
      ...createTranscripts(database),
      ...createStandings(database),
      actions: (id) => cards(id),
    });
    app.decorate('ratings', createRatings(database));
    app.addHook('onClose', () => database.destroy());
  },
  { name: 'transcripts' },
);
