import type { Playbook } from '../../contracts/playbook.ts';
import { createEntityFinder, type Entity } from './entities.ts';
import { type IntentClassifier, type IntentReading, trainIntentClassifier } from './intent.ts';
import { createLanguageDetector } from './language.ts';
import { type Mood, readMood } from './mood.ts';
import { wantsPerson } from './wants-person.ts';

/** What is understood of a customer's message without asking a model. Kept with each turn. */
export type Understanding = Mood & {
  language: string;
  /** `null` where there are no embeddings, fewer than two intents, or the classifier is not trained yet. */
  intent: IntentReading | null;
  entities: Entity[];
  wantsPerson: boolean;
};

export type UnderstandingOptions = Pick<Playbook, 'assistant' | 'intents' | 'entities'>;

/** Reads language, mood, intent and entities off a message, in well under a millisecond once it has its vector. */
export const createUnderstanding = ({ assistant, intents, entities }: UnderstandingOptions) => {
  const languageOf = createLanguageDetector(assistant.languages.map((code) => code.slice(0, 2)));
  const entitiesOf = createEntityFinder(entities);
  let classify: IntentClassifier | null = null;

  return {
    /**
     * Learns the playbook's intents; until then none is told. Rejects with what `embed` rejects with.
     *
     * @param embed one vector for each text, in their order
     */
    async learn(embed: (texts: string[]) => Promise<Float32Array[]>): Promise<void> {
      if (intents.length < 2) return;
      const texts = intents.flatMap(({ name, examples }) => examples.map((text) => ({ intent: name, text })));
      const vectors = await embed(texts.map(({ text }) => text));
      classify = await trainIntentClassifier(
        texts.flatMap(({ intent }, i) => (vectors[i] ? [{ intent, vector: vectors[i] }] : [])),
      );
    },

    read(text: string, vector: Float32Array | null): Understanding {
      const language = languageOf(text) ?? assistant.defaultLanguage;
      return {
        language,
        ...readMood(text, language),
        intent: vector && classify ? classify(vector) : null,
        entities: entitiesOf(text),
        wantsPerson: wantsPerson(text),
      };
    },
  };
};
