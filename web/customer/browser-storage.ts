/** One text in the browser's keeping, or as long as the page where the browser keeps nothing for it or has no room. */
export const storedText = (area: () => Storage, key: string) => {
  let here: string | null = null;
  return {
    get(): string | null {
      try {
        return area().getItem(key) ?? here;
      } catch {
        return here;
      }
    },
    /** `null` forgets it. */
    set(value: string | null): void {
      here = value;
      try {
        if (value === null) area().removeItem(key);
        else area().setItem(key, value);
      } catch {
        // Kept in `here`.
      }
    },
  };
};

export type StoredText = ReturnType<typeof storedText>;
