const level = (name, setup) => ({
  displayName: name,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript', tsx: false }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.duradesk'],
  ...(setup && {
    globalSetup: `<rootDir>/test/setup/${setup}.mjs`,
    globalTeardown: '<rootDir>/test/setup/teardown.mjs',
  }),
});

/** @type {import('jest').Config} */
export default {
  testTimeout: 60_000,
  // What modules of ended files hold is never given back: without an end, a run of all files needs more than Node's 4 GB.
  workerIdleMemoryLimit: '1GB',
  projects: [
    level('unit'),
    level('replay'),
    level('workflow', 'services'),
    level('integration', 'services'),
    level('system', 'services'),
    level('browser', 'browser'),
  ],
};
