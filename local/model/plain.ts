/** Lower case without accents: `Größe` and `grosse` are one. ASCII, nine texts in ten, skips the slow part. */
export const plain = (text: string): string => {
  const lower = text.toLowerCase();
  return /[\u0080-\uffff]/.test(lower)
    ? lower.replaceAll('ß', 'ss').normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'")
    : lower;
};

/** The words of a plain text in order, nothing reduced. */
export const split = (plainText: string): string[] => plainText.match(/[\p{L}\p{N}]+/gu) ?? [];
