import { expect, test } from 'vitest';
import { administratorOf } from '#domain/attackpath/administrator.ts';
import { INTERNET, principal, step, workload } from '#domain/attackpath/attack-path.test-sample.ts';
import { derivePaths } from '#domain/attackpath/derive-paths.ts';
import type { PathFacts } from '#domain/attackpath/path-facts.ts';
import { whatIf } from '#domain/attackpath/what-if.ts';
import { presentAttackPath, presentWhatIf } from './present-attack-path.ts';

const ESTATE = 'aws:111111111111';
const FACTS: PathFacts = {
  assets: new Map(),
  estates: new Map([[ESTATE, { production: 'yes', evidence: [], name: 'account 1' }]]),
  steps: [
    step('public-endpoint', INTERNET, workload('reach')),
    step('network-exploit', workload('reach'), workload('exec'), { probability: 0.7 }),
    step('workload-role', workload('exec'), principal('role')),
    step('administrator', principal('role'), administratorOf(ESTATE)),
    step('iam-escalation', principal('role'), administratorOf(ESTATE), { gate: 'method', probability: 0.3 }),
  ],
};
const [PATH] = derivePaths(FACTS).paths;

test('a way has its likelihood, and how much it is at most where its steps have one cause', () => {
  const told = presentAttackPath({ issueId: 'i', path: PATH!, alsoFoundBy: [] });
  expect(told.likelihoodAtMost).toBe(0.7);
  expect(told.likelihood).toBeCloseTo(0.95 ** 3 * 0.7, 1);
  expect(told.likelihood).toBeLessThan(0.7);
});

test('a path whose place another takes has the severity and the likelihood of that one', () => {
  const [gone, instead] = presentWhatIf({
    gates: [],
    paths: whatIf(FACTS, [`role ${administratorOf(ESTATE).asset}`]),
    issues: [],
    inbox: [],
    notes: [],
  }).paths;
  expect(gone).toMatchObject({ becomes: 'gone', effect: 'reduces', continuesAs: instead?.id });
  expect(instead?.becomes).toBe('new');
  expect([gone?.severityAfter, gone?.likelihoodAfter]).toEqual([
    instead?.severityAfter,
    instead?.likelihoodAfter,
  ]);
  expect(gone?.severityAfter).not.toBeNull();
});
