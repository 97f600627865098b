import { Checkbox, JsonInput, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Approval } from '../../../contracts/console.ts';
import { type Field, fieldsOf, filledForm, parsed } from '../argument-form.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { useDecide } from './use-decide.ts';

export type EditArgumentsProps = { conversation: string; approval: Approval; onClose(): void };

/** Approves an action with other arguments than the assistant's. */
export const EditArguments = ({ conversation, approval, onClose }: EditArgumentsProps) => {
  const [fields, setFields] = useState(() => fieldsOf(approval) ?? undefined);
  const [raw, setRaw] = useState(approval.rawArguments);
  const [problems, setProblems] = useState<Record<string, string>>({});
  const { decide, isDeciding } = useDecide(conversation, onClose);

  const approve = (): void => {
    const filled = fields
      ? filledForm(fields)
      : parsed(raw) === undefined
        ? { problems: { '': 'This is not valid JSON.' } }
        : { json: raw };
    if ('problems' in filled) {
      setProblems(filled.problems);
      return;
    }
    const { id, argumentsHash, rawArguments } = approval;
    const isSame = JSON.stringify(parsed(rawArguments)) === JSON.stringify(parsed(filled.json));
    decide({ action: id, argumentsHash, decision: 'approve', ...(!isSame && { arguments: filled.json }) });
  };

  const set = (key: string, value: string): void =>
    setFields((before) => before?.map((field) => (field.key === key ? { ...field, value } : field)));

  return (
    <DialogFrame
      title={`Edit: ${approval.title}`}
      onClose={onClose}
      submit={{ label: 'Approve with these', isBusy: isDeciding, run: approve }}
    >
      <Text size="sm" c="dimmed">
        What you change is checked like the assistant’s own. Approvals that were given before start anew.
      </Text>
      {fields ? (
        fields.map((field, place) => (
          <ArgumentField
            key={field.key}
            field={field}
            isFirst={place === 0}
            problem={problems[field.key]}
            onChange={(value) => set(field.key, value)}
          />
        ))
      ) : (
        <JsonInput
          label="Arguments"
          data-autofocus
          autosize
          minRows={4}
          maxRows={16}
          value={raw}
          onChange={setRaw}
          error={problems['']}
        />
      )}
    </DialogFrame>
  );
};

type ArgumentFieldProps = {
  field: Field;
  isFirst: boolean;
  problem: string | undefined;
  onChange(value: string): void;
};

const ArgumentField = ({ field: { label, kind, value }, isFirst, problem, onChange }: ArgumentFieldProps) => {
  const focus = isFirst ? { 'data-autofocus': true } : {};
  if (kind === 'boolean') {
    return (
      <Checkbox
        {...focus}
        label={label}
        checked={value === 'true'}
        onChange={({ currentTarget }) => onChange(String(currentTarget.checked))}
      />
    );
  }
  if (kind === 'json') {
    return (
      <JsonInput
        {...focus}
        label={label}
        autosize
        minRows={2}
        maxRows={12}
        value={value}
        onChange={onChange}
        error={problem}
      />
    );
  }
  if (kind === 'number') {
    return (
      <TextInput
        {...focus}
        label={label}
        inputMode="decimal"
        value={value}
        error={problem}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  }
  return (
    <Textarea
      {...focus}
      label={label}
      autosize
      minRows={1}
      maxRows={8}
      dir="auto"
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
};
