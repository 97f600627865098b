import type { SlaClockView } from '../../../contracts/console.ts';
import { DueTime } from '../parts/due.tsx';
import { Section } from '../parts/section.tsx';

const CLOCKS = { firstReply: 'First reply', nextReply: 'Next reply', resolution: 'Solution' };

/** What the company has promised, and what is left of it. */
export const SlaClocks = ({ sla }: { sla: readonly SlaClockView[] }) => {
  if (sla.length === 0) return null;
  return (
    <Section title="Due">
      <dl className="facts">
        {sla.map(({ clock, dueAt, state }) => (
          <div key={clock}>
            <dt>{CLOCKS[clock]}</dt>
            <dd>{dueAt === null || state === 'paused' ? 'paused' : <DueTime at={dueAt} label={CLOCKS[clock]} />}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
};
