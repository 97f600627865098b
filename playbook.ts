import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Article, articleHead, type LoadedPlaybook, type Playbook, playbook } from './contracts/playbook.ts';
import { isStorable } from './contracts/text.ts';

/** One line per problem: `DESK_PLAYBOOK: <file>:<line> "<path>" <what to do>`. */
export class PlaybookError extends Error {
  override readonly name = 'PlaybookError';

  constructor(problems: string[]) {
    super(problems.map((problem) => `DESK_PLAYBOOK: ${problem}`).join('\n'));
  }
}

/** Reads and validates a whole playbook folder. Rejects with a `PlaybookError` that names everything wrong in it. */
export const loadPlaybook = async (folder: string): Promise<LoadedPlaybook> => {
  const files = await readFiles(folder);
  const [settings, ...texts] = files;
  const checked = parse(playbook, settings.file, settings.text, 1);
  const articles = texts.map((source) => parseArticle(source, checked.value));
  const problems = [checked, ...articles].flatMap((part) => part.problems);
  if (!checked.value || problems.length > 0) throw new PlaybookError(problems);
  const documents = await Promise.all(documentsOf(checked.value).map((key) => readSource(folder, key)));
  return {
    version: contentHash([...files, ...documents]),
    settings: contentHash([settings]),
    playbook: checked.value,
    articles: articles.flatMap(({ value }) => (value ? [value] : [])),
  };
};

type Source = { file: string; key: string; text: string };
type Checked<T> = { value?: T; problems: string[] };

/** `playbook.yaml` first, then the articles in the order of their names. */
const readFiles = async (folder: string): Promise<[Source, ...Source[]]> => {
  const knowledge = join(folder, 'knowledge');
  const names = await readdir(knowledge).catch(() => {
    throw new PlaybookError([`${knowledge} cannot be read; it must be the folder of the articles`]);
  });
  const articles = names.filter((name) => !name.startsWith('.')).sort();
  const wrong = articles.filter((name) => !/^[a-z0-9-]+\.md$/.test(name));
  if (wrong.length > 0)
    throw new PlaybookError(wrong.map((name) => `${join(knowledge, name)} must be named like returns-policy.md`));
  const [settings, ...texts] = await Promise.all(
    ['playbook.yaml', ...articles.map((name) => `knowledge/${name}`)].map((key) => readSource(folder, key)),
  );
  if (!settings) throw new PlaybookError([`${folder} holds no playbook.yaml`]);
  return [settings, ...texts];
};

/** Files that describe the APIs of providers. */
const documentsOf = ({ providers }: Playbook): string[] =>
  providers.flatMap(({ openapi }) => (openapi && !/^https?:/.test(openapi.document) ? [openapi.document] : []));

const readSource = async (folder: string, key: string): Promise<Source> => {
  const file = join(folder, key);
  const bytes = await readFile(file).catch(() => {
    throw new PlaybookError([`${file} cannot be read`]);
  });
  if (!isUtf8(bytes)) throw new PlaybookError([`${file} must be UTF-8 text`]);
  return { file, key, text: bytes.toString() };
};

/** Names and lengths are hashed too, so that text cannot move from one file to the next unnoticed. */
const contentHash = (files: Source[]): string => {
  const hash = createHash('sha256');
  for (const { key, text } of files) hash.update(`${key}\0${text.length}\0${text}`);
  return hash.digest('hex').slice(0, 16);
};

const parseArticle = ({ file, text }: Source, book: Playbook | undefined): Checked<Article> => {
  const [, head, rest = ''] = /^---\r?\n(.*?\r?\n)---\r?\n(.*)$/s.exec(text) ?? [];
  if (head === undefined) return { problems: [`${file}:1 must start with front matter between two lines of ---`] };
  const { value, problems } = parse(articleHead, file, head, 2);
  if (!value) return { problems };
  const { title, url, tags, questions, language = book?.assistant.defaultLanguage ?? '' } = value;
  const body = rest.trim();
  if (!body) problems.push(`${file}:1 has no text below its front matter`);
  if (!isStorable(body)) problems.push(`${file}:1 holds a NUL`);
  if (book && !book.assistant.languages.includes(language))
    problems.push(`${file}:2 "language" must be one of assistant.languages: ${book.assistant.languages.join(', ')}`);
  return {
    value: { slug: basename(file, '.md'), title, ...(url && { url }), language, tags, questions, body },
    problems,
  };
};

/** Parses YAML that starts on line `first` of its file, and says for each problem on which line it is. */
const parse = <S extends z.ZodType>(schema: S, file: string, text: string, first: number): Checked<z.output<S>> => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => `${file}:${lines.linePos(offset).line + first - 1}`;
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) return { problems: broken.map(({ pos, message }) => `${at(pos[0])} ${message}`) };
  const plain = toPlain(document);
  if ('problem' in plain) return { problems: [`${at(0)} ${plain.problem}`] };
  const parsed = schema.safeParse(plain.value, { error: explain });
  if (parsed.success) return { value: parsed.data, problems: [] };
  const problem = (path: PropertyKey[], message: string): string =>
    `${at(offsetOf(document.contents, path))} ${path.length > 0 ? `"${written(path)}" ` : ''}${message}`;
  return {
    problems: parsed.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => problem([...issue.path, key], issue.message))
        : [problem(issue.path, issue.message)],
    ),
  };
};

/** Aliases are resolved here, and one without an anchor (an unquoted `*text`) or in excess throws. */
const toPlain = (document: Document.Parsed): { value: unknown } | { problem: string } => {
  try {
    return { value: document.toJS() };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
};

/** Where the value at `path` starts, or the deepest thing on the way to it that exists. */
const offsetOf = (root: unknown, path: PropertyKey[]): number => {
  let node = root;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!pair) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (isScalar(node) || isMap(node) || isSeq(node)) offset = node.range?.[0] ?? offset;
    } else break;
  }
  return offset;
};

/** `intents[2].examples`, as one would write it in code. */
const written = (path: PropertyKey[]): string =>
  path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`)).join('');

/** Words for what the schemas leave to zod; `undefined` keeps zod's own. */
const explain = (issue: z.core.$ZodRawIssue): string | undefined => {
  if (issue.input === undefined && issue.code !== 'unrecognized_keys') return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${EXPECTED[issue.expected] ?? `a ${issue.expected}`}`;
    case 'invalid_value':
      return `must be ${issue.values.map(String).join(' or ')}`;
    case 'unrecognized_keys':
      return 'is no setting here; look for a misspelling';
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'too_small':
      return issue.origin === 'string' ? 'is empty' : `must ${bound(issue.origin)} at least ${issue.minimum}`;
    case 'too_big':
      return `must ${bound(issue.origin)} at most ${issue.maximum}`;
    default:
      return undefined;
  }
};

const bound = (origin: string): string => (origin === 'array' ? 'have' : 'be');

const EXPECTED: Record<string, string> = {
  string: 'a text; put quotes around it',
  boolean: 'true or false',
  int: 'a whole number',
  array: 'a list',
  object: 'a block of settings',
  record: 'a block of settings',
};
