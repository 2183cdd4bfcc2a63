import { expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import { type Commit, Committers, committersOf } from './committers.ts';

const NOW = Date.UTC(2026, 10, 1);
const by = (author: string, days: number, ...files: string[]): Commit => ({
  at: NOW - days * DAY_MS,
  author,
  files,
});
const times = (count: number, commit: Commit) => Array.from({ length: count }, () => commit);

const LOG = [
  by('maria@acme.example', 0, 'README.md'),
  ...times(4, by('maria@acme.example', 10, 'src/pay/a.ts', 'src/pay/b.ts')),
  ...times(3, by('12+jun@users.noreply.github.com', 20, 'src/cart/x.ts')),
  ...times(2, by('once@acme.example', 20, 'infra/main.tf')),
  ...times(9, by('renovate[bot]', 5, 'package.json')),
  ...times(9, by('49699333+dependabot[bot]@users.noreply.github.com', 5, 'package.json')),
  ...times(3, by('old@acme.example', 180, 'docs/a.md')),
  ...times(3, by('older@acme.example', 181, 'docs/b.md')),
];

test.each([
  ['a file of somebody', 'src/pay/a.ts', ['maria@acme.example']],
  ['a file that nobody changed is its folder’s', './src/pay/new.ts', ['maria@acme.example']],
  ['a handle instead of a hidden address', 'src/cart/x.ts', ['@jun']],
  [
    'fewer than three commits say nothing: the repository’s',
    'infra/main.tf',
    ['maria@acme.example', '@jun', 'old@acme.example'],
  ],
  ['machines stand out nowhere', 'package.json', ['maria@acme.example', '@jun', 'old@acme.example']],
  ['180 days count', 'docs/a.md', ['old@acme.example']],
  ['one more does not', 'docs/b.md', ['old@acme.example']],
  ['the whole repository', '', ['maria@acme.example', '@jun', 'old@acme.example']],
])('%s', (_title, path, names) => {
  expect(new Committers(committersOf(LOG, 'git log')).ownersOf(path).map(({ name }) => name)).toEqual(names);
});

test('a candidate says how often and how sure', () => {
  expect(new Committers(committersOf(LOG, 'git log')).ownersOf('src/cart/x.ts')).toEqual([
    { name: '@jun', confidence: 0.5, reason: 'git log: 3 commits in 180 days', source: 'commits' },
  ]);
});

test('what is as in the folder above is not said twice, and nothing is said of nothing', () => {
  expect(committersOf(LOG, 'git log').people.map(({ path }) => path)).toEqual([
    '',
    'docs',
    'src',
    'src/cart',
    'src/pay',
  ]);
  expect(committersOf([], 'git log').people).toEqual([]);
});
