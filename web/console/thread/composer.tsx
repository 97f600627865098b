import { Button, Group, Tabs, Text, Textarea } from '@mantine/core';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ConversationView as Shown } from '../../../contracts/console.ts';
import type { Owner } from '../../../contracts/events.ts';
import { MAX_LENGTH } from '../../message-length.ts';
import { filledIn, matching, slashQuery } from '../canned-replies.ts';
import { useConsole } from '../console-context.tsx';
import type { Tab } from '../drafts.ts';
import { IconLock, IconSend, IconSparkles } from '../parts/icons.ts';
import { CannedList } from './canned-list.tsx';
import { useComposerRequests } from './composer-requests.tsx';
import { SuggestionPanel } from './suggestion-panel.tsx';
import { useAddNote } from './use-add-note.ts';
import { useSuggestion } from './use-suggestion.ts';
import { useTyping } from './use-typing.ts';
import { whyNot } from './why-not.ts';

export type ComposerProps = { shown: Shown; owner: Owner; isMine: boolean };

/** From so many characters left on they are counted. */
const COUNTED = 400;

/** Replies and private notes. What is written stays, for each conversation, until it is sent. */
export const Composer = ({ shown, owner, isMine }: ComposerProps) => {
  const { me, drafts, sending } = useConsole();
  const conversation = shown.entry.id;
  const [draft, setDraft] = useState(() => drafts.of(conversation));
  const [cursor, setCursor] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [isListOff, setListOff] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const addNote = useAddNote(conversation);
  const suggestion = useSuggestion(conversation);
  const typing = useTyping(conversation);
  const { request } = useComposerRequests();
  const answered = useRef(request?.count ?? 0);

  const tab: Tab = isMine ? draft.tab : 'note';
  const text = draft[tab];
  const change = (next: Partial<typeof draft>): void => setDraft(drafts.change(conversation, next));
  const write = (value: string): void => {
    change({ [tab]: value });
    setListOff(false);
    setChosen(0);
    if (tab === 'reply' && value !== '') typing();
  };

  const query = tab === 'reply' && !isListOff ? slashQuery(text, cursor) : null;
  const canned = query === null ? [] : matching(me.cannedReplies, query);
  const variables = {
    'customer.name': shown.handoff?.context.customer?.name ?? shown.entry.customer,
    'agent.name': me.name,
    'company.name': me.company,
  };

  const choose = (place: number): void => {
    const reply = canned[place];
    if (!reply) return;
    write(filledIn(reply.text, variables) + text.slice(cursor));
    setListOff(true);
    field.current?.focus();
  };

  const submit = (): void => {
    if (text.trim() === '' || text.length > MAX_LENGTH) return;
    if (tab === 'note') addNote.add(text, () => change({ note: '' }));
    else {
      sending.add(conversation, text);
      change({ reply: '' });
      suggestion.forget();
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return;
    if (canned.length > 0 && ['ArrowDown', 'ArrowUp', 'Enter', 'Tab'].includes(event.key) && !event.shiftKey) {
      event.preventDefault();
      if (event.key === 'ArrowDown') setChosen((chosen + 1) % canned.length);
      else if (event.key === 'ArrowUp') setChosen((chosen + canned.length - 1) % canned.length);
      else choose(chosen);
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === 'Escape') {
      if (canned.length > 0) setListOff(true);
      else field.current?.blur();
    }
  };

  useEffect(() => {
    if (!request || request.count === answered.current) return;
    answered.current = request.count;
    if (request.what === 'suggest') {
      suggestion.ask();
      return;
    }
    const wanted: Tab = request.what === 'note' ? 'note' : 'reply';
    setDraft(drafts.change(conversation, { tab: wanted }));
    if (request.what === 'canned' && drafts.of(conversation).reply === '') {
      setDraft({ ...drafts.change(conversation, { reply: '/', tab: 'reply' }) });
      setCursor(1);
    }
    field.current?.focus();
  }, [request, conversation, drafts, suggestion.ask]);

  const left = MAX_LENGTH - text.length;
  return (
    <section className="composer" data-tab={tab} aria-label="Write">
      {suggestion.current && isMine && (
        <SuggestionPanel
          suggestion={suggestion.current}
          onUse={(said) => {
            change({ reply: text === '' || tab === 'note' ? said : `${draft.reply}\n\n${said}`, tab: 'reply' });
            suggestion.forget();
            field.current?.focus();
          }}
          onForget={suggestion.forget}
          onAgain={suggestion.ask}
        />
      )}
      {query !== null && <CannedList replies={canned} chosen={chosen} variables={variables} onChoose={choose} />}
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Tabs value={tab} onChange={(next) => change({ tab: next === 'note' ? 'note' : 'reply' })} variant="pills">
          <Tabs.List>
            <Tabs.Tab value="reply" disabled={!isMine}>
              Reply
            </Tabs.Tab>
            <Tabs.Tab value="note" color="#7a5200" leftSection={<IconLock size={13} aria-hidden />}>
              Note
            </Tabs.Tab>
          </Tabs.List>
        </Tabs>
        {isMine ? (
          <Button
            size="compact-sm"
            variant="light"
            color="grape"
            leftSection={<IconSparkles size={15} aria-hidden />}
            loading={suggestion.isAsking}
            onClick={suggestion.ask}
          >
            Suggest a reply
          </Button>
        ) : (
          <Text size="xs" c="dimmed" className="why-not">
            {whyNot(shown.entry, owner, me.assistant)}
          </Text>
        )}
      </Group>
      <Textarea
        ref={field}
        aria-label={tab === 'note' ? 'Private note, which the customer never sees' : 'Reply to the customer'}
        placeholder={
          tab === 'note'
            ? 'A private note. The customer never sees it.'
            : 'Reply to the customer. Type / for ready-made texts.'
        }
        autosize
        minRows={2}
        maxRows={10}
        dir="auto"
        maxLength={MAX_LENGTH}
        value={text}
        onChange={({ currentTarget }) => {
          setCursor(currentTarget.selectionStart);
          write(currentTarget.value);
        }}
        onSelect={({ currentTarget }) => setCursor(currentTarget.selectionStart)}
        onKeyDown={onKeyDown}
        error={tab === 'note' ? addNote.problem : null}
        aria-controls={canned.length > 0 ? 'canned-replies' : undefined}
        aria-activedescendant={canned.length > 0 ? `canned-${chosen}` : undefined}
      />
      <Group justify="space-between" gap="xs">
        <Text size="xs" c="dimmed">
          {left < COUNTED ? `${left} characters left` : 'Enter sends, Shift Enter breaks the line'}
        </Text>
        <Button
          size="compact-md"
          fz="sm"
          color={tab === 'note' ? 'yellow' : 'fjord'}
          variant={tab === 'note' ? 'light' : 'filled'}
          disabled={text.trim() === ''}
          loading={tab === 'note' && addNote.isAdding}
          leftSection={tab === 'note' ? <IconLock size={15} aria-hidden /> : <IconSend size={15} aria-hidden />}
          onClick={submit}
        >
          {tab === 'note' ? 'Add note' : 'Send'}
        </Button>
      </Group>
    </section>
  );
};
