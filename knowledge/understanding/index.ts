import type { Embedder } from '../../integrations/embeddings.ts';
import { createEntityFinder, type Entity, type EntityPatterns } from './entities.ts';
import { createIntentClassifier, type IntentReading } from './intent.ts';
import { createLanguageDetector } from './language.ts';
import { type Mood, readMood } from './mood.ts';

export type Understanding = Mood & {
  language: string;
  /** `null` where there are no embeddings or fewer than two intents. */
  intent: IntentReading | null;
  entities: Entity[];
};

export type UnderstandingOptions = {
  languages: readonly string[];
  defaultLanguage: string;
  intents: readonly { name: string; examples: readonly string[] }[];
  entities: EntityPatterns;
  embedder: Embedder | null;
};

/**
 * Reads a customer's message without calling a model. Training takes as long as embedding the examples: half a second for
 * a playbook's hundred. Rejects with `EmbedderUnavailable` when they cannot be embedded.
 *
 * @returns a reader; its `vector` is the message's embedding, which retrieval and the answer cache need too
 */
export const createUnderstanding = async (options: UnderstandingOptions) => {
  const { languages, defaultLanguage, intents, entities, embedder } = options;
  const languageOf = createLanguageDetector(languages);
  const entitiesOf = createEntityFinder(entities);
  const texts = intents.flatMap(({ name, examples }) => examples.map((text) => ({ intent: name, text })));
  const vectors = embedder && intents.length > 1 ? await embedder.embed(texts.map(({ text }) => text)) : [];
  const examples = texts.flatMap(({ intent }, i) => (vectors[i] ? [{ intent, vector: vectors[i] }] : []));
  const classify = examples.length > 0 ? createIntentClassifier(examples) : null;

  return (text: string, vector: Float32Array | null): Understanding => {
    const language = languageOf(text) ?? defaultLanguage;
    return {
      language,
      ...readMood(text, language),
      intent: vector && classify ? classify(vector) : null,
      entities: entitiesOf(text),
    };
  };
};
