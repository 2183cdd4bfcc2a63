import { expect, it } from 'vitest';
import type { Finding } from '../../../../src/contract/issue-detail.ts';
import { fixesOf } from './fixes-of.ts';

function finding(fix: string | null, state: Finding['state'] = 'open'): Finding {
  return {
    id: 'f',
    title: 't',
    resource: { id: 'r', kind: 'image', name: 'r' },
    severity: 'high',
    score: null,
    state,
    risks: [],
    environment: null,
    services: [],
    sightings: [],
    fix,
    admission: null,
    mutedReason: null,
    automation: [],
  };
}

it.each([
  ['nothing', [], []],
  ['no fix known', [finding(null)], []],
  ['only a closed finding', [finding('up to 2', 'closed')], []],
  [
    'what fixes most first',
    [finding('up to 2'), finding('up to 3'), finding('up to 3'), finding(null)],
    [
      { text: 'up to 3', findings: 2 },
      { text: 'up to 2', findings: 1 },
    ],
  ],
  [
    'equal ones as they came',
    [finding('b'), finding('a')],
    [
      { text: 'b', findings: 1 },
      { text: 'a', findings: 1 },
    ],
  ],
])('the fixes of findings: %s', (_name, findings, fixes) => {
  expect(fixesOf(findings)).toEqual(fixes);
});
