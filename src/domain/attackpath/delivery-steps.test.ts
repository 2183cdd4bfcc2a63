import { describe, expect, test } from 'vitest';
import { NO_CLOUD_IDENTITIES } from '../privilege/cloud-identity.ts';
import type { EstateResource } from '../risk/estate.ts';
import { ACCOUNTS_MAX, deliverySteps } from './delivery-steps.ts';
import { PULL_REQUEST } from './path-world.supply-labs.test-sample.ts';
import { givenSteps } from './path-world.ts';

const ESTATE = 'k8s:shop';
const SHOP = 'github.com/acme/shop';
const WRITTEN = new Set([`repo:${SHOP}`]);

const resource = (type: string, objectKind: string, path: string, facts: object = {}): EstateResource => {
  const [namespace = '', name = ''] = path.split('/');
  return {
    key: `${ESTATE}/group/${objectKind}/${path}`,
    type,
    name,
    account: null,
    region: null,
    tags: {},
    facts: { objectKind, namespace, name, ...facts },
    seenAt: 7,
    provenance: 'kubernetes',
  };
};

const account = (path: string) => resource('service-account', 'ServiceAccount', path);
const argo = (more: object = {}) =>
  resource('argo-application', 'Application', 'argocd/shop', {
    project: 'shop',
    isAutomated: true,
    destination: 'https://kubernetes.default.svc',
    destinationNamespace: 'shop',
    repositories: [SHOP],
    ...more,
  });
const project = (destinations: readonly (readonly [string, string])[], more: object = {}, path?: string) =>
  resource('argo-project', 'AppProject', path ?? 'argocd/shop', {
    destinations: destinations.map(([cluster, namespace]) => ({ cluster, namespace })),
    clusterKinds: [],
    refusedClusterKinds: [],
    ...more,
  });
const source = (more: object = {}, path = 'flux-system/apps') =>
  resource('flux-git-repository', 'GitRepository', path, { repository: SHOP, ...more });
const kustomization = (more: object = {}, type = 'flux-kustomization') =>
  resource(type, 'Kustomization', 'flux-system/apps', {
    source: { objectKind: 'GitRepository', namespace: 'flux-system', name: 'apps' },
    serviceAccount: null,
    isSuspended: false,
    isElsewhere: false,
    ...more,
  });

const ARGO = account('argocd/argocd-application-controller');
const FLUX = account('flux-system/kustomize-controller');
const OTHERS = [account('shop/web'), account('shop-data/job'), account('ops/agent')];

const whole = (resources: readonly EstateResource[], written: ReadonlySet<string> = WRITTEN) =>
  deliverySteps(
    {
      estate: ESTATE,
      resources,
      cloud: NO_CLOUD_IDENTITIES,
      about: { production: 'yes', evidence: [], name: 'cluster shop' },
    },
    written,
  );

/** The service accounts that whoever writes to the repository is. */
const reached = (...resources: readonly EstateResource[]) =>
  whole(resources).steps.map(({ to }) => to.asset.replace(`${ESTATE}/group/ServiceAccount/`, ''));

const CONTROLLER = ['argocd/argocd-application-controller'];

/** What is told below the paths of a cluster to which strangers may change what is applied. */
const notesBelow = (resources: readonly EstateResource[]): readonly string[] =>
  givenSteps({
    lens: 'outside',
    assets: new Map(),
    weaknesses: [],
    credentials: [],
    pipelines: [{ ...PULL_REQUEST, repository: { ...PULL_REQUEST.repository, key: `repo:${SHOP}` } }],
    builds: new Map(),
    clusters: [
      {
        estate: ESTATE,
        resources,
        cloud: NO_CLOUD_IDENTITIES,
        about: { production: 'yes', evidence: [], name: 'cluster shop' },
      },
    ],
  }).notes;

describe('Argo CD', () => {
  test.each([
    ['by itself, into its own cluster', {}, CONTROLLER],
    ['into its own cluster by name', { destination: 'in-cluster' }, CONTROLLER],
    ['without a namespace', { destinationNamespace: '' }, CONTROLLER],
    ['of several repositories', { repositories: ['github.com/acme/cart', SHOP] }, CONTROLLER],
    ['when somebody asks for it', { isAutomated: false }, []],
    ['into another cluster', { destination: 'https://10.0.0.1' }, []],
    ['into a cluster of another name', { destination: 'production' }, []],
    ['into no cluster', { destination: '' }, []],
    ['of another host', { repositories: ['gitlab.com/acme/shop'] }, []],
    ['of another repository', { repositories: ['github.com/acme/shop-2'] }, []],
    ['of no repository', { repositories: [] }, []],
  ])('applies %s', (_how, more, expected) => {
    expect(reached(argo(more), ARGO, ...OTHERS)).toEqual(expected);
  });

  test('acts as the controller of its own namespace, under whatever name the installation has', () => {
    const openshift = account('argocd/openshift-gitops-argocd-application-controller');
    expect(reached(argo(), openshift)).toEqual(['argocd/openshift-gitops-argocd-application-controller']);
    expect(reached(argo())).toEqual([]);
    expect(reached(argo(), account('other/argocd-application-controller'))).toEqual([]);
    expect(reached(argo(), account('argocd/argocd-server'))).toEqual([]);
    expect(reached(argo(), account('argocd/my-argocd-application-controller-2'))).toEqual([]);
  });

  const OWN = 'https://kubernetes.default.svc';
  const BINDING = { group: 'rbac.authorization.k8s.io', kind: 'ClusterRoleBinding' };
  test.each([
    ['everything', [['*', '*']], {}, CONTROLLER],
    [
      'the namespace of the controller',
      [
        [OWN, 'shop'],
        [OWN, 'argo*'],
      ],
      {},
      CONTROLLER,
    ],
    ['roles of the cluster', [[OWN, 'shop']], { clusterKinds: [{ group: '*', kind: '*' }] }, CONTROLLER],
    ['bindings of the cluster', [[OWN, 'shop']], { clusterKinds: [BINDING] }, CONTROLLER],
    ['other kinds', [[OWN, 'shop']], { clusterKinds: [{ group: '', kind: 'Namespace' }] }, ['shop/web']],
    [
      'all kinds but bindings',
      [[OWN, 'shop']],
      { clusterKinds: [{ group: '*', kind: '*' }], refusedClusterKinds: [BINDING] },
      ['shop/web'],
    ],
    ['one namespace', [['in-cluster', 'shop']], {}, ['shop/web']],
    ['namespaces by a pattern', [[OWN, 'shop*']], {}, ['shop/web', 'shop-data/job']],
    [
      'all but a namespace',
      [
        [OWN, '*'],
        [OWN, '!argocd'],
        [OWN, '!ops'],
      ],
      {},
      ['shop/web', 'shop-data/job'],
    ],
    [
      'all but its own namespace',
      [
        ['*', '*'],
        [OWN, '!shop'],
      ],
      {},
      [],
    ],
    [
      'all but its own cluster',
      [
        ['*', '*'],
        [`!${OWN}`, '*'],
      ],
      {},
      [],
    ],
    ['another namespace', [[OWN, 'ops']], {}, []],
    ['another cluster', [['https://10.0.0.1', '*']], {}, []],
    ['nothing', [], {}, []],
    ['what is signed', [['*', '*']], { asksForSignature: true }, []],
  ] as const)('is held to a project that lets it change %s', (_what, destinations, more, expected) => {
    expect(reached(argo(), ARGO, ...OTHERS, project(destinations, more))).toEqual(expected);
  });

  test('is held by no project of another name or namespace, and takes for granted what was not described', () => {
    const none = [project([], {}, 'argocd/other'), project([], {}, 'other/shop')];
    expect(reached(argo(), ARGO, ...none)).toEqual(CONTROLLER);
    const assumed = (...more: readonly EstateResource[]) =>
      whole([argo(), ARGO, ...more]).steps.map(({ assumptions }) => assumptions);
    const written = 'What is written to the repository gets into what is followed of it.';
    expect(assumed()).toEqual([
      [written, 'The project shop of Argo CD, which was not described, lets it change the whole cluster.'],
    ]);
    expect(assumed(project([['*', '*']]))).toEqual([[written]]);
  });

  test('reaches service accounts up to a number, counts the rest, and tells it', () => {
    const many = Array.from({ length: ACCOUNTS_MAX + 2 }, (_, at) => account(`shop/web-${at}`));
    const resources = [argo(), ARGO, project([[OWN, 'shop']]), ...many];
    expect(whole(resources)).toMatchObject({ leftOut: 2 });
    expect(whole(resources).steps).toHaveLength(ACCOUNTS_MAX);
    expect(whole(resources, new Set(['repo:github.com/acme/cart']))).toEqual({
      steps: [],
      leftOut: 0,
      untold: [],
    });
    const notes = notesBelow(resources);
    expect(notes).toEqual([
      '2 service accounts beyond the first 64 that an application of Argo CD reaches are left out.',
    ]);
  });
});

describe('what is applied to another cluster is told, and no step', () => {
  const OTHER = { destination: 'https://10.0.0.1' };
  const AWAY = { isElsewhere: true };
  test.each<[string, readonly EstateResource[], string | null]>([
    [
      'by Argo CD',
      [argo(OTHER), ARGO],
      'What Application argocd/shop of cluster shop applies to another cluster (https://10.0.0.1) is not followed: as whom, a Secret keeps, and those are not read.',
    ],
    [
      'by Flux',
      [source(), kustomization(AWAY), FLUX],
      'What Kustomization flux-system/apps of cluster shop applies to another cluster is not followed: as whom, a Secret keeps, and those are not read.',
    ],
    [
      'by both',
      [argo({ destination: 'production' }), source(), kustomization(AWAY)],
      'What Application argocd/shop and 1 other of cluster shop apply to other clusters is not followed: as whom, a Secret keeps, and those are not read.',
    ],
    ['when somebody asks for it', [argo({ ...OTHER, isAutomated: false })], null],
    ['of another repository', [argo({ ...OTHER, repositories: ['github.com/acme/cart'] })], null],
    ['while it is suspended', [source(), kustomization({ ...AWAY, isSuspended: true })], null],
    ['of what is held to a commit', [source({ isFixed: true }), kustomization(AWAY)], null],
    ['of a source that nobody described', [kustomization(AWAY)], null],
    ['in its own cluster', [argo(), ARGO, source(), kustomization(), FLUX], null],
  ])('%s', (_how, resources, sentence) => {
    const { steps, untold } = whole(resources);
    expect(untold).toEqual(sentence === null ? [] : [sentence]);
    if (sentence !== null) expect(steps).toEqual([]);
  });

  test('below the paths', () => {
    const notes = notesBelow([argo(OTHER)]);
    expect(notes).toEqual([expect.stringMatching(/^What Application argocd\/shop of cluster shop applies/)]);
  });
});

describe('Flux', () => {
  const asItself = ['flux-system/kustomize-controller'];
  test.each([
    ['as its controller', {}, {}, asItself],
    ['not while it is suspended', {}, { isSuspended: true }, []],
    ['not while its source is suspended', { isSuspended: true }, {}, []],
    ['not what is held to a commit or a signature', { isFixed: true }, {}, []],
    ['not to another cluster', {}, { isElsewhere: true }, []],
    ['not of another repository', { repository: 'gitlab.com/acme/shop' }, {}, []],
    ['not of a bucket', {}, { source: { objectKind: 'Bucket', namespace: 'flux-system', name: 'apps' } }, []],
    [
      'not of a source of another name',
      {},
      { source: { objectKind: 'GitRepository', namespace: 'flux-system', name: 'infra' } },
      [],
    ],
    [
      'not of a source of another namespace',
      {},
      { source: { objectKind: 'GitRepository', namespace: 'shop', name: 'apps' } },
      [],
    ],
    ['as the account that it names', {}, { serviceAccount: 'deployer' }, ['flux-system/deployer']],
    ['not as an account that nobody described', {}, { serviceAccount: 'web' }, []],
  ])('applies %s', (_how, ofSource, more, expected) => {
    const accounts = [FLUX, account('flux-system/deployer'), account('shop/deployer'), ...OTHERS];
    expect(reached(source(ofSource), kustomization(more), ...accounts)).toEqual(expected);
  });

  test('releases charts as another controller, and acts as none of which there are two or none', () => {
    const release = kustomization({}, 'flux-helm-release');
    expect(reached(source(), release, FLUX)).toEqual([]);
    expect(reached(source(), release, FLUX, account('flux-system/helm-controller'))).toEqual([
      'flux-system/helm-controller',
    ]);
    expect(reached(source(), kustomization(), FLUX, account('other/kustomize-controller'))).toEqual([]);
    expect(reached(source(), kustomization())).toEqual([]);
  });

  test('takes for granted that nobody set another account, where it names none', () => {
    const assumed = (more: object) =>
      whole([source(), kustomization(more), FLUX, account('flux-system/deployer')]).steps.map(
        ({ assumptions }) => assumptions.length,
      );
    expect([assumed({}), assumed({ serviceAccount: 'deployer' })]).toEqual([[2], [1]]);
  });
});

test('says of a step what tells it, what closes it and what it takes for granted', () => {
  const { steps } = whole([argo(), ARGO, account('shop/web'), project([['*', 'shop']])]);
  expect(steps).toEqual([
    {
      rule: 'applies-repository',
      kind: 'argo',
      from: { asset: `repo:${SHOP}`, family: 'repository', capability: 'write' },
      to: { asset: `${ESTATE}/group/ServiceAccount/shop/web`, family: 'principal', capability: 'use' },
      probability: 0.5,
      sentence:
        'Whoever writes to github.com/acme/shop words what Application argocd/shop runs as the service account shop/web in cluster shop',
      gates: [
        expect.objectContaining({
          is: 'setting',
          id: `repo:${SHOP} is applied unapproved`,
          sentence: 'let somebody approve what is pushed to github.com/acme/shop before it is applied',
        }),
        expect.objectContaining({
          is: 'setting',
          id: `${ESTATE}/group/Application/argocd/shop is applied by itself`,
          sentence:
            'let Application argocd/shop take no change by itself: sync it by hand, or let signed commits alone count',
        }),
      ],
      evidence: [
        {
          sentence: 'Application argocd/shop applies what github.com/acme/shop says by itself.',
          provenance: 'kubernetes',
          at: 7,
        },
        { sentence: 'AppProject argocd/shop holds it to namespaces.', provenance: 'kubernetes', at: 7 },
      ],
      assumptions: [
        'What is written to the repository gets into what is followed of it.',
        'The controller may create pods there, as it creates what the repository holds.',
      ],
      technique: 'T1195.002',
    },
  ]);
  const [flux] = whole([source(), kustomization(), FLUX]).steps;
  expect(flux?.kind).toBe('flux');
  expect(flux?.gates[1]?.sentence).toContain('suspend it');
  expect(flux?.evidence.map(({ sentence }) => sentence)).toEqual([
    'Kustomization flux-system/apps applies what github.com/acme/shop says by itself.',
    'GitRepository flux-system/apps follows github.com/acme/shop.',
  ]);
});

test('names are cut and cleaned, and without anybody who writes there is no step', () => {
  const hostile = { ...argo(), facts: { ...argo().facts, name: `x\n<b>\u202e${'y'.repeat(500)}` } };
  const [step] = whole([hostile, ARGO]).steps;
  expect(step?.sentence).not.toMatch(/[\n\u202e]/);
  expect(step?.sentence.length).toBeLessThan(400);
  expect(whole([argo(), ARGO], new Set()).steps).toEqual([]);
});
