/** What the names of entries of the browser's storage say behind `prefix`; nothing where the browser keeps nothing for us. */
export const keptUnder = (prefix: string): string[] => {
  try {
    return Object.keys(localStorage).flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
  } catch {
    return [];
  }
};
