/** Something an agent can do from the palette, or with one key. */
export type Command = {
  id: string;
  label: string;
  group: 'Conversation' | 'Go to' | 'Status' | 'Offers' | 'Console';
  /** What to press, as `KeyboardEvent.key` has it, lower case; with Alt where it has to work while writing. */
  key?: string;
  alt?: true;
  /** Words that find it too. */
  also?: string;
  run(): void;
};

export type Pressed = { key: string; code: string; altKey: boolean; ctrlKey: boolean; metaKey: boolean };

/** With Alt, many keyboards write another sign: the place of the key counts there. */
const pressedKey = ({ key, code, altKey }: Pressed): string =>
  altKey && /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : key.toLowerCase();

/** The command that a key press means. While somebody writes, single keys are letters. */
export const commandFor = (commands: readonly Command[], pressed: Pressed, isWriting: boolean): Command | undefined => {
  if (pressed.ctrlKey || pressed.metaKey) return undefined;
  const key = pressedKey(pressed);
  return commands.find(
    (command) =>
      command.key === key && (command.alt === true) === pressed.altKey && (command.alt === true || !isWriting),
  );
};

const NAMES: Record<string, string> = { arrowup: '↑', arrowdown: '↓', escape: 'Esc', enter: 'Enter' };

/** The key as it is shown: `Alt A`, `R`, `?`. */
export const keyName = ({ key, alt }: Pick<Command, 'key' | 'alt'>): string | null => {
  if (key === undefined) return null;
  const name = NAMES[key] ?? key.toUpperCase();
  return alt ? `Alt ${name}` : name;
};
