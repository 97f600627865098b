import { fillArguments } from './arguments.ts';
import { askedFact, introducedName, recall } from './memory.ts';
import { bestPassage, isItem } from './passages.ts';
import type { Phrasebook } from './phrases/phrasebook.ts';
import { phrasesIn } from './phrases.ts';
import type { Reading } from './prompt.ts';
import type { Tool } from './request.ts';
import { renderResults } from './results.ts';
import { consent, isAngry, smallTalk, wantsItBack, wantsPerson } from './small-talk.ts';
import { summaryOf } from './summary.ts';
import { answeredQuestion, type Choice, chooseTool, isHandoff } from './tool-choice.ts';
import { wordsOf } from './words.ts';

/** `arguments` is JSON text, as a language model writes it. */
export type Call = { name: string; arguments: string };

export type Answer = { text: string; calls: Call[] };

/**
 * What the model answers, by rules and by retrieval over what the prompt holds; the same prompt always gets the same
 * answer. In this order: a summary, results of tools, a forced tool, a person, small talk, what the customer said of
 * themselves, a change of mind, a tool, an article, and the admission that it does not know.
 */
export const answerOf = (reading: Reading): Answer => {
  const phrases = phrasesIn(reading.language);
  const summary = summaryOf(reading.message);
  if (summary !== undefined) return say(summary);
  if (reading.results.length > 0) return say(renderResults(reading.results, reading.language));
  return (
    forcedCall(reading) ??
    person(reading, phrases) ??
    chat(reading, phrases) ??
    takeBack(reading) ??
    lookUp(reading, phrases) ??
    unknown(reading, phrases)
  );
};

const say = (text: string): Answer => ({ text, calls: [] });

const call = ({ name }: Tool, values: Record<string, unknown>): Answer => ({
  text: '',
  calls: [{ name, arguments: JSON.stringify(values) }],
});

const forcedCall = (reading: Reading): Answer | undefined => {
  const { forced, tools, message } = reading;
  if (forced === false) return undefined;
  const chosen = forced === true ? chooseTool(reading)?.tool : undefined;
  const tool = chosen ?? (forced === true ? tools[0] : tools.find(({ name }) => name === forced));
  return tool && call(tool, fillArguments(tool, message).values);
};

/** Asked for, consented to, or called for by anger. */
const person = (reading: Reading, phrases: Phrasebook): Answer | undefined => {
  const { message, exchanges, tools } = reading;
  const handoff = tools.find(isHandoff);
  const offered = exchanges.at(-1)?.assistant.endsWith(phrases.offer) ?? false;
  const agreed = offered ? consent(message) : undefined;
  if (agreed === false) return say(phrases.understood);
  const asked = wantsPerson(message) || agreed === true;
  if (!asked && !(handoff && isAngry(message))) return undefined;
  if (!handoff) return say(phrases.noPerson);
  const about = agreed ? (exchanges.at(-1)?.customer ?? message) : message;
  const { values, missing } = fillArguments(handoff, about);
  return call(handoff, { ...values, ...Object.fromEntries(missing.map((name) => [name, about])) });
};

const chat = (reading: Reading, phrases: Phrasebook): Answer | undefined => {
  const { message, persona } = reading;
  switch (smallTalk(message)) {
    case 'greeting':
      return say(phrases.greeting(persona));
    case 'thanks':
      return say(phrases.thanks);
    case 'goodbye':
      return say(phrases.goodbye);
    case 'whoAreYou':
      return say(phrases.whoAmI(persona));
    case 'acknowledged':
      return say(phrases.understood);
    case undefined:
      break;
  }
  const what = askedFact(message);
  const value = what === undefined ? undefined : recall(reading, what);
  if (what !== undefined && value !== undefined) return say(phrases.told(what, value));
  if (what === 'name') return say(phrases.notTold);
  const name = introducedName(message);
  const more = name && wordsOf(message.replace(name, '')).size > 1;
  return name && !more ? say(phrases.niceToMeet(name)) : undefined;
};

/** A change of mind, where a tool can take back what was done: the latest of what it names. */
const takeBack = ({ message, tools }: Reading): Answer | undefined => {
  const undo = tools.find(({ name }) => name.startsWith('undo'));
  const [argument, parameter] = Object.entries(undo?.parameters.properties ?? {})[0] ?? [];
  const latest = parameter?.enum?.at(-1);
  return undo && argument !== undefined && latest !== undefined && wantsItBack(message)
    ? call(undo, { [argument]: latest })
    : undefined;
};

/** A tool or an article, whichever answers more of the message; a number or the like in it speaks for the tool. */
const lookUp = (reading: Reading, phrases: Phrasebook): Answer | undefined => {
  const answered = answeredQuestion(reading, phrases);
  if (answered) return callOrAsk(answered, phrases);
  const choice = chooseTool(reading);
  if (choice?.specific) return callOrAsk(choice, phrases);
  const passage = bestPassage(reading.articles, wordsOf(reading.message));
  if (choice && choice.score > (passage?.score ?? 0)) return callOrAsk(choice, phrases);
  return passage && say(`${phrases.from(passage.title)}${isItem(passage.text) ? '\n' : ' '}${passage.text}`);
};

const callOrAsk = ({ tool, values, missing: [wanted] }: Choice, phrases: Phrasebook): Answer =>
  wanted === undefined ? call(tool, values) : say(phrases.ask(labelOf(tool, wanted, phrases)));

/** What to call a parameter in front of a customer. */
const labelOf = (tool: Tool, name: string, { labels }: Phrasebook): string => {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  const concept = [...wordsOf(words)].find((word) => labels[word] !== undefined);
  return (
    (concept && labels[concept]) || labels[words] || (tool.parameters.properties[name]?.title ?? words).toLowerCase()
  );
};

const unknown = ({ message, tools }: Reading, phrases: Phrasebook): Answer => {
  if (isAngry(message)) return say(phrases.noPerson);
  return say(`${phrases.unknown} ${tools.some(isHandoff) ? phrases.offer : phrases.personCan}`);
};
