import { type ClientFrame, clientFrame } from '../contracts/frames.ts';
import { clientMessageId } from '../contracts/ids.ts';

/** `unreadable` ends the connection; `invalid` is a text that cannot be taken, and the customer can shorten it. */
export type Inbound =
  | { kind: 'frame'; frame: ClientFrame }
  | { kind: 'invalid'; error: { message: string; clientMessageId?: string; commandId?: string } }
  | { kind: 'unreadable' };

/** Reads one frame. Nothing of the input comes back, except an id that is well-formed. */
export const readFrame = (text: string): Inbound => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'unreadable' };
  }
  const parsed = clientFrame.safeParse(json);
  if (parsed.success) return { kind: 'frame', frame: parsed.data };
  const { issues } = parsed.error;
  const [first] = issues;
  const field = first?.path[0];
  if (!first || first.code === 'invalid_type' || (field !== 'text' && field !== 'comment'))
    return { kind: 'unreadable' };
  const name = field === 'text' ? 'clientMessageId' : 'commandId';
  const id = clientMessageId.safeParse(fieldOf(json, name));
  const isAlone = issues.every(({ path }) => path.length === 1 && path[0] === field);
  if (!isAlone || !id.success) return { kind: 'unreadable' };
  return { kind: 'invalid', error: { message: `${field} ${first.message}`, [name]: id.data } };
};

const fieldOf = (json: unknown, name: string): unknown =>
  typeof json === 'object' && json !== null ? Object.entries(json).find(([key]) => key === name)?.[1] : undefined;
