import { parsed } from '../argument-form.ts';

/** JSON as people read it: a line for each value, indented. What is no JSON stays as it is. */
export const readable = (text: string): string => {
  const value = parsed(text);
  return typeof value === 'object' && value !== null ? JSON.stringify(value, null, 2) : text;
};
