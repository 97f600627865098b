import { actionIdOf, callOf } from '../contracts/action-ids.ts';
import { actionId } from '../contracts/actions.ts';
import { type PlaybookTool, UNDO_TOOL } from '../contracts/playbook.ts';
import type { ToolDescription } from '../integrations/model.ts';
import type { Effect } from '../store/effect.ts';

/** The gate's own tool, as long as there is something to take back. */
export const undoDescription = (undoable: readonly Effect[]): ToolDescription[] =>
  undoable.length === 0
    ? []
    : [
        {
          name: UNDO_TOOL,
          description: [
            'Takes back something that was done in this conversation, when the customer changes their mind. Possible now:',
            ...undoable.map(
              (effect) =>
                `${actionIdOf(effect)}: ${effect.tool} ${JSON.stringify(effect.arguments)}, until ${effect.undoUntil?.toISOString()}.`,
            ),
          ].join('\n'),
          parameters: {
            type: 'object',
            properties: {
              action: { type: 'string', enum: undoable.map(actionIdOf), description: 'What to take back.' },
            },
            required: ['action'],
            additionalProperties: false,
          },
        },
      ];

/** The call that the model wants to take back, or `null`: its text may be anything. */
export const undoTarget = (text: string): { turn: number; call: number } | null => {
  try {
    const value: unknown = JSON.parse(text);
    const id = actionId.safeParse(
      typeof value === 'object' && value !== null && 'action' in value && Object.keys(value).length === 1
        ? value.action
        : undefined,
    );
    return id.success ? callOf(id.data) : null;
  } catch {
    return null;
  }
};

/** Arguments of the undo, from what the effect was given and what its provider answered. What is not there is left out. */
export const undoArguments = (
  undo: NonNullable<PlaybookTool['undo']>,
  { arguments: given, result }: Effect,
): Record<string, unknown> => {
  const from = { arguments: given, result: fieldsOf(result) };
  return Object.fromEntries(
    Object.entries(undo.arguments).flatMap(([name, source]) => {
      if (typeof source !== 'string') return [[name, source.value]];
      const [where, field = ''] = source.split('.');
      const fields = where === 'result' ? from.result : from.arguments;
      return Object.hasOwn(fields, field) ? [[name, fields[field]]] : [];
    }),
  );
};

const fieldsOf = (result: string | null): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(result ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};
