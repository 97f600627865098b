import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { readConfig, workerConfig } from '../config.ts';
import { agentAccount, agentPassword } from '../contracts/agents.ts';
import { createAgents } from '../store/agents.ts';
import { createAudit } from '../store/audit.ts';
import { createDatabase, type Database } from '../store/database.ts';
import { command, type Result } from './output.ts';

/** The company's people, before there is anybody who could add them in the console. */
export const agentCommand = (): Command =>
  new Command('agent')
    .description("the company's people who take over conversations")
    .addCommand(addCommand())
    .addCommand(passwordCommand())
    .addCommand(listCommand());

type AddOptions = {
  name: string;
  role: string;
  desk: string[];
  skill: string[];
  language: string[];
  capacity: string;
  passwordStdin?: boolean;
  openid?: boolean;
};

const id = ['--id <id>', 'what they sign in with, for example their e-mail address'] as const;
const stdin = [
  '--password-stdin',
  'read the password from standard input; without it one is made and printed',
] as const;

const addCommand = (): Command =>
  command<AddOptions & { id: string }>('add', 'add somebody', async (options) => {
    const parsed = agentAccount.safeParse({
      ...{ id: options.id, name: options.name, role: options.role, desks: options.desk },
      ...{ skills: options.skill, languages: options.language, capacity: Number(options.capacity) },
    });
    if (!parsed.success) return refused(parsed.error.issues);
    if (options.openid && options.passwordStdin)
      return { ok: false, data: { problems: ['--openid'] }, lines: ['--openid is for people without a password here'] };
    const { password, isMade } = options.openid ? NO_PASSWORD : await passwordOf(options);
    if ('issues' in password) return refused(password.issues);
    return withAgents(async (agents, db) => {
      if (!(await agents.add(parsed.data, password.value)))
        return { ok: false, data: { added: false }, lines: [`there is somebody with the id ${options.id} already`] };
      await createAudit(db).record({
        actor: 'cli',
        action: 'agent.added',
        subject: options.id,
        detail: { role: options.role },
      });
      return done({ added: true, id: options.id }, `added ${options.id}`, isMade ? password.value : null);
    });
  })
    .requiredOption(...id)
    .requiredOption('--name <name>', 'as customers see it')
    .requiredOption('--desk <desk...>', 'names of desks of the playbook')
    .option('--role <role>', 'agent, supervisor or admin', 'agent')
    .option('--skill <skill...>', 'what they can do', [])
    .option('--language <language...>', 'what they speak', ['en'])
    .option('--capacity <n>', 'conversations at once', '3')
    .option(
      '--openid',
      "they sign in at the company's OpenID provider, with this id as its claim, and have no password",
    )
    .option(...stdin);

/** Of who signs in at the company's OpenID provider alone. */
const NO_PASSWORD = { isMade: false, password: { value: null } };

const passwordCommand = (): Command =>
  command<{ id: string; passwordStdin?: boolean }>(
    'password',
    'set a new password, and end all sessions',
    async (options) => {
      const { password, isMade } = await passwordOf(options);
      if ('issues' in password) return refused(password.issues);
      return withAgents(async (agents, db) => {
        if (!(await agents.setPassword(options.id, password.value)))
          return { ok: false, data: { changed: false }, lines: [`there is nobody with the id ${options.id}`] };
        await createAudit(db).record({ actor: 'cli', action: 'agent.password', subject: options.id, detail: {} });
        return done({ changed: true, id: options.id }, `changed ${options.id}`, isMade ? password.value : null);
      });
    },
  )
    .requiredOption(...id)
    .option(...stdin);

const listCommand = (): Command =>
  command('list', 'who there is', async () =>
    withAgents(async (agents) => {
      const all = await agents.list();
      const line = ({ id, name, role, desks, active }: (typeof all)[number]) =>
        `${id}  ${name}  ${role}  ${desks.join(', ')}${active ? '' : '  (not active)'}`;
      return { ok: true, data: all, lines: all.length === 0 ? ['nobody yet'] : all.map(line) };
    }),
  );

const withAgents = async (work: (agents: ReturnType<typeof createAgents>, db: Database) => Promise<Result>) => {
  const { DATABASE_URL } = readConfig(workerConfig.pick({ DATABASE_URL: true }));
  const db = createDatabase(DATABASE_URL, () => {}, 1);
  try {
    return await work(createAgents(db), db);
  } finally {
    await db.destroy();
  }
};

type Issues = readonly { path: PropertyKey[]; message: string }[];

/** 18 random bytes, where nobody gives one: more than anybody would type, and meant to be changed. */
const passwordOf = async ({ passwordStdin }: { passwordStdin?: boolean }) => {
  const isMade = passwordStdin !== true;
  const given = isMade ? randomBytes(18).toString('base64url') : (await text(process.stdin)).replace(/\r?\n$/, '');
  const parsed = agentPassword.safeParse(given);
  const password = parsed.success ? { value: parsed.data } : { issues: parsed.error.issues };
  return { isMade, password };
};

const refused = (issues: Issues): Result => ({
  ok: false,
  data: { problems: issues.map(({ path, message }) => `${path.join('.') || 'password'} ${message}`) },
  lines: issues.map(({ path, message }) => `${path.map(String).join('.') || 'password'} ${message}`),
});

const done = (data: object, line: string, made: string | null): Result => ({
  ok: true,
  data: made === null ? data : { ...data, password: made },
  lines: made === null ? [line] : [line, `password: ${made}`],
});
