import type { Message } from '../contracts/events.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { Profile } from '../integrations/crm/crm.ts';
import type { ChatMessage, Prompt, ToolDescription } from '../integrations/model.ts';
import type { Passage } from '../store/passages.ts';
import type { Context, Step } from '../store/turns.ts';
import { instructions } from './instructions.ts';
import { customerBlock, knowledgeBlock, knownBlocks } from './prompt-blocks.ts';

type Known = Omit<Context, 'spent'>;

export const NOTHING_KNOWN: Known = { facts: [], summary: null, earlier: [] };

type PromptParts = {
  playbook: Playbook;
  /** Oldest first; what does not fit the token budget is left out from the front. */
  history: readonly Message[];
  /** What is kept of everything before that. */
  known: Known;
  /** The customer's messages of this turn. */
  said: readonly Message[];
  /** Tool calls of this turn with their results. */
  steps: readonly Step[];
  passages: readonly Passage[];
  tools: ToolDescription[];
  /** As the customer's browser names it, where it does. */
  language: string | undefined;
  /** A signed-in customer; a visitor is told that signing in lets the assistant look things up. */
  signedIn: boolean;
  /** Who they are to the company, where its CRM knows them. */
  profile: Profile | null;
  /** The reply is for an agent, who sends it or not. */
  draft?: true;
};

/**
 * Characters per token, on the low side: the budget is kept, not filled. A token is a short word with its space at least, and
 * the shortest in a row ("and so on") have 3.3.
 */
export const CHARACTERS_PER_TOKEN = 3;

/** The whole prompt of one model call, below the playbook's token budget whatever the conversation's length. */
export const buildPrompt = (parts: PromptParts): Prompt => {
  const { playbook, history, known, said, steps, passages, tools, profile } = parts;
  const whole = playbook.budgets.promptTokens * CHARACTERS_PER_TOKEN;
  const blocks = [customerBlock(profile), ...knownBlocks(known, whole), knowledgeBlock(passages)];
  const system = [instructions(parts), ...blocks].filter(Boolean).join('\n\n');
  const turn = [...said.map(toChat), ...(steps.length ? toolRounds(steps) : [])];
  const fixed = size([{ role: 'system', content: system }, ...turn]) + JSON.stringify(tools).length;
  const room = whole - fixed;
  return {
    messages: [{ role: 'system', content: system }, ...latest(history.map(toChat), room), ...turn],
    tools,
    maxTokens: playbook.budgets.replyTokens,
  };
};

/** What people of the company said is no word of the model's: it is told whose it was. */
const toChat = ({ author, by, text }: Message): ChatMessage => ({
  role: author === 'customer' ? 'user' : 'assistant',
  content: author === 'agent' ? `${by ?? 'A colleague'} (from the support team): ${text}` : text,
});

/** Each round as the model wrote it, followed by what its calls returned. */
const toolRounds = (steps: readonly Step[]): ChatMessage[] =>
  [...new Set(steps.map(({ round }) => round))].flatMap((round) => {
    const calls = steps.filter((step) => step.round === round);
    return [
      {
        role: 'assistant' as const,
        content: calls[0]?.preamble ?? '',
        toolCalls: calls.map((step) => ({ id: step.toolCallId, name: step.name, arguments: step.arguments })),
      },
      ...calls.map((step) => ({ role: 'tool' as const, toolCallId: step.toolCallId, content: step.result ?? '' })),
    ];
  });

/** The newest messages whose sizes fit into `room` characters, oldest first. */
const latest = (messages: ChatMessage[], room: number): ChatMessage[] => {
  let left = room;
  let first = messages.length;
  for (const message of messages.toReversed()) {
    left -= size([message]);
    if (left < 0) break;
    first -= 1;
  }
  return messages.slice(first);
};

const size = (messages: readonly ChatMessage[]): number =>
  messages.reduce((sum, message) => sum + message.content.length + 16, 0);
