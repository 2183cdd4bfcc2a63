import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { mapDelivery } from './map-delivery.ts';

const object = (apiGroup: string, objectKind: string, spec: JsonObject, annotations = {}) =>
  mapDelivery(
    {
      group: apiGroup,
      objectKind,
      namespace: 'argocd',
      name: 'shop',
      labels: {},
      annotations,
      body: { spec },
    },
    'shop',
  );
const factsOf = (...told: Parameters<typeof object>) => object(...told)?.facts;
const application = (spec: JsonObject, annotations = {}) =>
  factsOf('argoproj.io', 'Application', spec, annotations);
const repository = (spec: JsonObject) => factsOf('source.toolkit.fluxcd.io', 'GitRepository', spec);

describe('the repositories of an application', () => {
  const of = (...sources: JsonObject[]) => application({ sources })?.['repositories'];
  test.each([
    ['https://github.com/Acme/Shop.git', ['github.com/acme/shop']],
    ['git@github.com:acme/shop.git', ['github.com/acme/shop']],
    ['ssh://git@github.com/acme/shop', ['github.com/acme/shop']],
    ['https://token@github.com/acme/shop', ['github.com/acme/shop']],
    ['https://user:p@ss@github.com/acme/shop', ['github.com/acme/shop']],
    ['https://github.com/acme/shop?token=secret#x', ['github.com/acme/shop']],
    ['oci://ghcr.io/acme/charts', []],
    ['github.com', []],
    ['', []],
    ['https://github.com/acme/sh\u0000\u202eop', ['github.com/acme/shop']],
  ])('%j', (repoURL, expected) => {
    expect(of({ repoURL })).toEqual(expected);
  });

  test('are those of all sources, each once, but for charts and what is held to a commit', () => {
    const commit = '0123456789abcdef0123456789abcdef01234567';
    expect(
      of(
        { repoURL: 'https://github.com/acme/a', targetRevision: 'main' },
        { repoURL: 'https://github.com/acme/A', targetRevision: 'v1' },
        { repoURL: 'https://github.com/acme/b', targetRevision: commit },
        { repoURL: 'https://charts.example.com/c', chart: 'web' },
        { repoURL: 5 },
      ),
    ).toEqual(['github.com/acme/a']);
    // Argo CD takes no notice of the one where there are several.
    expect(
      application({ source: { repoURL: 'h.io/a/one' }, sources: [{ repoURL: 'h.io/a/two' }] }),
    ).toMatchObject({ repositories: ['h.io/a/two'] });
    expect(application({ source: { repoURL: 'h.io/a/one' } })).toMatchObject({
      repositories: ['h.io/a/one'],
    });
  });
});

test.each([
  ['automated', { automated: {} }, {}, true],
  ['automated, and said so', { automated: { enabled: true } }, {}, true],
  ['turned off', { automated: { enabled: false } }, {}, false],
  ['by hand', {}, {}, false],
  ['skipped', { automated: {} }, { 'argocd.argoproj.io/skip-reconcile': 'true' }, false],
])('an application that is %s', (_how, syncPolicy, annotations, isAutomated) => {
  expect(application({ syncPolicy }, annotations)).toMatchObject({ isAutomated });
});

test('an application has a project, and a cluster by its address or else its name', () => {
  expect(application({})).toMatchObject({ project: 'default', destination: '', destinationNamespace: '' });
  expect(
    application({ project: 'p', destination: { server: 's', name: 'n', namespace: 'shop' } }),
  ).toMatchObject({ project: 'p', destination: 's', destinationNamespace: 'shop' });
  expect(application({ destination: { name: 'n' } })).toMatchObject({ destination: 'n' });
});

test('a project tells what it lets its applications change', () => {
  const told = factsOf('argoproj.io', 'AppProject', {
    destinations: [{ server: '*', namespace: 'shop' }, { name: 'in-cluster', namespace: 'ops' }, 'x'],
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    clusterResourceBlacklist: [{ group: '', kind: 'Node' }],
    signatureKeys: [{ keyID: '1' }],
  });
  expect(told).toEqual({
    objectKind: 'AppProject',
    namespace: 'argocd',
    name: 'shop',
    destinations: [
      { cluster: '*', namespace: 'shop' },
      { cluster: 'in-cluster', namespace: 'ops' },
    ],
    clusterKinds: [{ group: '*', kind: '*' }],
    refusedClusterKinds: [{ group: '', kind: 'Node' }],
    asksForSignature: true,
  });
  expect(factsOf('argoproj.io', 'AppProject', {})).toMatchObject({
    destinations: [],
    asksForSignature: false,
  });
});

test.each([
  [{ ref: { branch: 'main' } }, false, false],
  [{ ref: { commit: '0123' } }, true, false],
  [{ verify: { mode: 'HEAD' } }, true, false],
  [{ suspend: true }, false, true],
] as const)('a source of Flux with %j', (spec, isFixed, isSuspended) => {
  expect(repository({ url: 'ssh://git@github.com/Acme/Shop', ...spec })).toMatchObject({
    repository: 'github.com/acme/shop',
    isFixed,
    isSuspended,
  });
});

test('what Flux applies names its source, and whom it acts as', () => {
  const kustomization = (spec: JsonObject) => factsOf('kustomize.toolkit.fluxcd.io', 'Kustomization', spec);
  expect(kustomization({ sourceRef: { kind: 'GitRepository', name: 'apps' } })).toMatchObject({
    source: { objectKind: 'GitRepository', namespace: 'argocd', name: 'apps' },
    serviceAccount: null,
    isSuspended: false,
    isElsewhere: false,
  });
  expect(
    kustomization({
      sourceRef: { kind: 'GitRepository', name: 'apps', namespace: 'flux-system' },
      serviceAccountName: 'deployer',
      suspend: true,
      kubeConfig: { secretRef: { name: 'other' } },
    }),
  ).toMatchObject({
    source: { namespace: 'flux-system' },
    serviceAccount: 'deployer',
    isSuspended: true,
    isElsewhere: true,
  });
  const chart = { spec: { sourceRef: { kind: 'GitRepository', name: 'charts' } } };
  expect(object('helm.toolkit.fluxcd.io', 'HelmRelease', { chart })).toMatchObject({
    type: 'flux-helm-release',
    facts: { source: { objectKind: 'GitRepository', name: 'charts' } },
  });
});

test('objects of the same kind in other groups are something else', () => {
  expect(object('app.k8s.io', 'Application', {})).toBeUndefined();
  expect(object('kustomize.config.k8s.io', 'Kustomization', {})).toBeUndefined();
});
