import { expect, test } from 'vitest';
import { unknownResource } from '../risk/deployment.ts';
import { administratorOf } from './administrator.ts';
import { asset, INTERNET, principal, step, workload } from './attack-path.test-sample.ts';
import { derivePaths } from './derive-paths.ts';
import type { PathFacts } from './path-facts.ts';
import { pathFinding } from './path-finding.ts';

const ESTATE = 'aws:111111111111';
const context = (key: string, services: readonly string[], team: string, validUntil: number | null) => ({
  ...unknownResource(key, 'cloud', `${key} by name`),
  services,
  validUntil,
  owners: [{ name: team, confidence: 0.9, reason: `a tag of ${key}` }],
});

/** A machine that leads to an administrator over a role. */
const FACTS: PathFacts = {
  assets: new Map([
    ['web', asset('web', 'ec2-instance', { context: context('web', ['shop'], 'storefront', 2_000) })],
    ['role', asset('role', 'iam-role', { context: context('role', ['pay'], 'platform', 1_000) })],
  ]),
  estates: new Map([[ESTATE, { production: 'yes', evidence: [], name: 'account' }]]),
  steps: [
    step('public-endpoint', INTERNET, workload('reach')),
    step('network-exploit', workload('reach'), workload('exec')),
    step('workload-role', workload('exec'), principal('role')),
    step('administrator', principal('role'), administratorOf(ESTATE)),
  ],
};

test('a path as a finding says what it goes through, whose its entry is, its risks, and until when that holds', () => {
  const [path] = derivePaths(FACTS).paths;
  if (path === undefined) throw new Error('no path');
  const { content } = pathFinding(path, FACTS);
  expect(content).toMatchObject({ title: path.title, severity: path.severity, about: 'security' });
  expect(content.path).toEqual({
    why: path.why,
    states: {
      publicly_accessible: 'yes',
      privileged_access: 'yes',
      under_attack: 'unknown',
      exploit_available: 'unknown',
      in_production: 'yes',
    },
    resources: [
      { key: 'role', kind: 'cloud', name: 'role by name' },
      { key: 'web', kind: 'cloud', name: 'web by name' },
    ],
    services: ['pay', 'shop'],
    owners: FACTS.assets.get('web')?.context.owners,
    validUntil: 1_000,
  });
});

test('a path of which nothing is described has nothing of these', () => {
  const unknown = { ...FACTS, assets: new Map() };
  const [path] = derivePaths(unknown).paths;
  if (path === undefined) throw new Error('no path');
  expect(pathFinding(path, unknown).content.path).toMatchObject({
    resources: [],
    services: [],
    owners: [],
    validUntil: null,
  });
});
