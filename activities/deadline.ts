/** What `answer` resolves with, or `null` where it takes longer than `ms`. It goes on then, and nobody hears of it. */
export const within = async <T>(ms: number, answer: Promise<T | null>): Promise<T | null> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
};
