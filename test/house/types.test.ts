import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runTool } from './run-tool.ts';
import { ROOT } from './tree.ts';

const PROJECTS = ['tsconfig.json', 'web/tsconfig.json'].filter((path) => existsSync(join(ROOT, path)));

// One thread: on two cores the compiler's own threads repeat each other's work.
test.each(PROJECTS)('the types of %s hold', { timeout: 3_600_000 }, async (project) => {
  expect(
    await runTool(
      'node_modules/@typescript/native/bin/tsc',
      '--project',
      project,
      '--noEmit',
      '--singleThreaded',
    ),
  ).toEqual({ code: 0, output: '' });
});
