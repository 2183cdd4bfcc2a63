import { describe, expect, test } from 'vitest';
import { ambientUses } from './ambient.ts';
import { isTest, sourceFiles, textOf } from './tree.ts';

/** Something that some code may not reach for by itself, and what it does instead. */
interface Taboo {
  readonly title: string;
  readonly where: (path: string) => boolean;
  readonly what: RegExp;
  readonly instead: string;
}

const TABOOS: readonly Taboo[] = [
  {
    title: 'only src/config.ts reads the environment',
    where: (path) => path.startsWith('src/') && path !== 'src/config.ts',
    what: /^process\.env$/,
    instead:
      'Take the value as an argument. A child process inherits the environment by itself; what is to be added to it comes from the configuration.',
  },
  {
    title: 'only the command line writes to the console',
    where: (path) =>
      /^(src|web)\//.test(path) && !path.startsWith('src/cli/') && path !== 'src/main.ts' && !isTest(path),
    what: /^console\./,
    instead: 'Return what happened, or write to the log that was handed in.',
  },
  {
    title: 'base, graph and domain have no clock',
    where: (path) => /^src\/(base|graph|domain)\//.test(path) && !isTest(path),
    what: /^(Date\.now|performance\.(now|timeOrigin)|perf_hooks\.performance|process\.(hrtime|uptime)|new Date\(\)|Date\(\)|setTimeout\(\)|setInterval\(\))/,
    instead: 'Take the instant as an argument.',
  },
  {
    title: 'base, graph and domain have no randomness',
    where: (path) => /^src\/(base|graph|domain)\//.test(path) && !isTest(path),
    what: /^(Math\.random|(\w+\.)?(randomUUID|randomBytes|randomInt|getRandomValues)(\(\))?$)/,
    instead: 'Take the id, or the source of ids, as an argument.',
  },
  {
    title: 'nothing turns text into code',
    where: () => true,
    what: /^(eval\(\)|new Function\(|Function\(\)|vm\.)/,
    instead: 'Parse the text; what comes from a report must never run.',
  },
  {
    title: 'no test sleeps or waits for a timer',
    where: isTest,
    what: /^(setTimeout\(\)|setInterval\(\)|sleep\(\)|delay\(\)|timers(\/promises)?\.|scheduler\.wait|[\w.]+\.waitForTimeout$)/,
    instead: 'Await the thing itself: its promise, its event, the line that it prints.',
  },
  {
    title: 'no test replaces a part of ours',
    where: isTest,
    what: /^(vi|vitest)\.(mock|doMock)$/,
    instead:
      'Hand the test the part that it needs as an argument: the real one, or the in-memory one that passes the same suite.',
  },
];

describe('what code may not reach for by itself', () => {
  const uses = sourceFiles().map((path) => ({ path, uses: ambientUses(path, textOf(path)) }));

  test.each(TABOOS)('$title', ({ where, what, instead }) => {
    expect(
      uses
        .filter(({ path }) => where(path))
        .flatMap(({ path, uses }) =>
          uses.filter((use) => what.test(use.what)).map((use) => `${path}:${use.line} ${use.what}`),
        ),
      instead,
    ).toEqual([]);
  });
});

describe('a use', () => {
  test.each([
    ['const home = process.env.HOME;', 'only src/config.ts reads the environment'],
    ["const home = process['env'];", 'only src/config.ts reads the environment'],
    ['const { env } = process;', 'only src/config.ts reads the environment'],
    ["import { env as settings } from 'node:process';", 'only src/config.ts reads the environment'],
    ['const all = { ...globalThis.process.env };', 'only src/config.ts reads the environment'],
    ['console.log(1);', 'only the command line writes to the console'],
    ['items.forEach(console.warn);', 'only the command line writes to the console'],
    ['const now = Date.now();', 'base, graph and domain have no clock'],
    ['const now = new Date();', 'base, graph and domain have no clock'],
    ['const now = new Date;', 'base, graph and domain have no clock'],
    ['const clock = performance.now;', 'base, graph and domain have no clock'],
    ['const dice = Math.random();', 'base, graph and domain have no randomness'],
    ['const id = crypto.randomUUID();', 'base, graph and domain have no randomness'],
    ['const id = randomBytes(16);', 'base, graph and domain have no randomness'],
    ["import { randomUUID } from 'node:crypto';", 'base, graph and domain have no randomness'],
    ["eval('1');", 'nothing turns text into code'],
    ["new Function('return 1');", 'nothing turns text into code'],
    ['await new Promise((done) => setTimeout(done, 100));', 'no test sleeps or waits for a timer'],
    ["import { setTimeout as pause } from 'node:timers/promises';", 'no test sleeps or waits for a timer'],
    ['await page.waitForTimeout(100);', 'no test sleeps or waits for a timer'],
    ["vi.mock('./store.ts');", 'no test replaces a part of ours'],
  ])('%s is seen', (text, title) => {
    const taboo = TABOOS.find((candidate) => candidate.title === title);
    expect(ambientUses('any.ts', text).some(({ what }) => taboo?.what.test(what))).toBe(true);
  });

  test.each([
    'const then = new Date(instant);',
    "const url = 'https://console.aws.amazon.com/console.log';",
    '// Date.now() is not for us',
    'const { now } = clock;',
    'const at = clock.now();',
    'const environment = resource.env;',
  ])('%s is none', (text) => {
    const seen = ambientUses('any.ts', text).filter(({ what }) =>
      TABOOS.some((taboo) => taboo.what.test(what)),
    );
    expect(seen).toEqual([]);
  });
});
