import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import type { Command } from './commands.ts';
import { useConsole, useLink } from './console-context.tsx';
import { useDialogs } from './dialogs/dialogs-context.tsx';
import { nameOf, neighbour } from './entries.ts';
import { chosenStatuses, STATUSES } from './header/statuses.ts';
import { useStatus } from './header/use-status.ts';
import { useAnswerOffer } from './offers/use-answer-offer.ts';
import { useLists } from './queries.ts';
import { useConversationCommands } from './use-conversation-commands.ts';
import { goTo, openConversation, usePlace } from './use-place.ts';
import { useCustomerShown, useSound } from './use-preference.ts';

/** Everything that can be done now, for the keys, the palette and the page of keys. */
export const useCommands = (): { all: Command[]; go: Command[] } => {
  const { me } = useConsole();
  const { lists } = useLists();
  const place = usePlace();
  const dialogs = useDialogs();
  const { choose } = useStatus();
  const [sound, setSound] = useSound();
  const [isCustomerShown, showCustomer] = useCustomerShown();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const offer = useLink(({ offers }) => offers[0]);
  const { answer } = useAnswerOffer(offer);
  const conversation = place.screen === 'desk' ? place.conversation : null;
  const ofConversation = useConversationCommands(conversation);

  const rows = [...lists.mine, ...lists.waiting, ...lists.approvals, ...lists.recent].map(({ id }) => id);
  const move = (step: 1 | -1) => (): void => {
    const next = neighbour([...new Set(rows)], conversation, step);
    if (next !== null) openConversation(next);
  };

  const offers: Command[] = [
    { id: 'accept', group: 'Offers', label: 'Accept the offer', key: 'a', alt: true, run: () => answer('accept') },
    { id: 'decline', group: 'Offers', label: 'Decline the offer', key: 'd', alt: true, run: () => answer('decline') },
  ];
  const moves: Command[] = [
    { id: 'next', group: 'Go to', label: 'Next conversation', key: 'j', run: move(1) },
    { id: 'previous', group: 'Go to', label: 'Previous conversation', key: 'k', run: move(-1) },
    ...(me.role === 'agent'
      ? []
      : ([
          {
            id: 'floor',
            group: 'Go to',
            label: 'All desks',
            key: 'f',
            also: 'supervisor floor',
            run: () => goTo({ screen: 'floor' }),
          },
          {
            id: 'desk',
            group: 'Go to',
            label: 'My desk',
            key: 'h',
            run: () => goTo({ screen: 'desk', conversation: null }),
          },
        ] as const)),
  ];
  const statuses = chosenStatuses.map(
    (status, at): Command => ({
      id: `status:${status}`,
      group: 'Status',
      label: `Be ${STATUSES[status].label.toLowerCase()}`,
      key: String(at + 1),
      also: STATUSES[status].means,
      run: () => choose(status),
    }),
  );
  const console: Command[] = [
    { id: 'palette', group: 'Console', label: 'Commands', key: '.', run: spotlight.open },
    {
      id: 'help',
      group: 'Console',
      label: 'All keys',
      key: '?',
      also: 'help shortcuts',
      run: () => dialogs.open({ kind: 'help' }),
    },
    {
      id: 'customer',
      group: 'Console',
      label: isCustomerShown ? 'Hide the customer' : 'Show the customer',
      key: 'i',
      run: () => showCustomer(!isCustomerShown),
    },
    {
      id: 'dark',
      group: 'Console',
      label: isDark ? 'Light colours' : 'Dark colours',
      key: 'm',
      also: 'dark mode theme',
      run: () => setColorScheme(isDark ? 'light' : 'dark'),
    },
    {
      id: 'sound',
      group: 'Console',
      label: sound ? 'Offers without a sound' : 'Offers with a sound',
      run: () => setSound(!sound),
    },
  ];
  const known = [
    ...new Map(
      [...lists.mine, ...lists.waiting, ...lists.approvals, ...lists.recent].map((entry) => [entry.id, entry]),
    ).values(),
  ];
  const go = known.map(
    (entry): Command => ({
      id: `open:${entry.id}`,
      group: 'Go to',
      label: nameOf(entry),
      also: entry.last?.text ?? '',
      run: () => openConversation(entry.id),
    }),
  );
  return { all: [...(offer ? offers : []), ...ofConversation, ...moves, ...statuses, ...console], go };
};
