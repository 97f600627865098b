/** Ways of asking the same in English, applied in order. Nothing here may change what is asked for. */
export const REWRITES: readonly (readonly [RegExp, string])[] = [
  [/\b(what|how|who|where|when|why|it|that|there|he|she)'s\b/g, '$1 is'],
  [/\bwhats\b/g, 'what is'],
  [/\bi'm\b/g, 'i am'],
  [/\b(i|you|we|they)'ve\b/g, '$1 have'],
  [/\b(i|you|we|they)'ll\b/g, '$1 will'],
  [/\b(you|we|they)'re\b/g, '$1 are'],
  [/\b(?:cannot|can't|cant)\b/g, 'can not'],
  [/\bwon't\b/g, 'will not'],
  [/\b(do|does|did|is|are|was|were|has|have|had|would|could|should)n't\b/g, '$1 not'],
  [/\b(?:can|could) (?:you|someone|anyone|anybody)(?: please)? (?:tell me|explain)(?: to me)?\b/g, ''],
  [/^(?:hi|hello|hey)\b[ ,]*(?:there\b)?/g, ''],
  [/\bwhat (?:do|does|did) (.+?) mean$/g, 'what is meaning $1'],
  [/\bis it (?:possible|allowed) to\b/g, 'can i'],
  [/\bpossible (way|ways)\b/g, '$1'],
  [
    /\bwhat (?:is|are|would be)(?: some of)?(?: some)?(?: the| a)? (?:best |good |easiest |most effective |right |better |fastest )?(?:way|ways|method|methods) (?:to|of|for|i can|you can|that i can)\b/g,
    'how',
  ],
  [/\b(?:is|are) there (?:any |a |some )?ways? (?:to|i can|for)\b/g, 'how'],
  [/\bhow (?:do|can|could|should|would|does|must|may) (?:i|we|you|one|someone|anyone|a person|people)\b/g, 'how'],
  [/\bhow (?:to|(?:one|i|we|you) can|can)\b/g, 'how'],
  [/\bwhere (?:do|can|could|should|would) (?:i|we|you|one)\b/g, 'where'],
  [/\b(why|how) (?:is|are|do|does|did) it that\b/g, '$1'],
];

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** Say nothing about what is asked. */
export const DROPPED = set('a an the some any just really actually exactly please kindly of also currently');

/**
 * May be there in one of two questions and not in the other. Not among them, since each changes an answer: to, from, with,
 * without, before, after, over, under, and, or, if, than, all, only, not, most, how, why, when, who.
 */
export const FREE = set('in on at for about my is do have it ever can i there');

/** Their place among the others does not matter. */
export const UNORDERED: ReadonlySet<string> = new Set([...FREE, ...set('that how what to by as with or')]);

/** One word for each group. Only what every shop's customers would take for the same. */
const GROUPS = [
  'what which',
  'is are was were be am being',
  'do does did doing',
  'have has had having',
  'can could',
  'i you we one',
  'my your our',
  'fast quick quickly rapid',
  'start begin',
  'film movie movi',
  'picture photo image pic pictur imag',
  'remove delete erase remov delet eras',
  'improve increase enhance improv increas enhanc',
  'woman women',
  'man men',
  'child children kid',
  'person people peopl',
  'mouse mice mous mic',
  'foot feet',
  'site website sit websit',
  'usa us u.s u.s.a america',
  'buy purchase purchas',
  'learn study',
  'large huge big larg hug',
  'parcel package packag',
  'should must',
  'song music',
  'skill ability',
  'difference different differenc',
  'earn make mak',
  'view opinion',
  'third 3rd',
];

export const SAME: ReadonlyMap<string, string> = new Map(
  GROUPS.flatMap((group) => {
    const [first = '', ...others] = group.split(' ');
    return [first, ...others].map((word) => [word, first] as const);
  }),
);
