import { ApplicationFailure } from '@temporalio/workflow';
import type { Proposed } from '../activities/tools.ts';
import type { ActionDecision, ActionId, ApprovalDecision, ApprovalTaken, Decided } from '../contracts/actions.ts';
import { FAILURE } from '../contracts/failures.ts';

/** An action that waits for its customer (`proposed`), for people, or for an edit of theirs to be checked. */
type OpenAction = Proposed & { waitsFor: 'customer' | 'people' | 'check'; approvedBy: string[] };

/** What a decision leaves to be done, in the order of the decisions. */
export type ActionWork =
  | { do: 'confirm'; id: ActionId; approvers: number }
  | { do: 'run'; id: ActionId; argumentsHash: string; approvedBy: { by: string; reason?: string } }
  | { do: 'endorse'; id: ActionId; argumentsHash: string; approvedBy: { by: string; reason?: string } }
  | { do: 'revise'; id: ActionId; arguments: string; approvedBy: { by: string; reason?: string } }
  | { do: 'tell'; id: ActionId }
  | { do: 'close'; id: ActionId; state: 'cancelled' | 'denied' | 'expired'; by: string; reason?: string };

export type CarriedActions = {
  open: OpenAction[];
  decided: [ActionId, ActionDecision['decision']][];
  work: ActionWork[];
  undoable: [ActionId, number][];
};

/** How many of the customer's decisions are remembered, to answer one that comes again. */
const REMEMBERED = 50;

/**
 * The actions that wait for somebody's word, and the order in which the words came: the first one counts. Handlers call
 * `decide` and `decideApproval`, after their validators; the loop takes out the work.
 */
export class OpenActions {
  #open = new Map<ActionId, OpenAction>();
  #decided = new Map<ActionId, ActionDecision['decision']>();
  #work: ActionWork[] = [];
  #undoable = new Map<ActionId, number>();

  constructor(carried?: CarriedActions) {
    if (!carried) return;
    this.#open = new Map(carried.open.map((one) => [one.id, one]));
    this.#decided = new Map(carried.decided);
    this.#work = [...carried.work];
    this.#undoable = new Map(carried.undoable);
  }

  propose(proposed: Proposed): void {
    if (!this.#decided.has(proposed.id))
      this.#open.set(proposed.id, { ...proposed, waitsFor: 'customer', approvedBy: [] });
  }

  /** Throws what the customer is told: nothing is recorded then. */
  assertDecidable({ action, argumentsHash }: ActionDecision, now: number): void {
    const before = this.#decided.get(action);
    if (before) throw failure(FAILURE.actionDecided, 'it was decided before', before);
    const open = this.#open.get(action);
    if (open?.waitsFor !== 'customer') throw failure(FAILURE.actionUnknown, 'no such action waits for its customer');
    if (open.argumentsHash !== argumentsHash) throw failure(FAILURE.actionChanged, 'these are not its arguments');
    if (open.expiresAt <= now) throw failure(FAILURE.actionExpired, 'its time is over');
  }

  decide({ action, decision }: ActionDecision): Decided {
    const open = this.#open.get(action);
    this.#decided.set(action, decision);
    if (this.#decided.size > REMEMBERED) this.#decided.delete(this.#decided.keys().next().value ?? '');
    this.#open.delete(action);
    if (decision === 'cancel') this.#work.push({ do: 'close', id: action, state: 'cancelled', by: 'customer' });
    else if (open) {
      if (open.approvers > 0) this.#open.set(action, { ...open, waitsFor: 'check' });
      this.#work.push({ do: 'confirm', id: action, approvers: open.approvers });
    }
    return { action, decision };
  }

  /** Its confirmed action waits for people now, until then. */
  awaitPeople(id: ActionId, expiresAt: number): void {
    const open = this.#open.get(id);
    if (open) this.#open.set(id, { ...open, waitsFor: 'people', expiresAt });
  }

  /** Throws what the person is told: nothing is recorded then. */
  assertApprovable({ action, argumentsHash }: ApprovalDecision, now: number): void {
    const open = this.#open.get(action);
    if (open?.waitsFor === 'check') throw failure(FAILURE.actionChanged, 'it is being looked at: try again');
    if (open?.waitsFor !== 'people') throw failure(FAILURE.actionUnknown, 'no such action waits for approval');
    if (open.argumentsHash !== argumentsHash) throw failure(FAILURE.actionChanged, 'its arguments are others by now');
    if (open.expiresAt <= now) throw failure(FAILURE.actionExpired, 'its time is over');
  }

  decideApproval({ action, decision, by, reason, arguments: edited }: ApprovalDecision): ApprovalTaken {
    const open = this.#open.get(action);
    const approvedBy = { by, ...(reason !== undefined && { reason }) };
    if (!open) throw failure(FAILURE.actionUnknown, 'no such action waits for approval');
    if (decision === 'deny') {
      this.#open.delete(action);
      this.#work.push({ do: 'close', id: action, state: 'denied', ...approvedBy, by: `person:${by}` });
      return { action, state: 'denied', approvals: 0 };
    }
    if (edited !== undefined) {
      this.#open.set(action, { ...open, waitsFor: 'check' });
      this.#work.push({ do: 'revise', id: action, arguments: edited, approvedBy });
      return { action, state: 'checking', approvals: 0 };
    }
    return this.#approved(open, approvedBy);
  }

  #approved(open: OpenAction, approvedBy: { by: string; reason?: string }): ApprovalTaken {
    const { id, argumentsHash, approvers } = open;
    const everybody = [...new Set([...open.approvedBy, approvedBy.by])];
    const isEnough = everybody.length >= approvers;
    if (isEnough) this.#open.delete(id);
    else this.#open.set(id, { ...open, approvedBy: everybody });
    this.#work.push({ do: isEnough ? 'run' : 'endorse', id, argumentsHash, approvedBy });
    return { action: id, state: isEnough ? 'approved' : 'waiting', approvals: everybody.length };
  }

  /** The edit was checked: everybody starts anew with the new arguments, or it waits as it was. */
  revised(id: ActionId, argumentsHash: string | null, approvedBy: { by: string; reason?: string }): void {
    const open = this.#open.get(id);
    if (!open) return;
    this.#open.set(id, { ...open, waitsFor: 'people' });
    if (argumentsHash !== null)
      this.#approved({ ...open, waitsFor: 'people', argumentsHash, approvedBy: [] }, approvedBy);
  }

  /** People's time is over for these: each becomes work. */
  expire(now: number): void {
    for (const { id, waitsFor, expiresAt } of [...this.#open.values()]) {
      if (waitsFor !== 'people' || expiresAt > now) continue;
      this.#open.delete(id);
      this.#work.push({ do: 'close', id, state: 'expired', by: 'clock' });
    }
  }

  /**
   * A person has the conversation now: what its customer has not decided is over, and what they decided is not begun. What waits
   * for people goes on waiting for them.
   */
  withdraw(): void {
    const over = (id: ActionId): ActionWork => ({ do: 'close', id, state: 'expired', by: 'takeover' });
    this.#work = this.#work.map((work) => (work.do === 'confirm' && work.approvers === 0 ? over(work.id) : work));
    for (const { id, waitsFor } of [...this.#open.values()]) {
      if (waitsFor !== 'customer') continue;
      this.#open.delete(id);
      this.#work.push(over(id));
    }
  }

  /** Nothing can be done about it any more: nobody is waited for. */
  drop(id: ActionId): void {
    this.#open.delete(id);
  }

  /** The conversation ends: what its customer did not decide is over, and the ledger says so. */
  forgetProposed(): void {
    for (const { id, waitsFor } of [...this.#open.values()]) if (waitsFor === 'customer') this.#open.delete(id);
  }

  /** It is known now what became of it. The ledger sees to it that this is told once. */
  settled(id: ActionId): void {
    this.#work.push({ do: 'tell', id });
  }

  get hasWork(): boolean {
    return this.#work.length > 0;
  }

  nextWork(): ActionWork | undefined {
    return this.#work.shift();
  }

  /** Those that wait for people, with until when, epoch milliseconds. */
  get awaitingPeople(): [ActionId, number][] {
    return [...this.#open.values()]
      .filter(({ waitsFor }) => waitsFor === 'people')
      .map(({ id, expiresAt }) => [id, expiresAt]);
  }

  /** How many wait for the customer, and for people. */
  waiting(now: number): { customer: number; people: number } {
    const all = [...this.#open.values()];
    const customer = all.filter(({ waitsFor, expiresAt }) => waitsFor === 'customer' && expiresAt > now).length;
    return { customer, people: all.filter(({ waitsFor }) => waitsFor !== 'customer').length };
  }

  ended({ id, undoUntil, undid }: { id: ActionId; undoUntil?: number; undid?: ActionId }): void {
    if (undid !== undefined) this.#undoable.delete(undid);
    if (undoUntil !== undefined) this.#undoable.set(id, undoUntil);
  }

  /** What can be taken back now. */
  undoable(now: number): ActionId[] {
    for (const [id, until] of [...this.#undoable]) if (until <= now) this.#undoable.delete(id);
    return [...this.#undoable.keys()];
  }

  carry(): CarriedActions {
    return {
      open: [...this.#open.values()],
      decided: [...this.#decided],
      work: [...this.#work],
      undoable: [...this.#undoable],
    };
  }
}

const failure = (type: string, message: string, ...details: unknown[]) =>
  ApplicationFailure.create({ type, message, nonRetryable: true, details });
