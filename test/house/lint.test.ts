import { expect, test } from 'vitest';
import { runTool } from './run-tool.ts';

test('the code is formatted and free of what the linter forbids', { timeout: 3_600_000 }, async () => {
  const { code, output } = await runTool(
    'node_modules/@biomejs/biome/bin/biome',
    'ci',
    '--colors=off',
    '--diagnostic-level=error',
    '--max-diagnostics=50',
  );
  expect(code, output).toBe(0);
});
