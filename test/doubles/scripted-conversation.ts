import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Action, EffectState } from '../../contracts/actions.ts';
import type { DeskEvent, LoggedEvent, Message, Position, ReplyEnd, Source } from '../../contracts/events.ts';
import type { Decide, Rate, Send, ServerFrame } from '../../contracts/frames.ts';

/** So many milliseconds, or until a test says go on. */
type Wait = number | Promise<unknown>;

/** What a scripted reply does next: say something, wait, use a tool, start over, or end. */
export type Step =
  | { say: string }
  | { wait: Wait }
  | { tool: string; title: string; takes: Wait; ok?: boolean }
  | { startOver: true }
  /** A card; confirmed, it leads to the one state after the other, and `says` is what is said of it in the end. */
  | { ask: Omit<Action, 'id' | 'turn' | 'state'>; leadsTo: EffectState[]; takes?: Wait; says?: string }
  | { end: ReplyEnd; sources?: Source[] };

export type Script = (question: string) => Step[];

const over = (wait: Wait): Promise<unknown> => (typeof wait === 'number' ? pause(wait) : wait);

const token = (bytes: number): string => randomBytes(bytes).toString('base64url');

/** One conversation with its log and transcript, in memory, which answers as its script says. */
export const createConversation = (owner: string, script: Script) => {
  const id = `cnv_${token(32)}`;
  const messages: Message[] = [];
  const accepted = new Set<string>();
  const actions = new Map<string, Action>();
  const ways = new Map<string, { leadsTo: EffectState[]; takes: Wait; says: string | undefined }>();
  const readers = new Set<(frame: ServerFrame) => void>();
  let generation = token(9);
  let log: LoggedEvent[] = [];
  let turnStart = 0;
  let turn = 0;
  let answering = Promise.resolve();

  const append = (event: DeskEvent): void => {
    const position = { generation, seq: log.length + 1 };
    const logged = { id: token(9), at: new Date().toISOString(), position, event };
    log.push(logged);
    for (const read of readers) read({ type: 'events', events: [logged] });
  };

  const answer = async (question: Message): Promise<void> => {
    let attempt = 1;
    let text = '';
    let call = 0;
    turnStart = log.length;
    messages.push(question);
    append({ type: 'message.added', message: question });
    append({ type: 'reply.started', turn: question.turn, attempt });
    for (const step of [...script(question.text), { end: 'final' as const }]) {
      if ('wait' in step) await over(step.wait);
      if ('say' in step) {
        append({ type: 'reply.delta', turn: question.turn, attempt, offset: text.length, text: step.say });
        text += step.say;
      }
      if ('startOver' in step) {
        attempt++;
        text = '';
        append({ type: 'reply.started', turn: question.turn, attempt });
      }
      if ('tool' in step) {
        const run = { turn: question.turn, call: ++call, name: step.tool };
        append({ type: 'tool.started', ...run, title: step.title });
        await over(step.takes);
        append({ type: 'tool.ended', ...run, ok: step.ok ?? true });
      }
      if ('ask' in step) {
        const action: Action = { ...step.ask, id: `${question.turn}.0`, turn: question.turn, state: 'proposed' };
        actions.set(action.id, action);
        ways.set(action.id, { leadsTo: step.leadsTo, takes: step.takes ?? 0, says: step.says });
        append({ type: 'action.proposed', action });
      }
      if ('end' in step) {
        const { end, sources } = step;
        const at = new Date().toISOString();
        const id = `a:${question.turn}`;
        messages.push({ id, author: 'assistant', turn: question.turn, text, at, end, ...(sources && { sources }) });
        const { length } = text;
        append({ type: 'reply.ended', turn: question.turn, attempt, end, length, ...(sources && { sources }) });
        return;
      }
    }
  };

  /** A turn of the assistant's own. */
  const tell = (text: string): void => {
    turn += 1;
    const at = new Date().toISOString();
    messages.push({ id: `a:${turn}`, author: 'assistant', turn, text, at, end: 'final' });
    append({ type: 'reply.started', turn, attempt: 1 });
    append({ type: 'reply.delta', turn, attempt: 1, offset: 0, text });
    append({ type: 'reply.ended', turn, attempt: 1, end: 'final', length: text.length });
  };

  const wishes = new Set<string>();
  const ratings: Rate[] = [];

  return {
    id,
    owner,
    messages,
    /** Ids of the wishes for a person; what becomes of them is for the test to append. */
    wishes,
    /** As they came; the first one counts. */
    ratings,
    wantPerson: (wish: string): void => void wishes.add(wish),
    rate(rate: Rate, reply: (frame: ServerFrame) => void): void {
      ratings.push(rate);
      reply({ type: 'rated', commandId: rate.commandId, score: ratings[0]?.score ?? rate.score });
    },
    /** Somebody of the company's people says something. */
    say(by: string, text: string): void {
      turn += 1;
      const at = new Date().toISOString();
      const message: Message = { id: `g:${token(9)}`, author: 'agent', by, turn, text, at };
      messages.push(message);
      append({ type: 'message.added', message });
    },
    /** Resolves when everything asked so far is answered. */
    settled: () => answering,
    accept({ clientMessageId, text }: Send): void {
      if (accepted.has(clientMessageId)) return;
      accepted.add(clientMessageId);
      const at = new Date().toISOString();
      const question: Message = { id: `c:${clientMessageId}`, author: 'customer', turn: ++turn, text, at };
      answering = answering.then(() => answer(question));
    },
    /** Answers a decision, and lets the action go its way. */
    decide({ commandId, action: id, decision }: Decide, reply: (frame: ServerFrame) => void): void {
      reply({ type: 'decided', commandId, action: id, decision });
      const { leadsTo, takes, says } = ways.get(id) ?? { leadsTo: [], takes: 0 };
      answering = answering.then(async () => {
        for (const state of decision === 'cancel' ? (['cancelled'] as const) : leadsTo) {
          const action = actions.get(id);
          if (!action) return;
          await over(takes);
          actions.set(id, { ...action, state });
          append({ type: 'action.changed', action: { ...action, state } });
        }
        if (says !== undefined) tell(says);
      });
    },
    continues: (from: Position | undefined): boolean =>
      from !== undefined && from.generation === generation && from.seq <= log.length,
    /** Sends what is missing, then what comes. The result ends that. */
    follow(from: Position | null, read: (frame: ServerFrame) => void): () => void {
      const start = from?.seq ?? turnStart;
      const asked = actions.size > 0 ? { actions: [...actions.values()] } : {};
      const position = log.length ? { generation, seq: start } : null;
      if (!from) read({ type: 'snapshot', messages, ...asked, position });
      if (log.length > start) read({ type: 'events', events: log.slice(start) });
      readers.add(read);
      return () => void readers.delete(read);
    },
    append,
    /** The log is gone, as after a restart of an empty Redis; readers are not told. */
    forgetLog(): void {
      generation = token(9);
      log = [];
      turnStart = 0;
    },
  };
};

export type ScriptedConversation = ReturnType<typeof createConversation>;
