import { setTimeout as pause } from 'node:timers/promises';
import { identityOf } from '../../../local/identity.ts';
import type { Fault } from '../../fakes/faults.ts';
import type { Evidence } from '../evidence.ts';
import { answer } from '../measures.ts';
import { KNOWN, SLOW } from '../outside/company.ts';
import type { Violation } from '../promises/case.ts';
import type { Line } from '../recording.ts';
import { type FaultCase, type Setting, seeOff } from '../setting.ts';

/** What befalls the next writes of the ticket system, or every request to the CRM, and how many tickets there are in the end. */
type Misfortune = { what: string; tickets?: Fault[]; crm?: Fault; makes: 0 | 1 };

const MISFORTUNES: readonly Misfortune[] = [
  { what: 'tickets: the connection breaks', tickets: ['cut'], makes: 1 },
  { what: 'tickets: the connection breaks, three times', tickets: ['cut', 'cut', 'cut'], makes: 1 },
  { what: 'tickets: slow', tickets: ['slow'], makes: 1 },
  { what: 'tickets: HTML with 200', tickets: ['html'], makes: 1 },
  { what: 'tickets: done, then 500', tickets: ['lost'], makes: 1 },
  { what: 'tickets: done, then 500, then 503', tickets: ['lost', '503'], makes: 1 },
  { what: 'tickets: 500', tickets: ['500'], makes: 1 },
  { what: 'tickets: 409', tickets: ['409'], makes: 1 },
  { what: 'tickets: 429', tickets: ['429'], makes: 1 },
  { what: 'tickets: 401', tickets: ['401'], makes: 0 },
  { what: 'CRM: down', crm: 'cut', makes: 1 },
  { what: 'CRM: slow', crm: 'slow', makes: 1 },
  { what: 'CRM: HTML with 200', crm: 'html', makes: 1 },
  { what: 'CRM: 500', crm: '500', makes: 1 },
  { what: 'CRM: 401', crm: '401', makes: 1 },
];

/** So far from one to the next, that a few of them are of both systems. */
const STRIDE = 4;

/** F18. Customers ask for a ticket, one after the other, while the ticket system or the CRM fails. */
export const companyAway: FaultCase = {
  name: 'F18',
  title: 'the CRM or the ticket system fails',
  rig: { gateways: 1, workers: 1, quickWorkers: true },
  needs: { company: true },
  async inflict(setting) {
    const { random, trials, progress } = setting;
    const from = random.int(0, MISFORTUNES.length - 1);
    for (let at = 0; at < trials; at += 1) {
      const misfortune = MISFORTUNES[(from + at * STRIDE) % MISFORTUNES.length];
      if (misfortune) await ask(setting, misfortune);
      progress(at + 1);
    }
  },
  check: (lines, evidence) => lines.flatMap((line) => judge(line, evidence)),
  worst: (lines) => ({ answerMs: answer(lines) }),
};

const ask = async (setting: Setting, { what, tickets = [], crm }: Misfortune): Promise<void> => {
  const { rig, servers, recording } = setting;
  const { zendesk, hubspot } = servers.company();
  const customer = setting.customer(() => identityOf({ id: KNOWN.id, name: 'Ada' }, rig.identitySecret));
  const conversation = await customer.connected();
  const before = zendesk.ledger.length;
  recording.add({ type: 'injected', what, target: conversation, struck: [customer.name] });
  zendesk.faults.next(...tickets);
  if (crm) hubspot.faults.every(crm);
  await customer.answered(customer.send('Please open a ticket: my tent is broken.'));
  // What was slow may still be on its way.
  if (tickets.includes('slow')) await pause(SLOW.tickets);
  for (const { key } of zendesk.ledger.slice(before))
    recording.add({ type: 'outside', did: 'done', conversation, tool: 'open_ticket', key });
  zendesk.faults.heal();
  hubspot.faults.heal();
  await seeOff([customer]);
};

/** One ticket, or none where it was refused for good; and the desk knows it. */
const judge = (line: Line, evidence: readonly Evidence[]): Violation[] => {
  const misfortune = line.type === 'injected' && MISFORTUNES.find(({ what }) => what === line.what);
  const found = line.type === 'injected' && evidence.find(({ conversation }) => conversation === line.target);
  if (!misfortune || !found) return [];
  const { conversation, effects, tickets } = found;
  const state = effects.map((effect) => effect.state).join();
  const wanted = misfortune.makes === 1 ? 'done' : 'failed';
  return state === wanted && tickets.length === misfortune.makes
    ? []
    : [{ promise: 'P7', conversation, what: `${misfortune.what}: ${state || 'no effect'}, ${tickets.length} tickets` }];
};
