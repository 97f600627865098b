import type { Activities } from '../activities/index.ts';
import type { Turn } from '../activities/turn.ts';
import type { ReplyEnd } from '../contracts/events.ts';
import { type ChatModel, ModelRefused, ModelUnavailable } from '../integrations/model.ts';
import type { Draft, EventWriter } from '../stream/event-log.ts';
import type { WorkerMetrics } from './metrics.ts';

// The same ports and activities, counted: nothing inside them knows of metrics.

export const measuredModel = (model: ChatModel, metrics: WorkerMetrics): ChatModel => ({
  async *stream(prompt, signal) {
    const startedAt = performance.now();
    // What is left when the consumer stops listening: a stop or a takeover.
    let result = 'abandoned';
    try {
      for await (const part of model.stream(prompt, signal)) {
        if (part.type === 'finish') {
          result = part.reason === 'cut' || part.reason === 'filter' ? part.reason : 'ok';
          metrics.tokens.inc({ direction: 'input' }, part.usage?.input ?? 0);
          metrics.tokens.inc({ direction: 'output' }, part.usage?.output ?? 0);
        }
        yield part;
      }
    } catch (error) {
      if (!signal.aborted) result = failureOf(error);
      throw error;
    } finally {
      metrics.modelCalls.inc({ result });
      if (result === 'ok') metrics.modelSeconds.observe((performance.now() - startedAt) / 1_000);
    }
  },
});

const failureOf = (error: unknown): string => {
  if (error instanceof ModelRefused) return 'refused';
  if (error instanceof ModelUnavailable) return error.status === 429 ? 'rate_limited' : 'unavailable';
  return 'error';
};

/** Sees the first words of a turn go into the log. Turns of the assistant's own have no message that they answer. */
export const measuredEvents = (events: EventWriter, metrics: WorkerMetrics): EventWriter => {
  const acceptedAt = new WeakMap<Draft, number>();
  return {
    ...events,
    async open(conversationId, fence, opening) {
      const draft = await events.open(conversationId, fence, opening);
      if (typeof draft === 'string') return draft;
      const opened = [...opening.once, ...opening.always(draft.attempt)];
      const first = opened.find((event) => event.type === 'message.added');
      if (first) acceptedAt.set(draft, Date.parse(first.message.at));
      return draft;
    },
    async append(draft, batch) {
      const position = await events.append(draft, batch);
      if (position === 'stale') return position;
      if (batch.some((event) => event.type === 'reply.ended' && event.cached)) metrics.cachedReplies.inc();
      const from = acceptedAt.get(draft);
      if (from !== undefined && batch.some(({ type }) => type === 'reply.delta')) {
        acceptedAt.delete(draft);
        metrics.firstDeltaSeconds.observe(secondsSince(from));
      }
      return position;
    },
  };
};

export const measuredActivities = (activities: Activities, metrics: WorkerMetrics): Activities => {
  const ended = ({ messages: [first] }: Turn, end: ReplyEnd) => {
    if (!first) return;
    metrics.turns.inc({ end });
    metrics.turnSeconds.observe(secondsSince(Date.parse(first.at)));
  };
  return {
    ...activities,
    async reply(turn) {
      const outcome = await activities.reply(turn);
      if (outcome.kind === 'ended') ended(turn, outcome.end);
      else if (outcome.kind === 'superseded') metrics.superseded.inc();
      else if (outcome.kind === 'unavailable') metrics.slowPathTurns.inc({ cause: outcome.cause });
      return outcome;
    },
    async stopTurn(turn) {
      const outcome = await activities.stopTurn(turn);
      if (outcome.kind === 'ended') ended(turn, outcome.end);
      return outcome;
    },
    async tell(turn, sentence) {
      const told = await activities.tell(turn, sentence);
      // Told without a record, it is told again for the record later and counted then.
      if (told.kind === 'ended' && told.recorded) ended(turn, 'failed');
      return told;
    },
    async callTool(turn, call) {
      let result = 'error';
      try {
        const called = await activities.callTool(turn, call);
        result = called.kind === 'answered' ? (called.ok ? 'ok' : 'failed') : called.kind;
        return called;
      } finally {
        metrics.toolCalls.inc({ result });
      }
    },
    async runEffect(turn, of) {
      let state = 'error';
      try {
        const end = await activities.runEffect(turn, of);
        state = end.state;
        return end;
      } finally {
        metrics.effects.inc({ state });
      }
    },
  };
};

/** The message was accepted by the clock of a gateway, so nothing is below zero. */
const secondsSince = (time: number): number => Math.max(0, Date.now() - time) / 1_000;
