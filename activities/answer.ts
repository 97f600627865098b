import type { DeskEvent } from '../contracts/events.ts';
import { verifiedCustomer } from '../contracts/ids.ts';
import { type Playbook, sentence } from '../contracts/playbook.ts';
import { toStorable } from '../contracts/text.ts';
import { type Caller, type ChatModel, ModelRefused, ModelUnavailable, type ToolCall } from '../integrations/model.ts';
import { createSharedModel } from '../integrations/shared-model.ts';
import type { AnswerKeeper } from '../knowledge/answer-cache/keeper.ts';
import type { Reading } from '../knowledge/reader.ts';
import type { Retrieval } from '../knowledge/retrieval.ts';
import { sourcesOf } from '../knowledge/sources.ts';
import { factsOfTurn } from '../knowledge/understanding/facts.ts';
import type { AnswerLookup } from '../store/answers.ts';
import type { Steps } from '../store/steps.ts';
import type { Claimed, Grounds, Reply, Turns } from '../store/turns.ts';
import type { Draft, EventWriter } from '../stream/event-log.ts';
import { usedUp } from './budgets.ts';
import { createDraftWriter, type DraftWriter } from './draft-writer.ts';
import type { Gate } from './gate.ts';
import { groundsOf } from './grounds.ts';
import { handoffRule } from './handoff-rules.ts';
import { HANDOFF_TOOL } from './handoff-tool.ts';
import type { Profiles } from './profiles.ts';
import { buildPrompt, NOTHING_KNOWN } from './prompt.ts';
import { assistantMessage, replyEnded } from './show.ts';
import { said, type Turn, type TurnOutcome } from './turn.ts';

export type AnswerDeps = {
  playbook: Playbook;
  model: ChatModel;
  events: EventWriter;
  turns: Turns;
  steps: Steps;
  passages: Pick<Retrieval, 'search'>;
  gate: Pick<Gate, 'describe' | 'title'>;
  profiles: Profiles;
  answers: AnswerKeeper;
};

/** Passages that go into a prompt. For 195 of the 200 questions in bench/questions the right article is among the first three. */
const PASSAGES = 4;

/** A call's arguments as they are kept, UTF-16 code units; the policy refuses what is longer than 16 Ki. */
const MAX_ARGUMENTS = 20_000;

type Mine = Extract<Claimed, { kind: 'claimed' }>;

/** What was read of the turn's messages; `lookup` where an answer to them may be somebody else's too. */
export type Asked = { reading: Reading; lookup: AnswerLookup | null };

type Ended = Omit<Reply, 'id' | 'at'>;

/**
 * One model call of a claimed turn, from prompt to decision; none where an answer is kept that says it. `lost` is aborted when
 * its words may no longer be shown.
 */
export const createAnswer = (deps: AnswerDeps) => {
  const shared = createSharedModel(deps.model);

  return async (
    turn: Turn,
    draft: Draft,
    mine: Mine,
    { reading, lookup: wanted }: Asked,
    lost: AbortController,
    signal: AbortSignal,
    alive: () => void,
    caller: Caller,
  ): Promise<TurnOutcome> => {
    const writer = createDraftWriter(deps.events, draft, () => lost.abort());
    const lookup = wanted && deps.answers.standsAlone(reading, mine.history, mine.context.facts) ? wanted : null;
    try {
      const rule = turn.round === 0 && (await ruled(deps, turn, reading));
      if (rule) return await handedOff(writer, rule);
      const kept = lookup && deps.answers.choose(reading, mine.answers);
      if (kept) {
        writer.push(kept.text);
        const { text, sources } = kept;
        const ended: Ended = { text, end: 'final', sources, facts: factsOfTurn(reading, turn.messages, text) };
        return await finish(deps, turn, draft, writer, ended, { restsOn: 'cache', unanswered: false, served: kept.id });
      }
      // A turn that has begun goes on: its tools may have done what the customer must hear of. How often is bounded.
      const reason = turn.round === 0 ? usedUp(deps.playbook.budgets, mine.context.spent) : null;
      if (reason) {
        const text = sentence(deps.playbook, 'budgetUsed', turn.language);
        writer.push(text);
        return await finish(deps, turn, draft, writer, { text, end: 'failed', sources: [], reason });
      }
      const { prompt, found } = await prepare(deps, turn, mine, reading, lookup !== null);
      const spoken = preambles(mine);
      const { text, calls, whole, tokens } = await listen(
        lookup ? shared : deps.model,
        prompt,
        writer,
        spoken,
        AbortSignal.any([signal, lost.signal]),
        alive,
        caller,
      );
      if (calls.some(({ name }) => name === HANDOFF_TOOL.name)) return await handedOff(writer, 'assistant');
      if (calls.length > 0) return await decide(deps, turn, draft, mine, writer, text, calls, tokens);
      const sources = sourcesOf(text, found.passages);
      const grounds: Grounds = groundsOf(deps.playbook, reading, found, mine.steps, sources);
      const keep = whole && !grounds.unanswered && lookup;
      const made = keep && deps.answers.toKeep(keep, reading, { text, sources, passages: found.passages });
      const facts = factsOfTurn(reading, turn.messages, text);
      const ended: Ended = { text: spoken + text, end: 'final', sources, tokens, facts };
      return await finish(deps, turn, draft, writer, ended, { ...grounds, ...(made ? { keep: made } : {}) });
    } catch (error) {
      await writer.settle();
      if (lost.signal.aborted) return { kind: 'superseded' };
      throw error;
    }
  };
};

/** The rule of the playbook by which the turn is for people, if there is one. */
export const ruled = async (
  { playbook, profiles }: AnswerDeps,
  turn: Turn,
  reading: Reading,
): Promise<string | null> => {
  const { waits, gaveUpOn } = turn;
  const profile = playbook.handoff.tiers.length > 0 ? await profiles.of(verifiedCustomer(turn.owner)) : null;
  return handoffRule(playbook, {
    ...{ reading, tier: profile?.tier ?? null },
    ...(waits ? { waits } : {}),
    ...(gaveUpOn === undefined ? {} : { gaveUpOn }),
  });
};

/** The turn stays open: it ends with what the customer is told of the change. */
const handedOff = async (writer: DraftWriter, reason: string): Promise<TurnOutcome> =>
  (await writer.end([])) ? { kind: 'handoff', reason } : { kind: 'superseded' };

const prepare = async (
  { playbook, passages: index, gate, profiles }: AnswerDeps,
  turn: Turn,
  { history, steps, context: known }: Mine,
  reading: Reading,
  isCommon: boolean,
) => {
  const messages = said(turn);
  const mayCall = steps.length < playbook.budgets.toolCallsPerTurn;
  const customerId = verifiedCustomer(turn.owner);
  const [found, descriptions, profile] = await Promise.all([
    index.search(reading, playbook.assistant.defaultLanguage, PASSAGES),
    mayCall ? gate.describe(turn) : [],
    // An answer that may be kept for others is made without a word about this customer.
    isCommon ? null : profiles.of(customerId),
  ]);
  const tools = playbook.handoff.askedForPerson ? [...descriptions, HANDOFF_TOOL] : descriptions;
  const signedIn = customerId !== null;
  const { language } = turn;
  const { passages } = found;
  const parts = {
    playbook,
    history,
    known: isCommon ? NOTHING_KNOWN : known,
    said: messages,
    steps,
    passages,
    tools,
    language,
    signedIn,
    profile,
  };
  return { found, prompt: buildPrompt(parts) };
};

/** What earlier rounds of the turn said before they called their tools: the reply goes on from there. */
const preambles = ({ steps }: Mine): string => {
  const rounds = new Map(steps.map(({ round, preamble }) => [round, preamble]));
  return [...rounds.values()]
    .filter(Boolean)
    .map((text) => `${text}\n\n`)
    .join('');
};

const listen = async (
  model: ChatModel,
  prompt: Parameters<ChatModel['stream']>[0],
  writer: DraftWriter,
  spoken: string,
  signal: AbortSignal,
  alive: () => void,
  caller: Caller,
) => {
  let text = '';
  let calls: ToolCall[] = [];
  let whole = false;
  let tokens = 0;
  for await (const part of model.stream(prompt, signal, caller)) {
    alive();
    if (part.type === 'text') {
      writer.push(text === '' ? spoken + part.text : part.text);
      text += part.text;
    } else if (part.type === 'tools') calls = part.calls;
    else if (part.reason === 'cut') throw new ModelUnavailable('the model ended its answer in the middle');
    else if (part.reason === 'filter') throw new ModelRefused("the model's content filter cut the answer off");
    else {
      whole = part.reason === 'stop';
      if (part.usage) tokens = part.usage.input + part.usage.output;
    }
  }
  if (text.trim() === '' && calls.length === 0) throw new ModelUnavailable('the model answered with nothing');
  return { text, calls, whole, tokens };
};

/** Writes down what the model wants to call; the workflow's history then makes it the turn's decision. */
const decide = async (
  { playbook, steps, gate }: AnswerDeps,
  turn: Turn,
  draft: Draft,
  { steps: earlier }: Mine,
  writer: DraftWriter,
  preamble: string,
  wanted: ToolCall[],
  tokens: number,
): Promise<TurnOutcome> => {
  const calls = wanted
    .slice(0, playbook.budgets.toolCallsPerTurn - earlier.length)
    .map(({ id, name, arguments: args }, index) => ({
      call: earlier.length + index,
      toolCallId: `${turn.round}.${index}.${toStorable(id)}`.slice(0, 64),
      name: toStorable(name).slice(0, 64),
      arguments: toStorable(args).slice(0, MAX_ARGUMENTS),
      preamble,
    }));
  const decided = await steps.decide(draft, turn.round, calls, tokens);
  if (!decided) return { kind: 'superseded' };
  const started = decided.map(
    ({ call, name }): DeskEvent => ({
      type: 'tool.started',
      turn: turn.turn,
      call,
      name,
      title: gate.title(name, turn.language),
    }),
  );
  const shown = await writer.end(started);
  return shown ? { kind: 'tools', calls: decided } : { kind: 'superseded' };
};

/** Transcript first, then the event: what a customer sees as final is in Postgres. */
const finish = async (
  { turns }: AnswerDeps,
  { turn }: Turn,
  draft: Draft,
  writer: DraftWriter,
  ended: Ended,
  grounds?: Grounds,
): Promise<TurnOutcome> => {
  const { text, end, sources } = ended;
  if (!(await turns.finish(draft, { ...assistantMessage(turn, text, end), ...ended }, grounds))) {
    await writer.settle();
    return { kind: 'superseded' };
  }
  const shown = await writer.end([replyEnded(draft, end, text.length, sources, grounds?.restsOn === 'cache')]);
  return shown
    ? { kind: 'ended', end, ...(grounds?.unanswered ? { groundless: true as const } : {}) }
    : { kind: 'superseded' };
};
