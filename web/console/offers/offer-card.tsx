import { Badge, Button, Group, Kbd, Progress, Text } from '@mantine/core';
import { useState } from 'react';
import { useConsole } from '../console-context.tsx';
import { ringing } from '../countdown.ts';
import { nameOf } from '../entries.ts';
import type { Offer } from '../link.ts';
import { IconPhone } from '../parts/icons.ts';
import { languageName } from '../parts/language.ts';
import { reasonWords } from '../parts/reason.ts';
import { useLists } from '../queries.ts';
import { useNow } from '../use-now.ts';
import { useAnswerOffer } from './use-answer-offer.ts';

/** A conversation that is offered: who it is, why, and how long there is to say. */
export const OfferCard = ({ offer, isFirst }: { offer: Offer; isFirst: boolean }) => {
  const { me } = useConsole();
  const { lists } = useLists();
  const { answer, isAnswering } = useAnswerOffer(offer);
  const now = useNow(250);
  const [startedAt] = useState(now);
  const left = offer.until - now;
  const whole = Math.max(1, offer.until - startedAt);
  const entry = lists.waiting.find(({ id }) => id === offer.conversationId);
  const desk = me.allDesks.find(({ name }) => name === offer.desk)?.title ?? offer.desk;
  return (
    <article className="offer" aria-label={`Offer from ${desk}`}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Group gap={8} wrap="nowrap" className="clipped">
          <IconPhone size={18} className="offer-icon" aria-hidden />
          <Text fw={650} truncate dir="auto">
            {entry ? nameOf(entry) : 'A customer'}
          </Text>
        </Group>
        <Text className="offer-left" aria-hidden>
          {ringing(left)}
        </Text>
      </Group>
      <Progress value={(left / whole) * 100} size="xs" color={left < 10_000 ? 'red' : 'fjord'} aria-hidden />
      <Text size="sm">{`${reasonWords(offer.reason)} · ${desk}`}</Text>
      <Group gap={6}>
        {entry?.intent && (
          <Badge variant="light" color="gray" tt="none">
            {entry.intent}
          </Badge>
        )}
        {entry?.language && (
          <Badge variant="light" color="gray" tt="none">
            {languageName(entry.language)}
          </Badge>
        )}
      </Group>
      {entry?.last && (
        <Text size="sm" c="dimmed" lineClamp={2} dir="auto">
          {entry.last.text}
        </Text>
      )}
      <Group grow gap="xs" mt={4}>
        <Button
          loading={isAnswering === 'accept'}
          disabled={isAnswering !== null}
          rightSection={isFirst && <Kbd size="xs">Alt A</Kbd>}
          onClick={() => answer('accept')}
        >
          Accept
        </Button>
        <Button
          variant="default"
          loading={isAnswering === 'decline'}
          disabled={isAnswering !== null}
          rightSection={isFirst && <Kbd size="xs">Alt D</Kbd>}
          onClick={() => answer('decline')}
        >
          Decline
        </Button>
      </Group>
    </article>
  );
};
