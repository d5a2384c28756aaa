import { defineConfig } from 'vitest/config';

const virtualPcs = ['tests/**/*.vm.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // virtual PCs take a processor each for minutes: bin/test runs them beside the others
    projects: [
      { extends: true, test: { name: 'vm', include: virtualPcs } },
      {
        extends: true,
        test: { name: 'main', include: ['tests/**/*.test.ts'], exclude: virtualPcs },
      },
    ],
  },
});
