import fc from 'fast-check';
import { expect, test } from 'vitest';
import { armId, azure, rule, SUBSCRIPTION } from '../../../test/support/azure-world.ts';
import { binding, firewall, gcp } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { withoutGates } from './attack-path.test-sample.ts';
import {
  asSa,
  assign,
  DEPLOYER,
  type Estate,
  factsOf,
  foundOf,
  onProject,
} from './derive-paths.clouds.test-sample.ts';
import { derivePaths } from './derive-paths.ts';
import type { PathFacts } from './path-facts.ts';
import { pathFinding } from './path-finding.ts';
import { CLOUD_LABS } from './path-world.cloud-labs.test-sample.ts';

const OWN_IDENTITY = (principalId: string) => ({ identity: { type: 'SystemAssigned', principalId } });
const LABS = Object.values(CLOUD_LABS).flatMap(({ estate, hardened }) => [estate, hardened]);
const isAzure = ({ flawed }: Estate): boolean => flawed.key.startsWith('azure:');
const anEstate = fc.constantFrom(...LABS);
const ofAzure = fc.constantFrom(...LABS.filter(isAzure));
const ofGoogle = fc.constantFrom(...LABS.filter((estate) => !isAzure(estate)));

function issuesOf(estate: Estate): readonly string[] {
  const facts = factsOf(estate);
  return derivePaths(facts).paths.map((path) => {
    const { identity, content } = pathFinding(path, facts);
    return `${identity.issueKey} ${identity.fingerprint} ${content.severity} ${content.description}`;
  });
}

/** How likely each target is reached. */
function risksIn(facts: PathFacts): ReadonlyMap<string, number> {
  const risks = new Map<string, number>();
  for (const { paths } of derivePaths(facts).paths)
    for (const { steps, likelihood } of paths) {
      const target = steps.at(-1)?.to.asset ?? '';
      risks.set(target, Math.max(likelihood, risks.get(target) ?? 0));
    }
  return risks;
}

const risksOf = (estate: Estate) => risksIn(factsOf(estate));

/** Whether every target of the first is reached in the second, and as likely. */
function atMost(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return [...a].every(([target, likelihood]) => (b.get(target) ?? 0) >= likelihood);
}

const UNRELATED: readonly EstateResource[] = [
  azure('azure-vm', armId('Microsoft.Compute/virtualMachines', 'unrelated')),
  azure('azure-storage-account', armId('Microsoft.Storage/storageAccounts', 'unrelated'), {
    publicNetworkAccess: 'Disabled',
  }),
  gcp('gcp-bucket', '//storage.googleapis.com/unrelated', {}),
  gcp('gcp-instance', '//compute.googleapis.com/projects/p/zones/z/instances/unrelated', {
    status: 'TERMINATED',
  }),
];

test('the issues are the same in whatever order things are told, and whatever else there is', () => {
  fc.assert(
    fc.property(anEstate, fc.nat(30), fc.boolean(), fc.boolean(), (estate, turn, isBack, withMore) => {
      const { resources, credentials = [], pipelines = [] } = estate;
      const cloud = estate.flawed.key.slice(0, 4);
      const more = withMore ? UNRELATED.filter(({ key }) => key.startsWith(cloud)) : [];
      const place = turn % resources.length;
      const turned = [...resources.slice(place), ...more, ...resources.slice(0, place)];
      const again = {
        ...estate,
        resources: isBack ? turned.toReversed() : turned,
        credentials: [...credentials, ...credentials],
        pipelines: [...pipelines, ...pipelines],
      };
      expect(issuesOf(again)).toEqual(issuesOf(estate));
    }),
    { numRuns: 60 },
  );
});

test('ways that are left out, because an identity has more than enough, are told', () => {
  const ids = Array.from({ length: 67 }, (_, at) => `x${at}`);
  const vms = ids.map((id) =>
    azure('azure-vm', armId('Microsoft.Compute/virtualMachines', id), OWN_IDENTITY(id)),
  );
  const accounts = ids.map((id) =>
    gcp('gcp-service-account', `//iam.googleapis.com/projects/p/serviceAccounts/${id}`, {
      email: `${id}@p.iam.gserviceaccount.com`,
    }),
  );
  const more = {
    azure: [...vms, assign('mi', 'Virtual Machine Contributor', SUBSCRIPTION)],
    gcp: [...accounts, onProject(binding('roles/iam.serviceAccountTokenCreator', asSa))],
  };
  const notesOf = (cloud: 'azure' | 'gcp', count: number) => {
    const [lab] = LABS.filter((each) => isAzure(each) === (cloud === 'azure'));
    const { resources, flawed } = lab as Estate;
    const kept = resources.filter(
      ({ type }) => type !== 'gcp-iam-policy' && type !== 'azure-role-assignment',
    );
    return foundOf({ resources: [...kept, ...more[cloud].slice(-count)], flawed }).notes;
  };
  expect(notesOf('azure', 68)).toEqual([
    expect.stringMatching(/^\d ways from identities of Azure that have more than enough are left out\.$/),
  ]);
  expect(notesOf('gcp', 68)).toEqual([
    expect.stringMatching(
      /^\d ways from accounts of Google Cloud that have more than enough are left out\.$/,
    ),
  ]);
  expect([...notesOf('azure', 40), ...notesOf('gcp', 40)]).toEqual([]);
});

/** The same estate with one name for another, wherever it stands. */
function renamed(estate: Estate, from: RegExp, to: string): Estate {
  const rename = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replaceAll(from, to);
    if (Array.isArray(value)) return value.map(rename);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [rename(key), rename(each)]));
  };
  // A resource is told to be flawed or sensitive as itself.
  const copies = new Map(estate.resources.map((each) => [each, rename(each) as EstateResource]));
  const copyOf = (each: EstateResource): EstateResource =>
    copies.get(each) ?? (rename(each) as EstateResource);
  return {
    ...estate,
    resources: estate.resources.map(copyOf),
    flawed: copyOf(estate.flawed),
    ...(estate.sensitive === undefined ? {} : { sensitive: estate.sensitive.map(copyOf) }),
    ...(estate.credentials === undefined
      ? {}
      : { credentials: rename(estate.credentials) as Estate['credentials'] & {} }),
    ...(estate.pipelines === undefined
      ? {}
      : { pipelines: rename(estate.pipelines) as Estate['pipelines'] & {} }),
  };
}

function toldOf(estate: Estate): readonly string[] {
  return derivePaths(factsOf(estate))
    .paths.flatMap(({ title, severity, pivot, paths }) =>
      paths.map(({ likelihood, steps }) =>
        [severity, title, pivot.key, likelihood, ...steps.map(({ sentence }) => sentence)].join('\n'),
      ),
    )
    .sort();
}

test.each([
  ['a store of data', /\bexports\b/g, 'outputs'],
  ['an application', /\barchiver\b/g, 'zz-keeper'],
  ['an account of a service', /\bdeployer\b/g, 'aa-shipper'],
  ['a machine', /\binner\b/g, 'zz-within'],
  ['a network', /\bnet\b/g, 'zz-web'],
])('paths are the same, by their new names, where %s has another one', (_what, from, to) => {
  for (const estate of LABS) {
    const back = new RegExp(`\\b${to}\\b`, 'g');
    const name = from.source.replaceAll('\\b', '');
    const there = toldOf(renamed(estate, from, to)).map((text) => text.replaceAll(back, name));
    expect(there.toSorted()).toEqual(toldOf(estate));
  }
});

test('what is taken away never adds risk, whichever it is: a resource, a right, a key, a gate', () => {
  for (const estate of LABS) {
    const facts = factsOf(estate);
    const before = risksIn(facts);
    for (const gone of estate.resources) {
      if (gone === estate.flawed) continue;
      const resources = estate.resources.filter((each) => each !== gone);
      expect(atMost(risksOf({ ...estate, resources }), before), gone.key).toBe(true);
    }
    expect(atMost(risksOf({ ...estate, credentials: [], pipelines: [] }), before)).toBe(true);
    expect(atMost(risksOf({ ...estate, isSound: true }), before)).toBe(true);
    for (const gate of new Set(facts.steps.flatMap((step) => step.gates.map(({ id }) => id))))
      expect(atMost(risksIn(withoutGates(facts, [gate])), before), gate).toBe(true);
  }
});

const ROLES = ['Owner', 'Contributor', 'Storage Blob Data Reader', 'Virtual Machine Contributor'] as const;

/** Whoever administers all of it needs no other step. */
const isRuled = (risks: ReadonlyMap<string, number>): boolean =>
  [...risks.keys()].some((target) => target.startsWith('account-admin:'));

test('more rights in Azure never take risk away', () => {
  fc.assert(
    fc.property(
      ofAzure,
      fc.constantFrom('mi', 'inner-mi', 'sync'),
      fc.constantFrom(...ROLES),
      (estate, who, role) => {
        const more = assign(who, role, SUBSCRIPTION);
        const after = risksOf({ ...estate, resources: [...estate.resources, more] });
        expect(isRuled(after) || atMost(risksOf(estate), after)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('more rights in Google Cloud never take risk away', () => {
  const given = ['roles/owner', 'roles/editor', 'roles/storage.objectViewer', 'roles/iam.serviceAccountUser'];
  fc.assert(
    fc.property(
      ofGoogle,
      fc.constantFrom(asSa, `serviceAccount:${DEPLOYER}`),
      fc.constantFrom(...given),
      (estate, who, role) => {
        const own = estate.resources.find(({ key }) => key === onProject().key);
        const bindings = own?.facts['bindings'] ?? [];
        const more = { ...(own ?? onProject()) };
        const resources = [
          ...estate.resources.filter((each) => each !== own),
          { ...more, facts: { ...more.facts, bindings: [...(bindings as never[]), binding(role, who)] } },
        ];
        const after = risksOf({ ...estate, resources });
        expect(isRuled(after) || atMost(risksOf(estate), after)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('a rule that lets more in never takes risk away, and one that refuses never adds any', () => {
  const withRule = (estate: Estate, access: 'Allow' | 'Deny', port: string): Estate => ({
    ...estate,
    resources: isAzure(estate)
      ? estate.resources.map((each) =>
          each.type === 'azure-nsg'
            ? {
                ...each,
                facts: {
                  ...each.facts,
                  securityRules: [
                    rule(99, access, port, '*'),
                    ...((each.facts['securityRules'] ?? []) as never[]),
                  ],
                },
              }
            : each,
        )
      : [
          ...estate.resources,
          firewall('more', {
            priority: 1,
            [access === 'Allow' ? 'allowed' : 'denied']: [{ IPProtocol: 'tcp', ports: [port] }],
          }),
        ],
  });
  let closed = 0;

  for (const estate of LABS)
    for (const port of ['22', '443', '1000-2000']) {
      const before = risksOf(estate);
      const less = risksOf(withRule(estate, 'Deny', port));
      const more = risksOf(withRule(estate, 'Allow', port));
      expect(atMost(less, before)).toBe(true);
      expect(atMost(before, more)).toBe(true);
      closed += Number(less.size < before.size);
    }
  // Rules do decide.
  expect(closed).toBeGreaterThan(5);
});
