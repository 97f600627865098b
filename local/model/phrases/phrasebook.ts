/** Everything the model says in its own words. What it found in articles and tool results stays as it was written. */
export type Phrasebook = {
  greeting(persona: string | undefined): string;
  thanks: string;
  goodbye: string;
  whoAmI(persona: string | undefined): string;
  /** Asks for one argument of a tool; begins and ends in a way that `asked` recognises in the next turn. */
  ask(label: string): string;
  asked: RegExp;
  /** What to call an argument, by the concept in its name. */
  labels: Record<string, string>;
  /** Followed by `offer` where a tool can bring a person in, else by `personCan`. */
  unknown: string;
  personCan: string;
  /** A question that the next message may answer with yes or no. */
  offer: string;
  noPerson: string;
  understood: string;
  from(title: string): string;
  niceToMeet(name: string): string;
  told(what: string, value: string): string;
  notTold: string;
  notFound: { order: string; other: string };
  refused: string;
  failed(reason: string | undefined): string;
  done: string;
  nothingFound: string;
  order: {
    headline(number: string, status: string | undefined): string;
    statuses: Record<string, string>;
    carrier(name: string): string;
    tracking(number: string): string;
    expected(date: string): string;
    delivered(date: string): string;
    items(list: string): string;
    total(amount: string): string;
    list(count: number): string;
  };
  returns: {
    headline(number: string): string;
    yes(item: string, until: string | undefined): string;
    no(item: string, reason: string): string;
    reasons: Record<string, string>;
  };
};
