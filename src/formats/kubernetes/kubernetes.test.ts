import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { Observation, ResourceObservation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import {
  bindingFacts,
  gatewayFacts,
  ingressFacts,
  networkPolicyFacts,
  nodeFacts,
  objectFacts,
  referenceGrantFacts,
  roleFacts,
  routeFacts,
  serviceAccountFacts,
  serviceFacts,
  workloadFacts,
} from '#domain/resource/facts/kubernetes-facts.ts';
import { describeHead } from '../reading/describe-head.ts';
import { kubernetes } from './kubernetes.ts';

const READERS: Readonly<Record<string, (facts: JsonObject) => unknown>> = {
  workload: workloadFacts,
  pod: workloadFacts,
  service: serviceFacts,
  ingress: ingressFacts,
  gateway: gatewayFacts,
  'http-route': routeFacts,
  'reference-grant': referenceGrantFacts,
  'network-policy': networkPolicyFacts,
  node: nodeFacts,
  'service-account': serviceAccountFacts,
  'cluster-role': roleFacts,
  'role-binding': bindingFacts,
};

const NOBODY_SAID = { root: null, account: null, region: null, cluster: null };

describe('which reports are Kubernetes objects', () => {
  it.each([
    [
      'a list of kubectl',
      '{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}],"kind":"List"}',
      true,
    ],
    [
      'a list that is longer than the head',
      '{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}},{"apiVers',
      true,
    ],
    [
      'a list of the API server',
      '{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"a"}}]}',
      true,
    ],
    ['a list without items', '{"apiVersion":"v1","items":[],"kind":"List"}', true],
    ['one object', '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"a"}}', true],
    [
      'a list of an operator',
      '{"kind":"VirtualServiceList","apiVersion":"networking.istio.io/v1","items":[{"metadata":{"name":"a"}}]}',
      true,
    ],
    [
      'a report of Trivy Operator',
      '{"apiVersion":"aquasecurity.github.io/v1alpha1","kind":"VulnerabilityReport","metadata":{"name":"a"}}',
      false,
    ],
    [
      'reports in a list',
      '{"apiVersion":"v1","items":[{"apiVersion":"openreports.io/v1alpha1","kind":"Report","metadata":{"name":"a"}}],"kind":"List"}',
      false,
    ],
    ['an audit event', '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request"}', false],
    [
      'a catalogue entry',
      '{"apiVersion":"backstage.io/v1alpha1","kind":"Component","metadata":{"name":"a"}}',
      false,
    ],
    ['a service definition', '{"apiVersion":"v3","kind":"service","metadata":{"name":"a"}}', false],
    ['something with items', '{"items":[{"id":1}]}', false],
    ['an array', '[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}}]', false],
    ['no JSON', 'apiVersion: v1', false],
  ])('%s', (_, text, claimed) => {
    expect(kubernetes.claims(describeHead('file.json', Buffer.from(text)))).toBe(claimed);
  });
});

describe('reading the objects of a cluster', () => {
  it('describes a controller once, by itself, and takes digests from its pods', async () => {
    const items = await read(sample('cluster.json'));
    const observations = observationsOf(items);
    const web = resources(observations).filter((each) => each.name === 'web' && each.type === 'workload');
    expect(web).toHaveLength(1);
    expect(web[0]?.facts).toMatchObject({ objectKind: 'Deployment', replicas: 2, serviceAccount: 'web' });
    expect(web[0]?.tags).toEqual({
      'app.kubernetes.io/name': 'web',
      'app.kubernetes.io/part-of': 'shop',
      'meta.helm.sh/release-name': 'shop',
    });
    const images = observations.flatMap((each) =>
      each.kind === 'relation' && each.to.kind === 'image' ? [each.to] : [],
    );
    expect(images).toEqual([
      {
        kind: 'image',
        reference: 'ghcr.io/example/web:1.4.2',
        inRegistry: true,
        digest: 'sha256:1f0c8ab2b1a1c1f52fb0f3a5a4ee8f1c3f3a6a3a7d3a6c5e9b7f5d3b1a907856',
      },
      {
        kind: 'image',
        reference: 'ghcr.io/example/migrate:1.4.2',
        inRegistry: true,
        imageId: 'sha256:9c27e219663c25e0f28493790cc0b88bc973ba3b1686355f221c38a36978ac63',
      },
      { kind: 'image', reference: 'backup', inRegistry: true },
    ]);
  });

  it.each([
    {
      title: 'a Deployment',
      item: {
        kind: 'Deployment',
        spec: { replicas: 0, template: { spec: { containers: [{ name: 'a', image: 'a' }] } } },
      },
    },
    {
      title: 'a suspended CronJob',
      item: {
        kind: 'CronJob',
        spec: {
          suspend: true,
          jobTemplate: { spec: { template: { spec: { containers: [{ name: 'a', image: 'a' }] } } } },
        },
      },
    },
    {
      title: 'a Job that waits for somebody to let it go on',
      item: {
        kind: 'Job',
        spec: { suspend: true, template: { spec: { containers: [{ name: 'a', image: 'a' }] } } },
      },
    },
    {
      title: 'a Job that is done',
      item: {
        kind: 'Job',
        spec: { template: { spec: { containers: [{ name: 'a', image: 'a' }] } } },
        status: { succeeded: 1, startTime: '2026-09-30T09:59:00Z' },
      },
    },
    {
      title: 'a finished pod',
      item: {
        kind: 'Pod',
        spec: { containers: [{ name: 'a', image: 'a' }] },
        status: { phase: 'Succeeded' },
      },
    },
  ])('of which nothing runs has no images: $title', async ({ item }) => {
    const items = await read(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'List',
        items: [{ apiVersion: 'v1', metadata: { name: 'a', namespace: 'b' }, ...item }],
      }),
    );
    expect(observationsOf(items).map((each) => each.kind)).toEqual(['resource']);
    expect(resources(observationsOf(items))[0]?.facts).toMatchObject({ name: 'a', replicas: 0 });
  });

  it('takes the UID of kube-system for the cluster, and a person’s word before it', async () => {
    expect((await read(sample('cluster.json')))[0]).toMatchObject({
      scan: { scope: { is: 'inventory', cluster: '6f1d3c0a-5a44-4f0e-9d67-0b1d4f5a7c21' } },
    });
    expect((await read(sample('cluster.json'), 'cluster.json', 'prod-1'))[0]).toMatchObject({
      scan: { scope: { cluster: 'prod-1' } },
    });
    expect((await read(sample('pods.json')))[0]).toMatchObject({ scan: { scope: { cluster: null } } });
  });

  it.each([
    'cluster.json',
    'pods.json',
    'services.json',
    'clusterroles.json',
    'rolebindings.json',
    'serviceaccounts.json',
    'nodes.json',
  ])('writes facts that are read back as they are: %s', async (file) => {
    const described = resources(observationsOf(await read(sample(file))));
    expect(described.length).toBeGreaterThan(0);
    for (const { type, facts } of described)
      expect((READERS[type] ?? objectFacts)(facts), type).toEqual(facts);
  });

  it('never reads the values of a secret', async () => {
    const text = JSON.stringify(await read(sample('cluster.json')));
    expect(text).toContain('"name":"db"');
    expect(text).not.toContain('bm90IGEgc2VjcmV0');
  });

  it.each<[boolean, JsonObject]>([
    [true, { command: ['kube-apiserver', '--anonymous-auth=false', '--token=bm90IGEgc2VjcmV0'] }],
    [true, { command: ['/usr/local/bin/kube-apiserver'], args: ['--anonymous-auth=false'] }],
    [false, { command: ['kube-apiserver', '--anonymous-auth=true'] }],
    [false, { command: ['kube-apiserver'] }],
    [false, { command: ['kubelet', '--anonymous-auth=false'] }],
    [false, {}],
  ])('says that an API server refuses strangers, %j: %j', async (refuses, container) => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'kube-apiserver-n', namespace: 'kube-system' },
      spec: { containers: [{ name: 'c', ...container }] },
    };
    const text = JSON.stringify(await read(JSON.stringify(pod)));
    expect(text.includes('"refusesStrangers":true')).toBe(refuses);
    expect(text).not.toContain('bm90IGEgc2VjcmV0');
  });

  it.each([
    [true, { shareProcessNamespace: true }],
    [false, { shareProcessNamespace: false }],
    [false, {}],
  ])('says that containers share their processes, %j: %j', async (shares, spec) => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { containers: [{ name: 'c' }], ...spec },
    };
    const text = JSON.stringify(await read(JSON.stringify(pod)));
    expect(text.includes('"sharesProcesses":true')).toBe(shares);
  });

  it('rejects what is no object and keeps the rest', async () => {
    const items = await read(
      '{"kind":"PodList","apiVersion":"v1","items":[7,{"metadata":{}},{"metadata":{"name":"a","namespace":"b"}}]}',
    );
    expect(
      items.slice(1).map((item) => [item.kind, item.kind === 'reject' ? `${item.at} ${item.code}` : '']),
    ).toEqual([
      ['beside', ''],
      ['reject', '[0].items[0] wrong_type'],
      ['reject', '[0].items[1] missing_field'],
      ['record', ''],
    ]);
  });

  it('reads kinds from a head behind the items', async () => {
    const items = await read(
      '{"apiVersion":"v1","items":[{"metadata":{"name":"a","namespace":"b"}}],"kind":"ServiceList"}',
    );
    expect(resources(observationsOf(items))[0]).toMatchObject({
      type: 'service',
      resource: { objectKind: 'Service', group: '' },
    });
  });

  it('reads objects that follow each other', async () => {
    const pod = sample('one-pod.json');
    const items = await read(`${pod}${sample('networkpolicies.json')}${pod.replace('"debug"', '"debug2"')}`);
    expect(items.filter((item) => item.kind === 'record')).toHaveLength(2);
    expect(items.some((item) => item.kind === 'beside')).toBe(false);
  });

  it('reads nothing of a file that is cut off', async () => {
    const text = sample('services.json');
    const seen: ReportItem[] = [];
    await expect(readInto(seen, text.slice(0, text.length / 2), 'services.json', null)).rejects.toMatchObject(
      { code: 'report_broken' },
    );
    expect(seen).toEqual([]);
  });

  it('says the same in every order of the items', async () => {
    const list = JSON.parse(sample('cluster.json')) as { items: JsonObject[] };
    const expected = sorted(observationsOf(await read(JSON.stringify(list))));
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(list.items, { minLength: list.items.length }), async (items) => {
        expect(sorted(observationsOf(await read(JSON.stringify({ ...list, items }))))).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('takes any shape', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          'Pod',
          'Deployment',
          'CronJob',
          'Service',
          'Ingress',
          'Gateway',
          'HTTPRoute',
          'VirtualService',
          'Route',
          'NetworkPolicy',
          'Node',
          'ServiceAccount',
          'Role',
          'RoleBinding',
          'Job',
        ),
        fc.jsonValue(),
        fc.jsonValue(),
        async (kind, spec, status) => {
          const item = {
            apiVersion: 'v1',
            kind,
            metadata: { name: 'a', namespace: 'b', labels: spec, ownerReferences: status },
            spec,
            status,
            rules: spec,
            subjects: spec,
          };
          const items = await read(
            JSON.stringify({
              apiVersion: 'v1',
              kind: 'List',
              items: [item, { ...item, spec: { template: { spec } } }],
            }),
          );
          expect(items.filter((each) => each.kind === 'record')).toHaveLength(2);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('what a file listed completely', () => {
  const pod = (namespace: string) => `{"metadata":{"name":"a","namespace":"${namespace}"}}`;
  const list = (kind: string, items: string, metadata = '{}') =>
    `{"kind":"${kind}","apiVersion":"v1","metadata":${metadata},"items":[${items}]}`;

  it.each([
    { title: 'one namespace', text: list('PodList', pod('a')), covers: ['Pod/a'] },
    {
      title: 'several namespaces can only be all',
      text: list('PodList', `${pod('a')},${pod('b')}`),
      covers: ['Pod'],
    },
    {
      title: 'a kind without namespaces',
      text: list('NodeList', '{"metadata":{"name":"n"}}'),
      covers: ['Node'],
    },
    {
      title: 'all kinds of one list were asked for alike',
      text: list(
        'List',
        `{"kind":"Pod",${pod('a').slice(1)},{"kind":"Pod",${pod('b').slice(1)},{"kind":"Ingress",${pod('a').slice(1)}`,
      ),
      covers: ['Ingress', 'Pod'],
    },
    {
      title: 'a page is not the whole',
      text: list('PodList', `${pod('a')},${pod('b')}`, '{"continue":"abc"}'),
      covers: [],
    },
    {
      title: 'one object is not the whole',
      text: '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","namespace":"b"}}',
      covers: [],
    },
    { title: 'an empty list of nobody knows which cluster', text: list('PodList', ''), covers: [] },
    { title: 'an empty list of a named cluster', text: list('PodList', ''), cluster: 'c', covers: ['Pod'] },
    {
      title: 'an empty list of kubectl, whose file says of what',
      text: list('List', ''),
      cluster: 'c',
      name: 'dump/netpol,ing.json',
      covers: ['Ingress', 'NetworkPolicy'],
    },
    {
      title: 'an empty list of kubectl, whose file says nothing',
      text: list('List', ''),
      cluster: 'c',
      name: 'cluster.json',
      covers: [],
    },
  ])('$title', async ({ text, covers, name = 'file.json', cluster = null }) => {
    const items = await read(text, name, cluster);
    expect(
      items.flatMap((item) =>
        item.kind === 'beside' ? item.observations.map((each) => ('cover' in each ? each.cover : '')) : [],
      ),
    ).toEqual(covers);
  });
});

function sample(name: string): string {
  return readFileSync(new URL(`samples/${name}`, import.meta.url), 'utf8');
}

async function read(text: string, name = 'file.json', cluster: string | null = null): Promise<ReportItem[]> {
  const items: ReportItem[] = [];
  await readInto(items, text, name, cluster);
  return items;
}

async function readInto(
  items: ReportItem[],
  text: string,
  name: string,
  cluster: string | null,
): Promise<void> {
  const input: ReportInput = {
    name,
    async *open() {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
    },
  };
  for await (const item of kubernetes.read(input, { ...NOBODY_SAID, cluster })) items.push(item);
}

function observationsOf(items: readonly ReportItem[]): readonly Observation[] {
  return items.flatMap((item) => (item.kind === 'record' ? item.observations : []));
}

function resources(observations: readonly Observation[]): readonly ResourceObservation[] {
  return observations.filter((each) => each.kind === 'resource');
}

function sorted(observations: readonly Observation[]): readonly string[] {
  return observations.map((each) => JSON.stringify(each)).sort();
}
