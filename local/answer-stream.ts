/** What a terminal would obey rather than show, and what would turn the reading order of a line around. */
const UNPRINTABLE = /[^\P{Cc}\t\n]|[\u202a-\u202e\u2066-\u2069]/gu;

export const printable = (text: string): string => text.replaceAll(UNPRINTABLE, '');

/**
 * Writes an answer that grows, and may start over, to something that only takes more. A text that starts over is written
 * again below what stands there.
 */
export const createAnswerStream = (write: (text: string) => void) => {
  let shown = '';
  let isLineOpen = false;

  const put = (text: string): void => {
    const clean = printable(text);
    if (clean === '') return;
    write(clean);
    isLineOpen = !clean.endsWith('\n');
  };

  const endLine = (): void => {
    if (isLineOpen) put('\n');
  };

  return {
    /** `text` is all of the answer so far. Half a character at its end waits for the other half. */
    show(text: string): void {
      const whole = /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
      if (!whole.startsWith(shown)) {
        endLine();
        put('\n');
        shown = '';
      }
      put(whole.slice(shown.length));
      shown = whole;
    },
    /** A line of its own, wherever the answer stands; the answer goes on below. */
    note(line: string): void {
      endLine();
      write(`${line}\n`);
    },
    endLine,
  };
};
