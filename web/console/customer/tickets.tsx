import type { ConversationView } from '../../../contracts/console.ts';
import type { HandoffContext } from '../../../contracts/handoff-context.ts';
import { httpLink } from '../../http-link.ts';
import { IconTicket } from '../parts/icons.ts';
import { OutwardLink } from '../parts/marked-text.tsx';
import { Section } from '../parts/section.tsx';

export type TicketsProps = { tickets: ConversationView['tickets']; earlier: HandoffContext['tickets'] };

/** This conversation's tickets, then the customer's others that are not solved. */
export const Tickets = ({ tickets, earlier }: TicketsProps) => {
  const others = earlier.filter(({ system, id }) => !tickets.some((own) => own.system === system && own.id === id));
  const all = [...tickets, ...others.map((ticket) => ({ ...ticket, url: null }))];
  if (all.length === 0) return null;
  return (
    <Section title="Tickets">
      <ul className="plain">
        {all.map(({ system, id, status, url }) => {
          const href = url === null ? null : httpLink(url);
          const name = `${system} ${id}`;
          return (
            <li key={name} className="line">
              <IconTicket size={15} aria-hidden />
              <span className="clipped">{href ? <OutwardLink href={href}>{name}</OutwardLink> : name}</span>
              <span className="quiet">{status}</span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
};
