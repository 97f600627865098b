export type Mood = { kind: 'bad' | 'fair' | 'good'; label: string };

/** The sentiment of a message, -1 to 1, in a word. */
export const moodOf = (sentiment: number): Mood => {
  if (sentiment <= -0.6) return { kind: 'bad', label: 'Furious' };
  if (sentiment <= -0.25) return { kind: 'bad', label: 'Annoyed' };
  if (sentiment < 0.25) return { kind: 'fair', label: 'Calm' };
  return { kind: 'good', label: sentiment < 0.6 ? 'Friendly' : 'Delighted' };
};
