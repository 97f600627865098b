import { isConcept } from './lexicon.ts';
import { plain } from './plain.ts';
import { wordsOf } from './words.ts';

/** What a message is about when it is about nothing in the shop. */
export type SmallTalk = 'greeting' | 'thanks' | 'goodbye' | 'whoAreYou' | 'acknowledged';

const GREETING =
  /^(hi|hello|hey|good (morning|afternoon|evening)|hallo|guten (tag|morgen|abend)|moin|servus|gruezi|bonjour|bonsoir|salut|hola|buenos dias|buenas( tardes| noches)?|ola|oi|bom dia|boa (tarde|noite))( there| again| zusammen| a tous| todos)?[\s!.,]*$/;
const THANKS = /\b(thanks?|thank you|thx|cheers|danke|dankeschon|merci|gracias|obrigad[oa])\b/;
const GOODBYE =
  /^(ok(ay)?,? )?(bye|goodbye|bye bye|see you|tschuss|auf wiedersehen|ciao|au revoir|a bientot|adios|hasta luego|tchau|adeus|ate logo)[\s!.]*$/;
const WHO_ARE_YOU =
  /\b(are you (an? )?(bot|robot|human|real|ai|machine|person|computer)|who are you|what are you|(bist du|sind sie) (ein )?(bot|roboter|mensch|echter mensch|ki)|wer (bist du|sind sie)|(es-tu|etes-vous|vous etes) (un )?(bot|robot|humain|ia)|qui etes-vous|(eres|es usted) (un |una )?(bot|robot|humano|persona|ia)|quien eres|(voce e|tu es|es) (um |uma )?(bot|robo|humano|pessoa)|quem (e voce|es tu))\b/;

const ACKNOWLEDGED =
  /^(ok(ay)?|alright|all right|great|perfect|fine|cool|got it|yes|no|never mind|super|gut|alles klar|ja|nein|d'accord|parfait|oui|non|vale|perfecto|si|perfeito|certo|sim|nao)[\s!.]*$/;

export const smallTalk = (message: string): SmallTalk | undefined => {
  const text = plain(message).trim();
  if (GREETING.test(text)) return 'greeting';
  if (GOODBYE.test(text)) return 'goodbye';
  if (ACKNOWLEDGED.test(text)) return 'acknowledged';
  if (WHO_ARE_YOU.test(text)) return 'whoAreYou';
  if (THANKS.test(text) && !isAboutSomething(text)) return 'thanks';
  return undefined;
};

/** Politeness is not the point of a message that also names a thing or a number. */
const isAboutSomething = (text: string): boolean =>
  text.includes('?') || /\d{3}/.test(text) || [...wordsOf(text)].some(isConcept);

const YES = /^(yes|yeah|yep|sure|please|ok(ay)?|ja|gerne?|bitte|oui|volontiers|d'accord|si|claro|vale|sim|por favor)\b/;
const NO = /^(no|nope|not now|nein|non|nao)\b/;

/** How a message answers a yes-or-no question, or `undefined` when it does not. */
export const consent = (message: string): boolean | undefined => {
  const text = plain(message).trim();
  return YES.test(text) ? true : NO.test(text) ? false : undefined;
};

const PERSON = [
  /\b(talk|speak|chat|connect|transfer|escalate|contact|reach|put me)\b[^.?!]{0,40}\b(human|person|agent|someone|somebody|representative|operator|advis[eo]r|manager|supervisor|people)\b/,
  /\b(want|need|get|give me)\b[^.?!]{0,20}\b(human|agent|representative|operator|manager|supervisor|(real|live) person)\b/,
  /^(an? )?((real|live) )?(human|agent|person|operator|representative)( please| now)?\W*$/,
  /\b(mensch(en)?|mitarbeiter(in)?|jemand(en|em)?|person|berater(in)?)\b.{0,40}\b(sprechen|reden|verbinden|chatten)\b/,
  /\b(sprechen|reden|verbinden)\b.{0,40}\b(mensch(en)?|mitarbeiter(in)?|jemand(en|em)?|person|berater(in)?)\b/,
  /\b(parler|joindre|discuter|contacter)\b.{0,40}\b(humain|personne|conseill(er|ere)|agent|quelqu'un)\b/,
  /\b(hablar|comunicar\w*|contactar|pasar\w*)\b.{0,40}\b(humano|persona|agente|alguien|operador)\b/,
  /\b(falar|conversar|contactar)\b.{0,40}\b(humano|pessoa|agente|alguem|atendente|operador)\b/,
  /^(einen? |un |une |una? |um |uma )?(mensch|menschen|mitarbeiter|humain|conseiller|humano|agente|atendente)( bitte| s'il vous plait| por favor)?\W*$/,
];

/** Whether a customer asks for a person. */
export const wantsPerson = (message: string): boolean => {
  const text = plain(message);
  return PERSON.some((pattern) => pattern.test(text));
};

const ANGER =
  /\b(ridiculous|unacceptable|outrageous|furious|angry|fed up|sick of|worst|scam|useless|disgrace(ful)?|pathetic|lawyer|unverschamt|inakzeptabel|wutend|frechheit|katastrophe|betrug|anwalt|inacceptable|honteux|furieu(x|se)|arnaque|scandaleux|avocat|inaceptable|furios[oa]|estafa|verguenza|indignante|abogado|inaceitavel|vergonha|golpe|indignad[oa]|advogado)\b/;

export const isAngry = (message: string): boolean => ANGER.test(plain(message));

const CHANGED_MIND =
  /\b(undo|take (it|that|this) back|changed my mind|ruckgangig|zuruck ?nehmen|anders uberlegt|change d'avis|deshacer|deshaga|cambiado de (opinion|idea)|mudei de ideias?|desfa(zer|ca))\b/;

/** Whether a customer wants back what was done: said outright, or as the end of a refund. */
export const wantsItBack = (message: string): boolean => {
  const words = wordsOf(message);
  return CHANGED_MIND.test(plain(message)) || (words.has('cancel') && words.has('refund'));
};
