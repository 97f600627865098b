import { ApplicationFailure, Context } from '@temporalio/activity';
import { FAILURE } from '../contracts/failures.ts';
import type { Playbook } from '../contracts/playbook.ts';
import { toStorable } from '../contracts/text.ts';
import { type ChatModel, ModelRefused, type Prompt } from '../integrations/model.ts';
import type { Material, Summaries } from '../store/summaries.ts';
import { summaryInstructions } from './instructions.ts';
import { escaped } from './prompt-blocks.ts';

export type SummaryDeps = { playbook: Playbook; model: ChatModel; summaries: Summaries };

/** A summary is a tenth of a prompt at most; this is one paragraph. */
const SUMMARY_TOKENS = 300;

/** The longest part of one message that is read, and how long the call waits for its place. */
const MESSAGE_LENGTH = 1_000;
const WAIT_MS = 60_000;

export const createSummaryActivities = ({ playbook, model, summaries }: SummaryDeps) => ({
  /** Brings the summary of a conversation up to `turn`, while nobody waits. Safe to run again, also beside itself. */
  async summarise(conversationId: string, turn: number): Promise<void> {
    const { cancellationSignal, heartbeat } = Context.current();
    const material = await summaries.material(conversationId, turn);
    if (material.said.length === 0) return;
    const caller = { rank: 'background', share: 'summaries', withinMs: WAIT_MS, waiting: () => heartbeat() } as const;
    let text = '';
    try {
      for await (const part of model.stream(summaryPrompt(playbook, material), cancellationSignal, caller)) {
        heartbeat();
        if (part.type === 'text') text += part.text;
      }
    } catch (error) {
      if (error instanceof ModelRefused) throw ApplicationFailure.nonRetryable(error.message, FAILURE.modelRefused);
      throw error;
    }
    if (text.trim() !== '') await summaries.put(conversationId, turn, toStorable(text.trim()));
  },
});

const summaryPrompt = (playbook: Playbook, { before, said }: Material): Prompt => ({
  messages: [
    {
      role: 'system',
      content: summaryInstructions(playbook),
    },
    {
      role: 'user',
      content: [
        ...(before === null ? [] : ['<summary>', escaped(before), '</summary>']),
        '<transcript>',
        ...said.map(({ author, text }) => `${author}: ${escaped(text.slice(0, MESSAGE_LENGTH).replace(/\s+/g, ' '))}`),
        '</transcript>',
      ].join('\n'),
    },
  ],
  tools: [],
  maxTokens: SUMMARY_TOKENS,
});
