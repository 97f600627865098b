import { afterOpen, isOpenAt } from '../contracts/business-time.ts';
import type { DeskSwitch } from '../contracts/desk.ts';
import type { DeskPolicy } from '../contracts/desk-work.ts';

/** When a desk takes people in: by its hours, unless somebody has switched it. */
export class DeskHours {
  switch: DeskSwitch;
  open: DeskPolicy['open'];

  constructor(open: DeskPolicy['open'], to: DeskSwitch) {
    this.open = open;
    this.switch = to;
  }

  isOpen(now: number): boolean {
    if (this.switch !== 'hours') return this.switch === 'open';
    return this.open === null || isOpenAt(this.open, now);
  }

  /** When `ms` of open time have passed; time of the clock where somebody has opened the desk out of its hours. */
  after(at: number, ms: number): number {
    return this.open === null || this.switch === 'open' ? at + ms : afterOpen(this.open, at, ms);
  }
}
