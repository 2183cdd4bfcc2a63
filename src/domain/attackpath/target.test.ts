import { describe, expect, test } from 'vitest';
import { resource } from '../privilege/aws/iam-principal.test-sample.ts';
import type { DerivedData } from '../resource/data-class.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import { asset, INTERNET, step, verdict } from './attack-path.test-sample.ts';
import type { AttackStep } from './attack-step.ts';
import { withManagementAccounts } from './management-account.ts';
import type { PathAsset, PathEstate } from './path-facts.ts';
import { dataTarget, isVitalTier, targetsOf } from './target.ts';
import { TENANT_ADMINISTRATOR, tenantDataState } from './tenant-state.ts';

const KEY = 'aws:arn:aws:x:::t';
const of = (type: string, production: RiskState, more: Partial<PathAsset> = {}): PathAsset => {
  const one = asset(KEY, type, more);
  return { ...one, context: { ...one.context, production: verdict(production) } };
};
const holding = (
  dataClass: DerivedData['dataClass'],
  confidence: number,
  types: DerivedData['types'] = [],
): DerivedData => ({
  dataClass,
  types,
  clues: [{ dataClass, types, confidence, reason: 'somebody said so' }],
});

test.each<[string, PathAsset, readonly unknown[] | null]>([
  [
    'restricted data',
    of('s3-bucket', 'unknown', { data: holding('restricted', 0.95) }),
    ['sensitive-data', 1],
  ],
  ['confidential data', of('s3-bucket', 'no', { data: holding('confidential', 0.6) }), ['sensitive-data', 1]],
  [
    'data of a kind',
    of('s3-bucket', 'no', { data: holding('internal', 0.8, ['pci']) }),
    ['sensitive-data', 1],
  ],
  ['what a name alone calls so', of('s3-bucket', 'no', { data: holding('restricted', 0.3) }), null],
  ['what is a little surer than a name', of('s3-bucket', 'no', { data: holding('restricted', 0.59) }), null],
  [
    'credentials',
    of('s3-bucket', 'no', { data: holding('internal', 0.8, ['credentials']) }),
    ['sensitive-data', 1],
  ],
  ['internal data', of('s3-bucket', 'no', { data: holding('internal', 0.95) }), null],
  ['a store of production', of('rds-instance', 'yes'), ['production-data', 2]],
  ['a secret of production', of('secret', 'yes'), ['production-data', 1]],
  ['a vault of production', of('azure-key-vault', 'yes'), ['production-data', 1]],
  ['a secret of Google Cloud in production', of('gcp-secret', 'yes'), ['production-data', 1]],
  ['a secret of nobody knows where', of('secret', 'unknown'), null],
  ['a store of nobody knows where', of('rds-instance', 'unknown'), null],
  ['backups of production', of('backup-vault', 'yes'), ['backups', 0]],
  ['other backups', of('backup-vault', 'unknown'), ['backups', 2]],
  ['a machine', of('ec2-instance', 'yes'), null],
  [
    'a container of production in an account of restricted data',
    of('azure-blob-container', 'yes', {
      partOf: of('azure-storage-account', 'unknown', { data: holding('restricted', 0.95) }),
    }),
    ['sensitive-data', 1],
  ],
  [
    'a container of restricted data in an account of production',
    of('azure-blob-container', 'unknown', {
      data: holding('restricted', 0.95),
      partOf: of('azure-storage-account', 'yes'),
    }),
    ['sensitive-data', 1],
  ],
  [
    'a container that nobody would miss',
    of('azure-blob-container', 'unknown', { partOf: of('azure-storage-account', 'unknown') }),
    null,
  ],
  [
    'a copy of restricted data',
    of('rds-snapshot', 'no', { copyOf: of('rds-instance', 'no', { data: holding('restricted', 0.95) }) }),
    ['sensitive-data', 1],
  ],
])('%s is wanted as it should be', (_what, one, expected) => {
  const target = dataTarget(one);
  expect(target === null ? null : [target.class, target.tier]).toEqual(expected);
});

const told = (steps: readonly AttackStep[], production: RiskState = 'unknown') =>
  targetsOf({
    assets: new Map(),
    estates: new Map(
      ['aws:1', 'k8s:shop'].map((estate) => [estate, { production, evidence: [], name: estate }]),
    ),
    steps,
  }).map((target) => `${target.tier} ${target.class} ${target.name}`);

test('accounts and clusters are worth most where they are known to be production, and no less where nobody knows', () => {
  const [known, unknown] = [told([], 'yes'), told([], 'unknown')];
  expect(known).toEqual([
    '0 account-admin aws:1',
    '0 cluster-admin k8s:shop',
    '1 cluster-secrets the secrets of k8s:shop',
    '2 cluster-node a node of k8s:shop',
  ]);
  expect(unknown).toEqual([
    '2 account-admin aws:1',
    '2 cluster-admin k8s:shop',
    '2 cluster-secrets the secrets of k8s:shop',
    '3 cluster-node a node of k8s:shop',
  ]);
});

test('a tenant, what all of it holds, and what others keep are wanted once, where something leads there', () => {
  const to = (state: AttackStep['to']) => step('tenant-right', INTERNET, state);
  const elsewhere = {
    asset: 'saas:acme.snowflakecomputing.com',
    family: 'datastore',
    capability: 'read',
  } as const;
  const steps = [
    to(TENANT_ADMINISTRATOR),
    to(TENANT_ADMINISTRATOR),
    to(tenantDataState('mailboxes')),
    to(tenantDataState('files')),
    to(elsewhere),
  ];
  expect(told(steps).slice(4)).toEqual([
    '0 account-admin the tenant of Entra ID',
    '1 sensitive-data every mailbox of the tenant',
    '1 sensitive-data every file in SharePoint and OneDrive of the tenant',
    '2 service-data what acme.snowflakecomputing.com keeps',
  ]);
});

test('a site is worth more in production', () => {
  const site = (production: RiskState) =>
    targetsOf({
      assets: new Map([[KEY, of('s3-bucket', production, { serves: true })]]),
      estates: new Map(),
      steps: [],
    }).filter((target) => target.class === 'served-content');
  expect(site('yes').map(({ tier }) => tier)).toEqual([1]);
  expect(site('unknown').map(({ tier }) => tier)).toEqual([2]);
});

test.each<[RiskState, number]>([
  ['yes', 1],
  ['unknown', 2],
])(
  'what people load from a name that points to nothing is worth more in production: %s',
  (production, tier) => {
    const to = { asset: KEY, family: 'datastore', capability: 'write' } as const;
    const flawed = { key: KEY, kind: 'cloud', name: 'shop.example.com' } as const;
    const [target] = targetsOf({
      assets: new Map([[KEY, of('dns-record', production)]]),
      estates: new Map(),
      steps: [step('dangling-name', INTERNET, to, { flawed })],
    });
    expect(target).toMatchObject({
      class: 'served-content',
      tier,
      name: 'what people load from shop.example.com',
      production,
    });
  },
);

test.each<[RiskState, RiskState]>([
  ['yes', 'yes'],
  ['unknown', 'unknown'],
  ['no', 'unknown'],
])(
  'the account that manages an organisation is worth most, where its production is %s',
  (own, production) => {
    const about = (name: string) => ({ production: own, evidence: [], name: `account ${name}` });
    const organisation = resource('organization', 'organization/o-1', { Id: 'o-1', MasterAccountId: '1' });
    const described = new Map(['aws:1', 'aws:2', 'k8s:1'].map((estate) => [estate, about(estate.slice(4))]));
    const targets = (estates: ReadonlyMap<string, PathEstate>) =>
      targetsOf({ assets: new Map(), estates, steps: [] }).filter(({ name }) =>
        name.startsWith('account 1,'),
      );
    expect(targets(withManagementAccounts(described, []))).toEqual([]);
    expect(targets(withManagementAccounts(described, [organisation]))).toMatchObject([
      {
        state: { asset: 'account-admin:aws:1' },
        class: 'account-admin',
        tier: 0,
        name: 'account 1, which manages the organisation',
        production,
        evidence: [{ sentence: 'account 1 manages its organisation.' }],
      },
    ]);
  },
);

test('an organisation whose managing account nobody named, or of which nothing is known here, marks none', () => {
  const estates = new Map([['aws:2', { production: 'yes' as const, evidence: [], name: 'account 2' }]]);
  for (const MasterAccountId of [undefined, '1'])
    expect(
      withManagementAccounts(estates, [
        resource('organization', 'o-1', MasterAccountId === undefined ? {} : { MasterAccountId }),
      ]),
    ).toEqual(estates);
});

describe('what ships to production', () => {
  const web = (production: RiskState) => of('ec2-instance', production);
  const toWeb = { asset: KEY, family: 'workload', capability: 'exec' } as const;
  const code = { asset: 'repo:github.com/acme/shop', family: 'repository', capability: 'write' } as const;
  const wanted = (production: RiskState, ...steps: readonly AttackStep[]) =>
    targetsOf({ assets: new Map([[KEY, web(production)]]), estates: new Map(), steps }).map(
      (target) => `${target.tier} ${target.class} ${target.name} ${target.state.capability}`,
    );

  test('is a build server that a flaw leads into, whatever it builds', () => {
    const flaw = step('network-exploit', { ...toWeb, capability: 'reach' }, toWeb, { kind: 'ci-server' });
    expect(wanted('unknown', flaw, flaw)).toEqual([`0 delivery the build server ${KEY} exec`]);
    expect(wanted('unknown', { ...flaw, kind: 'ai-platform' })).toEqual([]);
    expect(wanted('unknown', { ...flaw, to: { ...toWeb, capability: 'ssrf' } })).toEqual([]);
  });

  test('is what Argo CD or Flux applies to a cluster in production, and to no other', () => {
    const account = {
      asset: 'k8s:shop//ServiceAccount/flux/web',
      family: 'principal',
      capability: 'use',
    } as const;
    const applies = step('applies-repository', code, account, { kind: 'flux' });
    const told = (production: RiskState) =>
      targetsOf({
        assets: new Map(),
        estates: new Map([['k8s:shop', { production, evidence: [], name: 'cluster shop' }]]),
        steps: [applies, applies],
      })
        .filter((target) => target.class === 'source-code')
        .map((target) => `${target.tier} ${target.name} ${target.state.asset} ${target.state.capability}`);
    expect(told('yes')).toEqual(['1 the code of github.com/acme/shop repo:github.com/acme/shop write']);
    expect([...told('no'), ...told('unknown')]).toEqual([]);
  });

  test('is the code of what runs in production, for whoever changes it', () => {
    const builds = step('pushes-image', code, toWeb, { kind: 'built' });
    expect(wanted('yes', builds)).toEqual(['1 source-code the code of github.com/acme/shop write']);
    expect(wanted('unknown', builds)).toEqual([]);
    expect(wanted('yes', { ...builds, from: INTERNET })).toEqual([]);
  });
});

test('code on what runs a service that a catalogue calls vital is wanted', () => {
  const vital = { service: 'checkout', tier: '1', source: 'backstage' };
  const targets = (one: PathAsset) =>
    targetsOf({ assets: new Map([[KEY, one]]), estates: new Map(), steps: [] });
  expect(targets(of('workload', 'yes', { vital }))).toMatchObject([
    {
      state: { asset: KEY, family: 'workload', capability: 'exec' },
      class: 'vital-service',
      tier: 2,
      name: `the service checkout on ${KEY}`,
      production: 'yes',
      evidence: [{ sentence: 'checkout is a service of tier 1.', provenance: 'backstage' }],
    },
  ]);
  expect(targets(of('workload', 'yes'))).toEqual([]);
  expect(targets(of('iam-role', 'yes', { vital }))).toEqual([]);
});

test.each([
  ...['1', '0', 'tier1', 'Tier 1', 'tier-0', 'critical', 'mission_critical', 'Business Critical'].map(
    (tier) => [tier, true] as const,
  ),
  ...['2', '10', 'tier 3', 'low', 'gold', 'uncritical'].map((tier) => [tier, false] as const),
])('a tier of %s is the highest: %s', (tier, expected) => {
  expect(isVitalTier(tier)).toBe(expected);
});
