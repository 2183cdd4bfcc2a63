import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pathRulesVersion, versionOf } from './path-rules-version.ts';

test('the version follows every file of code and of data, and no test', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'));
  try {
    mkdirSync(join(folder, 'data'));
    const write = (file: string, text: string): string => {
      writeFileSync(join(folder, file), text);
      return versionOf(folder);
    };
    const first = write('steps.ts', 'a');
    const withData = write('data/shapes.json', '[]');
    expect(write('steps.test.ts', 'tested')).toBe(withData);
    const changed = write('data/shapes.json', '[{}]');
    const renamed = write('rules.ts', '');
    expect(new Set([first, withData, changed, renamed]).size).toBe(4);
    expect(write('data/shapes.json', '[{}]')).toBe(renamed);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('it is one text for one program', () => {
  expect(pathRulesVersion()).toMatch(/^[0-9a-f]{16}$/);
  expect(pathRulesVersion()).toBe(pathRulesVersion());
});
