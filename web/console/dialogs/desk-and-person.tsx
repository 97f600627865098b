import { Select } from '@mantine/core';
import { useConsole } from '../console-context.tsx';
import { statusLabel } from '../header/statuses.ts';
import { useFloor } from '../queries.ts';

export type DeskAndPersonProps = {
  desks: readonly { name: string; title: string }[];
  ownDesk: string | null;
  desk: string | null;
  person: string | null;
  onChange(to: { desk: string | null; person: string | null }): void;
};

/** A desk, and one of its people where it is known who is there. */
export const DeskAndPerson = ({ desks, ownDesk, desk, person, onChange }: DeskAndPersonProps) => {
  const people = usePeopleAt(desk);
  return (
    <>
      <Select
        label="To which desk?"
        placeholder="Choose a desk"
        data-autofocus
        data={desks.map(({ name, title }) => ({ value: name, label: name === ownDesk ? `${title} (now)` : title }))}
        value={desk}
        onChange={(next) => onChange({ desk: next, person: null })}
        allowDeselect={false}
        comboboxProps={{ transitionProps: { duration: 0 } }}
      />
      {people.length > 0 && (
        <Select
          label="To one person? (optional)"
          description="Nobody else is asked unless they decline or leave."
          placeholder="Whoever is next"
          data={people}
          value={person}
          onChange={(next) => onChange({ desk, person: next })}
          clearable
          comboboxProps={{ transitionProps: { duration: 0 } }}
        />
      )}
    </>
  );
};

const usePeopleAt = (desk: string | null): { value: string; label: string }[] => {
  const { me } = useConsole();
  const { data } = useFloor(me.role !== 'agent');
  if (me.role === 'agent') {
    const there = (me.colleagues ?? []).filter(({ desks }) => desk !== null && desks.includes(desk));
    return there.map(({ id, name, status }) => ({ value: id, label: `${name} · ${statusLabel(status)}` }));
  }
  const there = data?.desks.find(({ name }) => name === desk)?.agents ?? [];
  return there
    .filter(({ status }) => status !== 'offline')
    .map(({ id, name, status, load, capacity }) => ({
      value: id,
      label: `${name} · ${statusLabel(status)} · ${load} of ${capacity}`,
    }));
};
