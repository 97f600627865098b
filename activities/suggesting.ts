import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Message } from '../contracts/events.ts';
import { FAILURE } from '../contracts/failures.ts';
import { fingerprint } from '../contracts/fingerprint.ts';
import { type ConversationId, type Subject, verifiedCustomer } from '../contracts/ids.ts';
import type { Playbook } from '../contracts/playbook.ts';
import { type ChatModel, ModelRefused, type Prompt } from '../integrations/model.ts';
import type { Reader } from '../knowledge/reader.ts';
import type { Retrieval } from '../knowledge/retrieval.ts';
import { sourcesOf } from '../knowledge/sources.ts';
import type { Transcripts } from '../store/transcripts.ts';
import type { AgentChannel } from './desk-ports.ts';
import type { Profiles } from './profiles.ts';
import { buildPrompt, NOTHING_KNOWN } from './prompt.ts';

export type SuggestDeps = {
  playbook: Playbook;
  model: ChatModel;
  passages: Pick<Retrieval, 'search'>;
  reader: Pick<Reader, 'read'>;
  profiles: Profiles;
  transcripts: Pick<Transcripts, 'messages'>;
  agents: AgentChannel;
};

/** Whose draft, and where it goes. */
export type Suggestion = {
  conversationId: ConversationId;
  owner: Subject;
  commandId: string;
  agent: string;
  language?: string;
};

const PASSAGES = 4;

/** Messages that a draft looks back on. */
const HISTORY = 40;

/** As replies are paced (`draft-writer.ts`), milliseconds. */
const PACE_MS = 50;

/** How long the call may wait for its place at the model; an agent can type it in that time. */
const WAIT_MS = 15_000;

export const createSuggestActivities = (deps: SuggestDeps) => {
  const { playbook, model, agents } = deps;

  const prepare = async ({ conversationId, owner, language }: Suggestion) => {
    const messages = await deps.transcripts.messages(conversationId);
    const answered = messages.findLastIndex(({ author }) => author !== 'customer');
    const said = messages.slice(answered + 1);
    const asked = said.length > 0 ? said : messages.filter(({ author }) => author === 'customer').slice(-1);
    const reading = await deps.reader.read(asked.map(({ text }) => text).join('\n'));
    const customerId = verifiedCustomer(owner);
    const [{ passages }, profile] = await Promise.all([
      deps.passages.search(reading, playbook.assistant.defaultLanguage, PASSAGES),
      deps.profiles.of(customerId),
    ]);
    const history: Message[] = messages.slice(0, messages.length - said.length).slice(-HISTORY);
    const parts = { playbook, history, known: NOTHING_KNOWN, said, steps: [], passages, tools: [], language, profile };
    const prompt = buildPrompt({ ...parts, signedIn: customerId !== null, draft: true });
    return { prompt, passages };
  };

  /** Streams the model's words to the agent's consoles, whole lines of them at a time. Resolves with all of the text. */
  const write = async ({ conversationId, commandId, agent, owner }: Suggestion, prompt: Prompt): Promise<string> => {
    const { info, cancellationSignal, heartbeat } = Context.current();
    const caller = { rank: 'live', share: fingerprint(owner), withinMs: WAIT_MS, waiting: () => heartbeat() } as const;
    let text = '';
    let told = 0;
    let toldAt = 0;
    for await (const part of model.stream(prompt, cancellationSignal, caller)) {
      if (part.type !== 'text') continue;
      text += part.text;
      if (Date.now() - toldAt < PACE_MS) continue;
      heartbeat();
      const delta = { conversation: conversationId, commandId, attempt: info.attempt, offset: told };
      await agents.publish(agent, { type: 'suggestion.delta', ...delta, text: text.slice(told) });
      told = text.length;
      toldAt = Date.now();
    }
    return text.trim();
  };

  return {
    /**
     * Writes the reply that an agent could send, to that agent and nobody else. Nothing is recorded. Safe to run again: a higher
     * attempt starts over. Rejects with `ModelUnavailable`, `StoreUnavailable` or `StreamUnavailable`; when it will not be tried
     * again, the agent is told that there is none.
     */
    async suggest(suggestion: Suggestion): Promise<void> {
      const { conversationId: conversation, commandId, agent } = suggestion;
      const { attempt, retryPolicy } = Context.current().info;
      try {
        const { prompt, passages } = await prepare(suggestion);
        const text = await write(suggestion, prompt);
        const about = { conversation, commandId };
        await agents.publish(
          agent,
          text === ''
            ? { type: 'suggestion.failed', ...about }
            : { type: 'suggestion.ended', ...about, attempt, text, sources: sourcesOf(text, passages) },
        );
      } catch (error) {
        const isLast = error instanceof ModelRefused || attempt >= (retryPolicy?.maximumAttempts ?? 1);
        if (isLast) await agents.publish(agent, { type: 'suggestion.failed', conversation, commandId });
        if (error instanceof ModelRefused) throw ApplicationFailure.nonRetryable(error.message, FAILURE.modelRefused);
        throw error;
      }
    },
  };
};
