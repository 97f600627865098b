/**
 * What the workflow sandbox and browsers load, however many files away. Imports that only give types are erased here:
 * unlike the import table, this judges the modules as they run.
 */

// Names of Node.js modules carry no `node:` here, and no other module resolves to a bare word.
const node = '^[a-z_/]+$';

const rules = [
  {
    name: 'workflow bundle',
    comment:
      'The workflow sandbox would load this. Zod costs it 300 KB in every context; Node.js and activities are not there.',
    from: { path: '^workflows/' },
    to: {
      reachable: true,
      path: ['^node_modules/', node, '^activities/'],
      pathNot: '^node_modules/@temporalio/(workflow|common)/',
    },
  },
  {
    name: 'browser bundle',
    comment: 'The page would load this. Browsers have no Node.js modules and need no zod.',
    from: { path: '^web/', pathNot: '^web/build\\.ts$' },
    to: { reachable: true, path: ['^node_modules/zod/', node] },
  },
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: rules.map((rule) => ({ severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: '(^|/)node_modules/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
