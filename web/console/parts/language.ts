const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** `de` is "German". What is no language's code stays what it is. */
export const languageName = (code: string): string => {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
};
