/** Text search configurations that Postgres ships, by ISO 639-1 code; others are searched without stemming. */
const CONFIGURATIONS: Record<string, string> = {
  da: 'danish',
  de: 'german',
  en: 'english',
  es: 'spanish',
  fi: 'finnish',
  fr: 'french',
  hu: 'hungarian',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sv: 'swedish',
  tr: 'turkish',
};

export const configuration = (language: string): string => CONFIGURATIONS[language] ?? 'simple';
