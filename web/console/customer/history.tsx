import type { HandoffContext } from '../../../contracts/handoff-context.ts';
import { IconHistory } from '../parts/icons.ts';
import { Section } from '../parts/section.tsx';
import { MomentTime } from '../parts/time.tsx';
import { hashOf } from '../place.ts';

/** What this customer came with before, newest first. */
export const History = ({ conversations }: { conversations: HandoffContext['earlierConversations'] }) => {
  if (conversations.length === 0) return null;
  return (
    <Section title="Earlier conversations">
      <ul className="plain">
        {conversations.map(({ id, status, at, firstMessage }) => (
          <li key={id}>
            <a className="line earlier" href={hashOf({ screen: 'desk', conversation: id })}>
              <IconHistory size={15} aria-hidden />
              <span className="clipped" dir="auto">
                {firstMessage ?? 'Nothing was said'}
              </span>
              <span className="quiet">
                <MomentTime at={at} />
                {status === 'open' && ' · open'}
              </span>
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
};
