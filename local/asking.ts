import type { ActionDecision } from '../contracts/actions.ts';
import type { Message } from '../contracts/events.ts';
import { type ClientState, createDeskClient, type DeskClient } from '../web/client.ts';
import { answerTo, type ToolRun } from '../web/conversation-view.ts';
import { createMemory, forgetfulStorage } from '../web/memory.ts';
import { nodeSocket } from '../web/node-socket.ts';
import { until } from '../web/until.ts';
import { customers } from './acme/customers.ts';
import { createAnswerStream, printable } from './answer-stream.ts';
import { type Asker, createAskMemory } from './ask-memory.ts';
import { askedIn, decide, lineOf } from './asking-actions.ts';
import { callPerson, createStandingNotes, named, saidByPerson, standingOf } from './asking-people.ts';
import { type DeskFile, findDesk } from './desk-file.ts';
import { identityOf } from './identity.ts';

/** A gateway that is up says welcome within milliseconds. */
const WELCOME_TIMEOUT_MS = 5_000;

/** There will be no final answer. The message says why, in words for the person at the terminal. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

export type Asking = {
  /** Empty where only a person is asked for. */
  question: string;
  /** Ask for a person, and wait for what they say. */
  person: boolean;
  dataDir: string;
  conversationId: string | undefined;
  /** A customer's id, `null` for a visitor, `undefined` for whoever began the conversation or the sample customer. */
  as: string | null | undefined;
  /** What to say to every card that the answer shows; `undefined` leaves them as they are. */
  decision: ActionDecision['decision'] | undefined;
  timeoutMs: number;
  json: boolean;
  /** Whether a person reads along: only then is anything written but the answer. */
  isTerminal: boolean;
  write(text: string): void;
};

/** Asks one question and writes the answer. Rejects with `NoAnswer` unless that is final. */
export const ask = async (asking: Asking): Promise<void> => {
  const desk = findDesk(asking.dataDir);
  if (!desk) throw new NoAnswer(`No desk is running from ${asking.dataDir}: start one with "npm start".`);
  const memory = createAskMemory(asking.dataDir);
  const known = asking.conversationId === undefined ? undefined : memory.find(asking.conversationId);
  const asker = askerOf(asking, known, desk);
  const storage = forgetfulStorage({ session: asker.session, conversation: asking.conversationId ?? null });
  const client = createDeskClient({
    url: `${desk.gateway.replace(/^http/, 'ws')}/v1/socket`,
    WebSocket: nodeSocket(desk.gateway),
    storage,
    ...(asker.as !== null && { identity: identity(asker.as, desk) }),
  });
  try {
    const conversationId = await reach(client, desk, asking);
    memory.keep(conversationId, { ...asker, session: createMemory(storage).read().session });
    await (asking.person ? converseWithPerson : converse)(client, conversationId, asking);
  } finally {
    client.end();
  }
};

const askerOf = ({ as }: Asking, known: Asker | undefined, desk: DeskFile): Asker => {
  if (as === undefined && known) return known;
  if (as === null || as === undefined) {
    return { as: as === null ? null : (desk.sampleCustomer ?? null), session: known?.session ?? null };
  }
  return { as, session: null };
};

const identity = (customer: string, { identitySecret }: DeskFile) => {
  const name = customers.find(({ id }) => id === customer)?.name ?? customer;
  return () => identityOf({ id: customer, name }, identitySecret);
};

/** Resolves with the conversation's id once the gateway said welcome in it. */
const reach = async (client: DeskClient, { gateway }: DeskFile, { conversationId }: Asking): Promise<string> => {
  const state = await until(client, 'a welcome', isDecided, WELCOME_TIMEOUT_MS).catch(() => {
    throw new NoAnswer(`The desk at ${gateway} does not answer: see its log, or start it again with "npm start".`);
  });
  if (state.conversationGone) {
    throw new NoAnswer(`There is no conversation ${conversationId} for this asker: leave out --conversation.`);
  }
  if (state.connection.status === 'refused' || state.conversationId === null) {
    throw new NoAnswer(`The desk at ${gateway} refuses this asker: name a customer with --as, or use --anonymous.`);
  }
  return state.conversationId;
};

const isDecided = (state: ClientState): ClientState | false =>
  (state.conversationGone || ['online', 'refused'].includes(state.connection.status)) && state;

const converse = async (client: DeskClient, conversationId: string, asking: Asking): Promise<void> => {
  const { write, json, isTerminal, timeoutMs, decision } = asking;
  const stream = createAnswerStream(write);
  const dim = (text: string): void => stream.note(`\u001b[2m${printable(text)}\u001b[22m`);
  const tools = new Map<number, ToolRun>();
  const sentAt = performance.now();
  let firstDeltaMs: number | null = null;
  const id = client.send(asking.question);
  const standing = createStandingNotes((line) => {
    if (isTerminal && !json) dim(line);
  });

  const follow = (state: ClientState): void => {
    const { view } = state;
    standing(state);
    const turn = view.messages.find((message) => message.id === `c:${id}`)?.turn;
    for (const tool of view.tools.filter((run) => run.turn === turn)) {
      if (!tools.has(tool.call) && isTerminal && !json) dim(`· ${tool.title}…`);
      tools.set(tool.call, tool);
    }
    const person = saidByPerson(view, id);
    const text =
      (person && named(person)) ?? answerTo(view, id)?.text ?? (view.reply?.turn === turn ? view.reply?.text : '');
    if (!text) return;
    firstDeltaMs ??= Math.round(performance.now() - sentAt);
    if (!json) stream.show(text);
  };

  const unfollow = client.subscribe(follow);
  const outcome = await until(client, 'an answer', outcomeFor(id), timeoutMs).catch(() => null);
  unfollow();
  stream.endLine();
  if (outcome === null) throw new NoAnswer(silence(client.state(), id, timeoutMs));
  if ('refused' in outcome) throw new NoAnswer(`The desk did not take the message: ${outcome.refused}.`);
  const { text, sources = [], end, turn } = outcome.answer;
  const asked = askedIn(client, turn);
  const texts = [text];
  for (const action of decision ? asked : []) {
    if (isTerminal && !json) dim(`${decision}: ${lineOf(action)}`);
    const told = await decide(client, action, decision ?? 'cancel', timeoutMs).catch(() => null);
    if (!told) throw new NoAnswer(silence(client.state(), id, timeoutMs));
    texts.push(told.text);
    if (!json) write(`${printable(told.text)}\n`);
  }
  if (json) {
    const used = [...tools.values()].map(({ name, status }) => ({ name, ok: status === 'done' }));
    const finalMs = Math.round(performance.now() - sentAt);
    const ids = asked.map((action) => action.id);
    const actions = client.state().view.actions.filter((action) => ids.includes(action.id));
    const line = {
      ...{
        conversationId,
        workflowId: conversationId,
        text: texts.join('\n'),
        sources,
        tools: used,
        firstDeltaMs,
        finalMs,
      },
      ...(actions.length > 0 && { actions }),
    };
    write(`${JSON.stringify(line)}\n`);
  } else if (isTerminal) {
    for (const { title, url } of sources) dim(url ? `  ${title} · ${url}` : `  ${title}`);
    if (!decision) for (const action of asked) dim(`  ${lineOf(action)} (ask with --confirm or --cancel)`);
    dim(`To go on: npm run ask -- --conversation ${conversationId} "…"`);
  }
  if (end !== 'final' && outcome.answer.author === 'assistant')
    throw new NoAnswer(`This is no final answer: it ended as "${end}".`);
};

const converseWithPerson = async (client: DeskClient, conversationId: string, asking: Asking): Promise<void> => {
  const { question, write, json, isTerminal, timeoutMs } = asking;
  const note = (line: string): void => {
    if (isTerminal && !json) write(`\u001b[2m${printable(line)}\u001b[22m\n`);
  };
  const askedAt = performance.now();
  if (question !== '') client.send(question);
  const unfollow = client.subscribe(createStandingNotes(note));
  const answer = await callPerson(client, timeoutMs).catch(() => null);
  unfollow();
  const { view, desk } = client.state();
  if (!answer) {
    const standing = standingOf(view, desk?.assistant ?? 'the assistant') ?? 'The desk has not answered.';
    throw new NoAnswer(`Nobody has come within ${timeoutMs / 1_000} s. ${standing}`);
  }
  const finalMs = Math.round(performance.now() - askedAt);
  const line = { conversationId, workflowId: conversationId, text: answer.text, by: answer.by ?? null, finalMs };
  write(json ? `${JSON.stringify(line)}\n` : `${printable(named(answer))}\n`);
  note(`To go on: npm run ask -- --conversation ${conversationId} "…"`);
};

type Outcome = { answer: Message } | { refused: string };

const outcomeFor =
  (id: string) =>
  ({ view, outbox }: ClientState): Outcome | null => {
    const answer = saidByPerson(view, id) ?? answerTo(view, id);
    const failed = outbox.find(({ clientMessageId, status }) => clientMessageId === id && status === 'failed');
    if (failed) return { refused: failed.reason ?? 'unknown' };
    return answer ? { answer } : null;
  };

const silence = ({ outbox, view, desk }: ClientState, id: string, timeoutMs: number): string => {
  const isPending = outbox.some(({ clientMessageId, status }) => clientMessageId === id && status === 'pending');
  const what = isPending ? 'The desk has not acknowledged the message' : 'The desk has not answered';
  const standing = standingOf(view, desk?.assistant ?? 'the assistant');
  return `${what} within ${timeoutMs / 1_000} s.${standing ? ` ${standing}` : ''}`;
};
