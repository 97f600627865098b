import { Context } from '@temporalio/activity';
import { createDraftWriter } from '../../activities/draft-writer.ts';
import { buildPrompt } from '../../activities/prompt.ts';
import type { ReplyDeps } from '../../activities/reply.ts';
import { assistantMessage, replyEnded } from '../../activities/show.ts';
import { said, type Turn } from '../../activities/turn.ts';
import type { Source } from '../../contracts/events.ts';
import { verifiedCustomer } from '../../contracts/ids.ts';
import { sourcesOf } from '../../knowledge/sources.ts';
import type { Passage } from '../../store/passages.ts';
import type { Claimed } from '../../store/turns.ts';
import type { Draft } from '../../stream/event-log.ts';

export type StepActivities = ReturnType<typeof createStepActivities>;

type Opened = { draft: Draft; mine: Extract<Claimed, { kind: 'claimed' }> };
type Answer = { text: string; sources: Source[] };

/** As many as `activities/answer.ts` puts into a prompt. */
const PASSAGES = 4;

/** The product's turn, cut into the four steps that Temporal users cut one into, over the same modules. */
export const createStepActivities = (deps: ReplyDeps) => ({
  /** Opens the log, claims the turn and returns what was said before, as `activities/reply.ts` begins. */
  async context(turn: Turn): Promise<Opened> {
    const draft = await deps.events.open(turn.conversationId, turn, {
      once: said(turn).map((message) => ({ type: 'message.added', message })),
      always: (attempt) => [{ type: 'reply.started', turn: turn.turn, attempt }],
    });
    if (typeof draft === 'string') throw new Error(`the log says that the turn is ${draft}`);
    const mine = await deps.turns.claim(draft, said(turn), turn.round);
    if (mine.kind !== 'claimed') throw new Error(`the turn is ${mine.kind}`);
    return { draft, mine };
  },

  async retrieve(turn: Turn): Promise<Passage[]> {
    const { text } = await deps.reader.read(questionOf(turn));
    const { defaultLanguage } = deps.playbook.assistant;
    return (await deps.passages.search({ text, vector: null }, defaultLanguage, PASSAGES)).passages;
  },

  /** Streams the model's answer to the customer. */
  async reply(turn: Turn, { draft, mine }: Opened, passages: Passage[]): Promise<Answer> {
    const { cancellationSignal, heartbeat } = Context.current();
    const { language, owner } = turn;
    const customerId = verifiedCustomer(owner);
    const prompt = buildPrompt({
      playbook: deps.playbook,
      history: mine.history,
      known: mine.context,
      said: said(turn),
      steps: mine.steps,
      passages,
      tools: await deps.gate.describe(turn),
      language,
      signedIn: customerId !== null,
      profile: null,
    });
    const lost = new AbortController();
    const writer = createDraftWriter(deps.events, draft, () => lost.abort());
    let text = '';
    const signal = AbortSignal.any([cancellationSignal, lost.signal]);
    for await (const part of deps.model.stream(prompt, signal)) {
      heartbeat();
      if (part.type === 'tools') throw new Error('a plain question needs no tools');
      if (part.type !== 'text') continue;
      writer.push(part.text);
      text += part.text;
    }
    if (!(await writer.end([]))) throw new Error('the draft is stale');
    return { text, sources: sourcesOf(text, passages) };
  },

  /** Transcript first, then the event, as in the product. */
  async persist({ turn }: Turn, draft: Draft, { text, sources }: Answer): Promise<void> {
    if (!(await deps.turns.finish(draft, { ...assistantMessage(turn, text, 'final'), end: 'final', sources })))
      throw new Error('the claim was lost');
    const shown = await deps.events.append(draft, [replyEnded(draft, 'final', text.length, sources)]);
    if (shown === 'stale') throw new Error('the draft is stale');
  },
});

const questionOf = (turn: Turn): string =>
  said(turn)
    .map(({ text }) => text)
    .join('\n');
