import { Avatar, Badge, Group, Text } from '@mantine/core';
import type { ConversationView } from '../../../contracts/console.ts';
import { nameOf } from '../entries.ts';
import { IconFlame, IconLanguage, IconMoodNeutral, IconMoodSad, IconMoodSmile } from '../parts/icons.ts';
import { languageName } from '../parts/language.ts';
import { reasonWords } from '../parts/reason.ts';
import { moodOf } from './mood.ts';

const MOODS = {
  bad: { icon: IconMoodSad, color: 'red' },
  fair: { icon: IconMoodNeutral, color: 'gray' },
  good: { icon: IconMoodSmile, color: 'teal' },
};

/** Who, why, in which mood, and what it is about: the first thing to read after accepting. */
export const AtOneGlance = ({ shown: { entry, handoff } }: { shown: ConversationView }) => {
  const context = handoff?.context;
  const language = context?.customer?.language ?? context?.language ?? entry.language;
  const intent = context?.intent?.title ?? entry.intent;
  const reason = context?.reason ?? entry.reason;
  const mood = context && context.sentiment !== null ? moodOf(context.sentiment) : null;
  const Mood = mood && MOODS[mood.kind];
  const name = context?.customer?.name ?? nameOf(entry);
  return (
    <div className="glance">
      <Group gap="sm" wrap="nowrap">
        <Avatar {...(entry.customer && { name })} color="fjord" variant="light" radius="xl" alt="" />
        <div className="clipped">
          <Text component="h2" fw={650} truncate dir="auto" title={name}>
            {name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {[context?.customer?.email, context?.customer?.tier, entry.channel].filter(Boolean).join(' · ')}
          </Text>
        </div>
      </Group>
      <Group gap={6}>
        {context?.urgent && (
          <Badge tt="none" variant="light" color="red" leftSection={<IconFlame size={12} aria-hidden />}>
            Urgent
          </Badge>
        )}
        {mood && Mood && (
          <Badge tt="none" variant="light" color={Mood.color} leftSection={<Mood.icon size={13} aria-hidden />}>
            {mood.label}
          </Badge>
        )}
        {intent && (
          <Badge tt="none" variant="light" color="blue">
            {intent}
          </Badge>
        )}
        {language && (
          <Badge tt="none" variant="light" color="gray" leftSection={<IconLanguage size={13} aria-hidden />}>
            {languageName(language)}
          </Badge>
        )}
      </Group>
      {reason && (
        <p className="reason">
          <strong>Why you: </strong>
          <span dir="auto">{reasonWords(reason)}</span>
        </p>
      )}
      {context?.summary ? (
        <p className="summary" dir="auto">
          {context.summary}
        </p>
      ) : (
        <Text size="sm" c="dimmed">
          {handoff ? 'Short enough to be read: no summary.' : 'It has not been handed over.'}
        </Text>
      )}
    </div>
  );
};
