import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest-first.ts';

/** Beside code that touches no database, no process and no file of its own. */
const PURE = ['src/{base,graph,domain,contract,formats,feeds}/**/*.test.ts', 'web/src/**/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 180_000,
    hookTimeout: 180_000,
    sequence: { sequencer: SlowestFirst },
    setupFiles: ['test/support/property-seed.ts'],
    // A golden file that is missing is a failure; `-u` writes what is read now.
    update: 'none',
    resolveSnapshotPath: (path, extension) => path.replace(/\.test\.ts$/, `.expected${extension}`),
    projects: [
      {
        // They share processes: most of their time would go into starting one for each file.
        extends: true,
        test: { name: 'pure', include: PURE, isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'whole',
          include: ['{src,test,tools,bin}/**/*.test.ts'],
          exclude: PURE,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
  },
});
