import { randomBytes } from 'node:crypto';
import { createEffectRunner } from '../../../activities/effect-runner.ts';
import { type Caller, createGate } from '../../../activities/gate.ts';
import type { Playbook } from '../../../contracts/playbook.ts';
import { tool as toolSchema } from '../../../contracts/playbook-tools.ts';
import { createToolCatalogue } from '../../../integrations/tool-catalogue.ts';
import { createAudit } from '../../../store/audit.ts';
import { createConversations } from '../../../store/conversations.ts';
import { createEffects } from '../../../store/effects.ts';
import { createProposals } from '../../../store/proposals.ts';
import { createSteps } from '../../../store/steps.ts';
import { createTurns } from '../../../store/turns.ts';
import type { freshDatabase } from '../../database.ts';
import { createOutsideSystem } from '../../doubles/outside-system.ts';
import { testPlaybook } from '../../playbook.ts';

type Change = Partial<Parameters<typeof toolSchema.parse>[0] & object>;

/** The tools of the outside system as a playbook lists them; `pay` is changed as the test wants it. */
export const payingPlaybook = (pay: Change = {}): Playbook =>
  testPlaybook({
    tools: [
      { name: 'pay', kind: 'effect', inject: { requestId: 'effect.key' }, timeout: '1s', ...pay },
      { name: 'find_payment', kind: 'read', inject: { requestId: 'effect.key' }, hidden: true },
      { name: 'cancel_payment', kind: 'effect', hidden: true },
    ].map((tool) => toolSchema.parse({ provider: 'outside', title: tool.name, use: 'verified', ...tool })),
  }).playbook;

export type EffectRig = ReturnType<typeof createEffectRig>;

/**
 * The gate, the ledger and the runner over real Postgres and an outside system, without Temporal. `wrapped` is what a test does
 * to the ledger's calls.
 */
export const createEffectRig = (
  { db }: Awaited<ReturnType<typeof freshDatabase>>,
  playbook: Playbook,
  { honoursKeys = true, wrapped = (stores: Stores): Stores => stores } = {},
) => {
  const outside = createOutsideSystem(honoursKeys);
  const tools = createToolCatalogue(playbook.tools, [outside.provider], 'en');
  const steps = createSteps(db);
  const plain = { effects: createEffects(db), proposals: createProposals(db) };
  const stores = wrapped(plain);
  const gate = createGate({ playbook, tools, steps, audit: createAudit(db), ...stores });
  const run = createEffectRunner({ playbook, tools, gate, ...stores });

  return {
    ...plain,
    outside,
    tools,
    gate,
    run,
    /** A conversation of a customer's own, with its first turn claimed. */
    async conversation(owner = `customer:${randomBytes(6).toString('hex')}`): Promise<Caller> {
      const conversationId = `cnv_${randomBytes(32).toString('base64url')}`;
      await createConversations(db).open({ conversationId, owner, channel: 'web' }, 'v1');
      const caller = { conversationId, owner, term: 0, turn: 1 };
      await createTurns(db).claim({ ...caller, generation: 'generation-a', attempt: 1 }, [], 0);
      return caller;
    },
    /** What the model decides in one round, each call with its arguments as JSON text. */
    async decide(caller: Caller, calls: [name: string, args: string, id?: string][], round = 0) {
      const claim = { ...caller, generation: 'generation-a', attempt: 1 };
      const decisions = calls.map(([name, args, id = `id${round}`], call) => ({
        ...{ call: call + round * 10, name, arguments: args, preamble: '' },
        toolCallId: `${round}.${call}.${id}${id === `id${round}` ? call : ''}`,
      }));
      await steps.decide(claim, round, decisions);
      return Promise.all(
        decisions.map(async ({ call }) => {
          const step = await steps.get(caller.conversationId, caller.turn, call);
          if (!step) throw new Error('the step is not there');
          return step;
        }),
      );
    },
    audited: (caller: Caller) =>
      db
        .selectFrom('audit')
        .select(['action', 'detail'])
        .where('subject', '=', caller.conversationId)
        .orderBy('id')
        .execute(),
  };
};

export type Stores = { effects: ReturnType<typeof createEffects>; proposals: ReturnType<typeof createProposals> };
