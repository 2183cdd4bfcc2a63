import { afterEach, beforeEach, expect, test } from 'vitest';
import { HOUR_MS } from '../src/base/instant.ts';
import { pipelineAlert } from './support/pipeline-alert.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const NAMED = { name: 'shop', namespace: 'gitops' };

const argo = (repoURL: string) => [
  {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: NAMED,
    spec: {
      source: { repoURL, targetRevision: 'main' },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'shop' },
      syncPolicy: { automated: {} },
    },
  },
];

const flux = (url: string) => [
  { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: 'GitRepository', metadata: NAMED, spec: { url } },
  {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: NAMED,
    spec: { sourceRef: { kind: 'GitRepository', name: 'shop' } },
  },
];

test.each([
  ['Argo CD', argo, 'argocd-application-controller'],
  ['Flux', flux, 'kustomize-controller'],
])(
  'a pipeline that strangers run is a way to the cluster to which %s applies its repository',
  async (_by, objects, name) => {
    const controller = { name, namespace: 'gitops' };
    const cluster = (repository: string) =>
      inbox.importReport(
        {
          apiVersion: 'v1',
          kind: 'List',
          items: [
            ...objects(repository),
            { apiVersion: 'v1', kind: 'ServiceAccount', metadata: controller },
            {
              apiVersion: 'rbac.authorization.k8s.io/v1',
              kind: 'ClusterRoleBinding',
              metadata: { name: 'controller' },
              roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
              subjects: [{ kind: 'ServiceAccount', ...controller }],
            },
          ],
        },
        { source: 'kubectl', scope: { cluster: 'shop' } },
        'cluster.json',
      );
    inbox.clock.set(START);
    await cluster('https://deploy:token@github.com/Acme/Shop.git');
    await inbox.importReport([pipelineAlert(false)], { source: 'github' }, 'alerts.json');
    const [path, ...others] = (await inbox.ctx.paths.list()).paths;
    expect(others).toEqual([]);
    expect(path?.path.paths[0]?.steps.map(({ rule }) => rule)).toEqual([
      'pipeline-flaw',
      'applies-repository',
      'cluster-rights',
    ]);
    expect(path?.path.paths[0]?.target).toBe('cluster shop');
    inbox.clock.set(START + HOUR_MS);
    await cluster('https://gitlab.com/Acme/Shop.git');
    expect((await inbox.ctx.paths.list()).paths).toEqual([]);
  },
);
