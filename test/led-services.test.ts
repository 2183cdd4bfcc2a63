import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeAll(async () => {
  inbox = await openTestInbox();
});
afterAll(() => inbox.close());

const deployment = (name: string, service: string | null) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name,
    namespace: 'shop',
    labels: {
      ...(service === null ? {} : { 'tags.datadoghq.com/service': service }),
      'backstage.io/kubernetes-id': name,
    },
  },
  spec: {
    replicas: 1,
    selector: { matchLabels: { tier: 'web' } },
    template: {
      metadata: { labels: { tier: 'web' } },
      spec: { containers: [{ name: 'c', image: 'a/b:1' }] },
    },
  },
});
const FRONT = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'front', namespace: 'shop' },
  spec: { selector: { tier: 'web' }, ports: [{ port: 80 }] },
};
const slice = (...pods: readonly string[]) => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'front-abcde', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'front' } },
  addressType: 'IPv4',
  endpoints: pods.map((name, index) => ({
    addresses: [`10.0.0.${index + 1}`],
    targetRef: { kind: 'Pod', namespace: 'shop', name },
  })),
});

async function services(...items: readonly object[]): Promise<readonly string[]> {
  inbox.clock.set(inbox.clock.now() + 1_000);
  const list = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items };
  const result = await inbox.importReport(list, { scope: { cluster: 'main' } }, 'cluster.json');
  if (!('sentences' in result)) throw new Error(JSON.stringify(result));
  return ofFront();
}

async function ofFront(): Promise<readonly string[]> {
  const found = await inbox.database.pool.query<{ services: readonly string[] }>(
    `select services from resource where estate = 'k8s:main' and type = 'service' and name like '%front'`,
  );
  return found.rows.flatMap((row) => row.services);
}

test('a service of a cluster is a part of what its endpoints name, and follows them', async () => {
  const workloads = [deployment('blue', 'blue-api'), deployment('green', 'green-api'), FRONT];
  expect(await services(...workloads)).toEqual(['blue-api', 'green-api']);
  expect(await services(...workloads, slice('blue-7d5f9c4b6-x2x4z'))).toEqual(['blue-api']);
  expect(await services(...workloads, slice('green-7d5f9c4b6-x2x4z'))).toEqual(['green-api']);
  const nameless = [deployment('blue', null), deployment('green', null), FRONT];
  expect(await services(...nameless, slice('green-7d5f9c4b6-x2x4z'))).toEqual([]);
  // A catalogue names the workloads; nothing is said of the cluster.
  const component = (name: string, of: string) =>
    `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n  name: ${name}\n  annotations:\n    backstage.io/kubernetes-id: ${of}\nspec:\n  type: service\n  owner: team-shop\n`;
  await inbox.importReport(
    `${component('sky', 'blue')}---\n${component('meadow', 'green')}`,
    { source: 'catalogue' },
    'catalog-info.yaml',
  );
  expect(await ofFront()).toEqual(['meadow']);
});
