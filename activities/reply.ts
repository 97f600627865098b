import { ApplicationFailure, Context } from '@temporalio/activity';
import type { DeskEvent, Message } from '../contracts/events.ts';
import { FAILURE } from '../contracts/failures.ts';
import { fingerprint } from '../contracts/fingerprint.ts';
import { verifiedCustomer } from '../contracts/ids.ts';
import { sentence } from '../contracts/playbook.ts';
import { type Caller, ModelRefused, ModelUnavailable } from '../integrations/model.ts';
import type { Reader, Reading } from '../knowledge/reader.ts';
import type { Actions } from '../store/actions.ts';
import { StoreUnavailable } from '../store/database.ts';
import type { Owners } from '../store/owners.ts';
import { StreamUnavailable } from '../stream/connection.ts';
import type { EventWriter, Halts } from '../stream/event-log.ts';
import { type AnswerDeps, type Asked, createAnswer, ruled } from './answer.ts';
import { cardsOf, show } from './show.ts';
import { goneTo, left, said, type Turn, type TurnOutcome } from './turn.ts';

export type ReplyDeps = AnswerDeps & {
  events: EventWriter;
  halts: Halts;
  actions: Actions;
  owners: Pick<Owners, 'of'>;
  reader: Pick<Reader, 'read'>;
};

/** A customer who has waited this long in the queue is told so, milliseconds. */
const SLOW_MS = 3_000;

/**
 * How long the fast path waits for a place at the model, milliseconds. The slow path costs an activity more and has the
 * customer wait 0.1 s longer when there is none; longer than that the workflow should not be deaf for nothing.
 */
const FAST_WAIT_MS = 300;

/** A place that comes later than this before the turn's end is of no use: a short reply and telling take that long. */
const LAST_PLACE_MS = 10_000;

/** How this attempt runs: in the workflow task or on the queue of the assistant. */
type Run = { isLocal: boolean; isLate(): boolean; signal: AbortSignal; alive(): void };

type Unavailable = Extract<TurnOutcome, { kind: 'unavailable' }>;

export const createReplyActivities = (deps: ReplyDeps) => {
  const answer = createAnswer(deps);

  /** `lost` is watched from before the turn is opened: a halt right after that must not go unheard. */
  const watched = async (turn: Turn, run: Run): Promise<TurnOutcome> => {
    const lost = new AbortController();
    let halted = false;
    const unwatch = deps.halts.watch(turn.conversationId, turn.turn, (why) => {
      halted ||= why === 'halted';
      lost.abort();
    });
    try {
      const outcome = await reply(turn, run, lost);
      return outcome.kind === 'superseded' && halted ? { kind: 'halted' } : outcome;
    } finally {
      unwatch();
    }
  };

  const delayed = ({ turn, language }: Turn): DeskEvent => ({
    type: 'reply.delayed',
    turn,
    text: sentence(deps.playbook, 'slow', language),
  });

  /** The model is to be left alone, and a customer for whom that is long is told now. */
  const holdOff = async (turn: Turn, pauseMs: number): Promise<TurnOutcome> => {
    if (pauseMs > SLOW_MS) {
      const opening = { once: said(turn).map(added), always: () => [delayed(turn)] };
      const draft = await deps.events.open(turn.conversationId, turn, opening);
      if (draft === 'stale') return { kind: 'superseded' };
      if (draft === 'halted') return { kind: 'halted' };
    }
    throw new ModelUnavailable('the model asked to be asked again later', pauseMs);
  };

  const reply = async (turn: Turn, run: Run, lost: AbortController): Promise<TurnOutcome> => {
    let told = run.isLate();
    // While the log is opened; never rejects without a signal.
    const reading = deps.reader.read(turn.messages.map((message) => message.text).join('\n'));
    const cards = await cardsOf(deps.actions, turn);
    const draft = await deps.events.open(turn.conversationId, turn, {
      once: said(turn).map(added),
      always: (attempt) => [
        ...turn.called.map(toolEnded(turn)),
        ...cards,
        { type: 'reply.started', turn: turn.turn, attempt },
        ...(told ? [delayed(turn)] : []),
      ],
    });
    if (draft === 'stale') return overtaken(turn, await reading);
    if (draft === 'halted') return { kind: 'halted' };
    const asked = askedOf(turn, await reading);
    const read = { understanding: asked.reading.understanding, lookup: asked.lookup };
    const claimed = await deps.turns.claim(draft, said(turn), turn.round, read);
    switch (claimed.kind) {
      case 'refused':
        return overtaken(turn, asked.reading);
      case 'ended':
        // Written but perhaps not seen: its attempt died, or its log was lost, after the transcript.
        return (await show(deps.events, draft, claimed.reply))
          ? {
              kind: 'ended',
              end: claimed.reply.end ?? 'final',
              ...left(turn, claimed.answered),
              ...goneTo(turn, claimed.answered),
            }
          : { kind: 'superseded' };
      case 'claimed':
        // Messages that came meanwhile may have joined a turn that is taken again; to one that has its reply they do not belong.
        // Refused or not is seen by the answer's first words.
        if (draft.attempt > 1 && turn.round === 0) await deps.events.append(draft, said(turn).map(added));
        return named(
          await answer(turn, draft, claimed, asked, lost, run.signal, run.alive, {
            ...callerOf(turn, run.isLocal),
            waiting() {
              run.alive();
              if (told || !run.isLate()) return;
              told = true;
              // In front of the first words, which go the same way after it; what it fails with they fail with too.
              void deps.events.append(draft, [delayed(turn)]).catch(() => undefined);
            },
          }),
          asked,
        );
    }
  };

  /**
   * By another attempt, by people, or by its own handoff: a worker that has told everybody of it and died before Temporal heard.
   * The conversation waits in the next term then, which nobody but its workflow can have made, so it is decided once more.
   */
  const overtaken = async (turn: Turn, reading: Reading): Promise<TurnOutcome> => {
    const owned = await deps.owners.of(turn.conversationId);
    if (owned?.heldBy !== 'waiting' || owned.term !== turn.term + 1) return { kind: 'superseded' };
    return { kind: 'handoff', reason: (await ruled(deps, turn, reading)) ?? 'assistant', again: true };
  };

  /** A later round answers with what tools said, so only the first may be looked up. */
  const askedOf = (turn: Turn, reading: Reading): Asked => {
    const asker = { signedIn: verifiedCustomer(turn.owner) !== null, language: turn.language };
    return { reading, lookup: turn.round === 0 ? deps.answers.lookup(reading, asker) : null };
  };

  return {
    /**
     * Takes one round of a turn: streams the assistant's words to the customer, writes them down and says how it ended.
     * Safe to run again, also beside itself: a new attempt supersedes, and a turn that has its reply is shown, not redone.
     *
     * As a local activity it returns `unavailable`, so that a plain turn stays one workflow task; on the task queue of the
     * assistant the same is thrown, so that Temporal retries it: `ModelUnavailable` (after `Retry-After` where the model
     * said so), `StoreUnavailable`, `StreamUnavailable`. `ModelRefused` is thrown in both and is not retryable.
     */
    async reply(turn: Turn): Promise<TurnOutcome> {
      const { info, cancellationSignal, heartbeat } = Context.current();
      try {
        const queuedMs = () => (info.isLocal ? 0 : Date.now() - info.scheduledTimestampMs);
        const pauseMs = (turn.pauseMs ?? 0) - queuedMs();
        if (pauseMs > 0) return await holdOff(turn, pauseMs);
        return await watched(turn, {
          isLocal: info.isLocal,
          isLate: () => queuedMs() > SLOW_MS,
          signal: cancellationSignal,
          alive: info.isLocal ? () => {} : () => heartbeat(),
        });
      } catch (error) {
        if (error instanceof ModelRefused) throw ApplicationFailure.nonRetryable(error.message, FAILURE.modelRefused);
        const unavailable = toUnavailable(error);
        if (!unavailable) throw error;
        if (info.isLocal) return unavailable;
        throw toFailure(unavailable, error);
      }
    },
  };
};

/** People are told of an intent that is likelier than all others together. To ask for a person says nothing of what about. */
const named = (outcome: TurnOutcome, { reading: { understanding } }: Asked): TurnOutcome => {
  const { intent, confidence = 0 } = (!understanding.wantsPerson && understanding.intent) || {};
  const tells = outcome.kind === 'ended' || outcome.kind === 'handoff';
  return tells && intent && confidence > 0.5 ? { ...outcome, intent } : outcome;
};

/** Customers share the model alike, however many conversations each has. */
const callerOf = ({ owner, deadline }: Turn, isLocal: boolean): Caller => ({
  rank: 'live',
  share: fingerprint(owner),
  withinMs: isLocal ? FAST_WAIT_MS : Math.max(0, deadline - Date.now() - LAST_PLACE_MS),
});

const added = (message: Message): DeskEvent => ({ type: 'message.added', message });

const toolEnded =
  ({ turn }: Turn) =>
  ({ call, name, ok }: Turn['called'][number]): DeskEvent => ({ type: 'tool.ended', turn, call, name, ok });

const toUnavailable = (error: unknown): Unavailable | undefined => {
  if (error instanceof StoreUnavailable) return { kind: 'unavailable', cause: 'store' };
  if (error instanceof StreamUnavailable) return { kind: 'unavailable', cause: 'stream' };
  if (!(error instanceof ModelUnavailable)) return undefined;
  const { retryAfterMs } = error;
  return { kind: 'unavailable', cause: 'model', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
};

const TYPES = {
  model: FAILURE.modelUnavailable,
  store: FAILURE.storeUnavailable,
  stream: FAILURE.streamUnavailable,
} as const;

const toFailure = ({ cause, retryAfterMs }: Unavailable, error: unknown) =>
  ApplicationFailure.create({
    message: error instanceof Error ? error.message : String(error),
    type: TYPES[cause],
    ...(retryAfterMs === undefined ? {} : { nextRetryDelay: retryAfterMs }),
  });
