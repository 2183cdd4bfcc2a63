import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestTally } from './test-tally.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'inbox-tally-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function tallyOf(files: Readonly<Record<string, string>>): TestTally {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, `${name}.case.js`), text);
  const program = join(import.meta.dirname, 'test-tally.test-process.ts');
  const answer = execFileSync(process.execPath, ['--disable-warning=ExperimentalWarning', program, root], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(answer.trim().split('\n').at(-1) ?? '');
}

const OK = "test('ok', () => {});";
const BAD = "test('bad', () => expect(1).toBe(2));";

test.each([
  ['tests that pass', OK + OK, [2, 0]],
  ['a test that fails', OK + BAD, [1, 1]],
  ['skipped tests are neither', `${OK}test.skip('later', () => {});`, [1, 0]],
  ['a file that does not load', "import './nowhere.js';", [0, 1]],
  ['a file without tests', '', [0, 1]],
  ['a hook that throws', `describe('a', () => { beforeAll(() => { throw 1; }); ${OK} }); ${OK}`, [1, 1]],
  [
    'a hook that throws, and a test that fails',
    `describe('a', () => { beforeAll(() => { throw 1; }); ${OK} }); ${BAD}`,
    [0, 2],
  ],
  ['an error that nothing caught', "test('late', () => { Promise.reject(new Error('late')); });", [1, 1]],
])('%s', (_what, text, expected) => {
  const { passed, failed } = tallyOf({ only: text });
  expect([passed, failed]).toEqual(expected);
});

test('no file at all counts as nothing passed', () => {
  expect(tallyOf({}).passed).toBe(0);
});

test('ten files are named, the slowest first', () => {
  const { slowest, passed } = tallyOf(
    Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`file${i}`, OK])),
  );
  const times = slowest.map(({ seconds }) => seconds);
  expect([passed, times.length]).toEqual([12, 10]);
  expect(times).toEqual([...times].sort((a, b) => b - a));
});
