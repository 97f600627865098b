/** The longest part of a customer's message that goes into a summary, characters. */
const MAX_LENGTH = 80;

/** What customers asked for in a `<transcript>`, after the summary so far; `undefined` where there is none to be made. */
export const summaryOf = (message: string): string | undefined => {
  const [, transcript] = /<transcript>\n([\s\S]*)\n<\/transcript>/.exec(message) ?? [];
  if (transcript === undefined) return undefined;
  const [, before = ''] = /<summary>\n([\s\S]*)\n<\/summary>/.exec(message) ?? [];
  const asked = [...transcript.matchAll(/^customer: (.*)$/gm)].map(([, text = '']) => text.slice(0, MAX_LENGTH));
  return [before, `The customer said: ${[...new Set(asked)].join(' | ')}`].filter(Boolean).join(' ');
};
