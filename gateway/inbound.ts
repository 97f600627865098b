import { type ClientFrame, clientFrame } from '../contracts/frames.ts';
import { clientMessageId } from '../contracts/ids.ts';

/** `unreadable` ends the connection; `invalid` is a message that cannot be taken, and the customer can shorten it. */
export type Inbound =
  | { kind: 'frame'; frame: ClientFrame }
  | { kind: 'invalid'; clientMessageId: string; message: string }
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
  const onlyText = issues.every(({ path }) => path.length === 1 && path[0] === 'text');
  const id = clientMessageId.safeParse(sentId(json));
  const [first] = issues;
  if (!onlyText || !id.success || !first || first.code === 'invalid_type') return { kind: 'unreadable' };
  return { kind: 'invalid', clientMessageId: id.data, message: `text ${first.message}` };
};

const sentId = (json: unknown): unknown =>
  typeof json === 'object' && json !== null && 'clientMessageId' in json ? json.clientMessageId : undefined;
