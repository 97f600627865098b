/** Whom customers ask for, and how they ask, by language. A request names both, close together; short ones name whom alone. */
type Asking = { speak: string; want: string; people: string; not: string; alone: string };

const ASKING: Record<string, Asking> = {
  en: {
    speak: 'speak|talk|chat|connect|transfer me|put me through|reach|hand me over|pass me',
    want: "get me|give me|want|need|contact|is there|isn't there|can i have|could i have",
    people:
      '(?:an? |the |your |some |another |one of your )?(?:real |actual |live |proper )?(?:human (?:agent|being|representative|operator)s?|humans?|persons?|people|agents?|representatives?|advisers?|advisors?|supervisors?|managers?|operators?|colleagues?|staff|somebody(?: real)?|someone(?: real)?|support team|customer service|team member)',
    not: "do not|don't|dont|no need to|rather not|without|never",
    alone: 'please|now|pls|asap|thanks',
  },
  de: {
    speak: 'sprech|reden|verbind|durchstell|weiterleit|chatten|telefonier',
    want: 'brauche|möchte|will|geben sie mir|gib mir|erreiche',
    people:
      '(?:mit |an |zu )?(?:einem |einer |einen |eine |ein |den |der |dem )?(?:echten |richtigen |wirklichen |menschlichen )?(?:mensch(?:en)?|person|mitarbeiter(?:in|n)?|kundenberater(?:in)?|berater(?:in)?|kollegen?|kollegin|jemand(?:en|em)?|kundendienst|kundenservice|vorgesetzten?|ansprechpartner(?:in)?)',
    not: 'nicht|kein|keinen|keine|ohne|nie',
    alone: 'bitte|jetzt|sofort|danke',
  },
  fr: {
    speak: 'parler|discuter|joindre|mettre en relation|transfér|passer|passez',
    want: 'veux|voudrais|besoin|contacter|avoir',
    people:
      '(?:à |avec |d.|de |au |en )?(?:un |une |l.|votre |le |la )?(?:vrai |vraie |véritable )?(?:humain|être humain|personne|conseillère?|conseiller|agent|opérateur|opératrice|collègue|responsable|quelqu.un|service client)',
    not: 'pas|sans|jamais',
    alone: 's.il vous plaît|svp|s.il te plaît|merci|maintenant',
  },
  es: {
    speak: 'hablar|chatear|comunic|pasar|pásame|páseme|transfer|póngame',
    want: 'quiero|quisiera|necesito|contactar',
    people:
      '(?:con |a |de )?(?:un |una |el |la |su )?(?:verdader[oa] )?(?:humano|persona(?: real)?|agente|asesora?|operadora?|compañer[oa]|responsable|encargad[oa]|alguien|atención al cliente|representante)',
    not: 'no|sin|nunca',
    alone: 'por favor|ya|ahora|gracias',
  },
  pt: {
    speak: 'falar|conversar|passar|passe|transfer|ligar|encaminh',
    want: 'quero|queria|preciso|contactar|contatar',
    people:
      '(?:com |a |de |para )?(?:um |uma |o |a |vosso |vossa )?(?:verdadeir[oa] )?(?:humano|pessoa(?: real)?|agente|assistente humano|atendente|operadora?|colega|responsável|alguém|apoio ao cliente|conselheir[oa])',
    not: 'não|sem|nunca',
    alone: 'por favor|já|agora|obrigad[oa]',
  },
};

/** Words between speaking and with whom: "connect me with one of your agents". Nothing stands between wanting and whom. */
const BETWEEN = "(?:[\\p{L}'’]+[ ,-]+){0,4}?";

const edge = (words: string): string => `(?<![\\p{L}])(?:${words})`;

const patterns = Object.entries(ASKING).map(([language, { speak, want, people, not, alone }]) => {
  const whom = `${people}(?!\\p{L})`;
  return {
    // German asks from the other end: "mit einem Menschen sprechen".
    asks: new RegExp(
      [
        `${edge(speak)}\\p{L}*[ ,-]+${BETWEEN}${whom}`,
        `${edge(want)}[ ,-]+${whom}`,
        ...(language === 'de' ? [`${edge(whom)}[ ,]+${BETWEEN}(?:${speak})`] : []),
      ].join('|'),
      'iu',
    ),
    names: new RegExp(`${edge(whom)}|${edge(alone)}(?!\\p{L})`, 'giu'),
    whom: new RegExp(edge(whom), 'iu'),
    denies: new RegExp(`${edge(not)}(?!\\p{L})`, 'iu'),
  };
});

/** How far in front of a request a word may stand that turns it into its opposite, characters. */
const REACH = 24;

/** "human please": a message that holds nothing else, UTF-16 code units. */
const SHORT = 60;

/**
 * Whether a customer asks for a person in so many words. Nobody who asks is argued with, whatever a model would make of it; what
 * is not recognised here is still for the model's own handoff tool.
 */
export const wantsPerson = (text: string): boolean =>
  patterns.some(({ asks, names, whom, denies }) => {
    if (text.length <= SHORT && whom.test(text) && !/[\p{L}\p{N}]/u.test(text.replace(names, ''))) return true;
    const match = asks.exec(text);
    if (!match) return false;
    return !denies.test(text.slice(Math.max(0, match.index - REACH), match.index + match[0].length));
  });
