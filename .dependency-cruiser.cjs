/**
 * The import table of the architecture, for `npm run check:imports`, which prints the comment of the rule that was broken.
 * What is loaded at run time, however many files away, is in `.dependency-cruiser.bundles.cjs`.
 */

/** Folder or root file → what of ours it may import besides itself. */
const table = {
  contracts: [],
  workflows: ['contracts'],
  activities: ['contracts', 'stream', 'store', 'knowledge', 'integrations'],
  integrations: ['contracts'],
  knowledge: ['contracts', 'store', 'integrations'],
  stream: ['contracts'],
  store: ['contracts'],
  gateway: ['contracts', 'stream', 'store', 'config.ts', 'playbook.ts'],
  workers: [
    'contracts',
    'workflows',
    'activities',
    'integrations',
    'knowledge',
    'stream',
    'store',
    'config.ts',
    'playbook.ts',
  ],
  cli: ['contracts', 'knowledge', 'stream', 'store', 'workers', 'config.ts', 'playbook.ts'],
  web: ['contracts'],
  deploy: [],
  docs: [],
  'config.ts': [],
  'playbook.ts': ['contracts'],
};
/** Importing these as types costs nothing at run time, so the row may. */
const typesOf = { workflows: 'activities', gateway: 'workflows' };
/** May import anything. */
const free = ['local', 'test', 'bench'];

const known = [...Object.keys(table), ...free];
const inside = (entry) => (entry.endsWith('.ts') ? `^${entry.replace('.', '\\.')}$` : `^${entry}/`);
const packages = (...names) => `^node_modules/(@types/)?(${names.join('|')})/`;
const named = (entries) => entries.map((entry) => (entry.endsWith('.ts') ? entry : `${entry}/`)).join(', ');

const ours = known.map(inside);
const source = '\\.[cm]?[jt]sx?$';
const typeOnly = ['type-only', 'type-import'];
// dependency-cruiser judges a module by itself only together with a count, and 100 is the highest it takes.
const always = { numberOfDependentsLessThan: 100 };

const rows = Object.entries(table).map(([row, allowed]) => ({
  name: `${row} imports`,
  comment: `${named([row])} may import ${named(allowed) || 'nothing'} of ours${row in typesOf ? `, and types of ${named([typesOf[row]])}` : ''}.`,
  from: { path: inside(row) },
  // `node:stream/web` resolves to `stream/web`, which is not our folder: hence never of type core.
  to: { path: ours, pathNot: [row, ...allowed, typesOf[row] ?? []].flat().map(inside), dependencyTypesNot: ['core'] },
}));

const typeRows = Object.entries(typesOf).map(([row, other]) => ({
  name: `${row} imports types of ${other}`,
  comment: `${named([row])} may import from ${named([other])} with "import type" only.`,
  from: { path: inside(row) },
  to: { path: inside(other), dependencyTypesNot: typeOnly },
}));

const rules = [
  ...rows,
  ...typeRows,
  {
    name: 'folders',
    comment: `Source lives in ${named(known)}. Another folder is a decision about the architecture.`,
    from: {},
    module: { path: `^[^.].*${source}`, pathNot: [...ours, '^node_modules/', '^[^/]+\\.config\\.m?js$'], ...always },
  },
  {
    name: 'names',
    comment: 'No utils, lib, helpers, common, types: a helper lives beside its one caller; with two it gets a noun.',
    from: {},
    module: {
      path: `((^|/)(utils?|libs?|helpers?|common|types?)(/.*)?|[.-](utils?|helpers?)|\\.types?)${source}`,
      pathNot: '^node_modules/',
      ...always,
    },
  },
  {
    name: 'no cycles',
    comment: 'Two files that need each other are one file, or hide a third.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'resolvable',
    comment: 'The import leads nowhere.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'declared packages',
    comment: 'What runs in an image is in "dependencies"; "devDependencies" are for tests, bench and the build.',
    from: { pathNot: ['^test/', '^bench/', '^web/build\\.ts$', '^[^/]+\\.config\\.m?js$'] },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: typeOnly },
  },
  {
    name: 'contracts are portable',
    comment: 'Browsers and the workflow sandbox load contracts/: zod is its only package, and nothing of Node.js.',
    from: { path: inside('contracts') },
    to: { pathNot: [...ours, packages('zod')], couldNotResolve: false },
  },
  {
    name: 'workflows are deterministic',
    comment:
      'Workflow code is replayed in a sandbox: @temporalio/workflow and @temporalio/common, nothing else from outside.',
    from: { path: inside('workflows') },
    to: { pathNot: [...ours, packages('@temporalio/workflow', '@temporalio/common')], couldNotResolve: false },
  },
  {
    name: 'browser code without zod',
    comment: 'A browser trusts its own gateway: take types from contracts/, not schemas.',
    from: { path: inside('web'), pathNot: '^web/build\\.ts$' },
    to: { path: packages('zod') },
  },
  {
    name: 'browser code without Node.js',
    comment: 'Browsers have no Node.js modules; web/build.ts alone runs on the machine that builds.',
    from: { path: inside('web'), pathNot: '^web/build\\.ts$' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'redis in stream',
    comment: 'Only stream/ speaks to Redis; everybody else takes a connection from it.',
    from: { pathNot: [inside('stream'), inside('test')] },
    to: { path: packages('ioredis') },
  },
  {
    name: 'sql in store',
    comment: 'Only store/ has SQL; local/acme may, since it plays the system of another company.',
    from: { pathNot: [inside('store'), '^local/acme/', inside('test')] },
    to: { path: packages('pg', 'kysely', 'node-pg-migrate') },
  },
  {
    name: 'environment in config',
    comment: 'Only config.ts reads the environment; local/, test/ and bench/ may, since they set it up for others.',
    from: { pathNot: ['config.ts', 'local', 'test', 'bench'].map(inside) },
    to: { path: '^(node:)?process$' },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: rules.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    doNotFollow: { path: '(^|/)node_modules/' },
    exclude: { path: '^(dist|coverage|\\.duradesk)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
