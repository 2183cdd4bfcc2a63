import { expect, test } from 'vitest';
import { NO_CLOUD_IDENTITIES } from '../privilege/cloud-identity.ts';
import type { EstateResource } from '../risk/estate.ts';
import { verdict } from './attack-path.test-sample.ts';
import type { ClusterFacts } from './cluster-steps.ts';
import { nodeFlawSteps } from './machine-flaw-steps.ts';
import type { Weakness } from './path-facts.ts';
import { givenSteps } from './path-world.ts';

const ESTATE = 'k8s:shop';
const described = (type: string, path: string): EstateResource => ({
  key: `${ESTATE}/${path}`,
  type,
  name: path.slice(path.lastIndexOf('/') + 1),
  account: null,
  region: null,
  tags: {},
  facts: {},
  seenAt: 0,
  provenance: 'kubernetes',
});
const WEB = described('workload', 'apps/Deployment/shop/web');
const [A, B] = [described('node', '/Node//a'), described('node', '/Node//b')];
const MACHINE = 'aws:arn:aws:ec2:eu-west-1:111111111111:instance/i-b';

const cluster = (...resources: readonly EstateResource[]): ClusterFacts => ({
  estate: ESTATE,
  resources,
  cloud: NO_CLOUD_IDENTITIES,
  about: { production: 'yes', evidence: [], name: 'cluster shop' },
  machineOf: new Map([[B.key, MACHINE]]),
});

const flaw = (on: string, more: Partial<Weakness> = {}): Weakness => ({
  gives: 'root',
  isOwnCode: false,
  fingerprint: `flaw of ${on}`,
  issueId: 'i',
  name: 'CVE-2026-1',
  flawed: { key: on, kind: 'cloud', name: 'node-b' },
  on: [on],
  probability: 0.4,
  why: 'is known to be exploited',
  exploit: verdict('yes'),
  evidence: [],
  assumptions: [],
  ...more,
});

const found = (weaknesses: readonly Weakness[], ...resources: readonly EstateResource[]) =>
  nodeFlawSteps(weaknesses, cluster(...resources));

const steps = (...of: Parameters<typeof found>) => found(...of).steps;

test('a flaw of the machine that a node is lets code in every workload out, closed by mending it', () => {
  expect(steps([flaw(MACHINE)], WEB, B)).toMatchObject([
    {
      rule: 'machine-flaw',
      from: { asset: WEB.key, family: 'workload', capability: 'exec' },
      to: { asset: `${ESTATE}/node`, family: 'node', capability: 'root' },
      probability: 0.4,
      gates: [{ is: 'finding', id: `flaw of ${MACHINE}` }],
      assumptions: [],
      technique: 'T1611',
      flawed: { key: MACHINE },
    },
  ]);
});

test('one that a node is told to have by its own name is the same', () => {
  expect(steps([flaw(A.key)], WEB, A)).toHaveLength(1);
});

test('one that half of the nodes have is half as likely, and says so', () => {
  const [step] = steps([flaw(A.key)], WEB, A, B);
  expect(step).toMatchObject({
    probability: 0.2,
    assumptions: ['It runs on a machine that has the flaw, as 50 % of them do.'],
  });
});

test.each<[string, Weakness]>([
  ['a machine of something else', flaw('aws:arn:aws:ec2:eu-west-1:111111111111:instance/i-other')],
  ['what runs in a container', flaw(A.key, { gives: 'exec' })],
])('one of %s lets nobody out', (_what, weakness) => {
  expect(steps([weakness], WEB, A, B)).toEqual([]);
});

test('of many the likeliest count, and the others are counted as left out', () => {
  const many = Array.from({ length: 12 }, (_, at) =>
    flaw(A.key, { fingerprint: `f${at}`, probability: at === 11 ? 0.4 : 0.05 }),
  );
  const { steps: kept, leftOut } = found(many, WEB, A);
  expect(kept).toHaveLength(8);
  expect(kept[0]?.gates[0]?.id).toBe('f11');
  expect(leftOut).toBe(4);
  expect(found(many, A).leftOut).toBe(0);
  const { notes } = givenSteps({
    lens: 'outside',
    assets: new Map(),
    weaknesses: many,
    credentials: [],
    pipelines: [],
    builds: new Map(),
    clusters: [cluster(WEB, A)],
  });
  expect(notes).toEqual(['4 flaws of machines beyond the likeliest 8 of a cluster are left out.']);
});
