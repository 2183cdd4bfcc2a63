import { expect, it } from 'vitest';
import { dataText, findingsOf, findingsText, nodeWords } from './node-words.ts';

const node = {
  id: 'web',
  layer: 1,
  kind: 'workload',
  name: 'web',
  count: 1,
  badges: [],
  issues: [],
  account: null,
  environment: null,
  data: [],
  findings: {},
  owner: null,
  link: null,
};

it('says nothing of what nobody knows', () => {
  expect(nodeWords(node)).toEqual(['workload']);
  expect([dataText(node), findingsText(node)]).toEqual(['', '']);
});

it('says all of it in the order of a card', () => {
  expect(
    nodeWords({
      ...node,
      count: 9,
      account: '111122223333',
      environment: 'production',
      owner: 'shop',
      badges: ['publicly_accessible', 'in_production'],
      data: ['pii', 'constructor'],
      findings: { low: 1200, critical: 1, medium: 0, high: 4 },
    }),
  ).toEqual([
    'workload',
    '9 alike',
    'in 111122223333',
    'production',
    'owned by shop',
    'public',
    'in production',
    'holds personal data, constructor',
    '1 critical, 4 high and 1,200 low findings',
  ]);
});

it('counts the worst first, and one as one', () => {
  expect(findingsOf({ findings: { low: 2, critical: 1 } })).toEqual([
    ['critical', 1],
    ['low', 2],
  ]);
  expect(findingsText({ findings: { high: 1 } })).toBe('1 high finding');
});
