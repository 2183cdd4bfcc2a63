import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { asObject, asObjects, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import { kubernetes } from '#formats/kubernetes/kubernetes.ts';
import {
  estateOf,
  type Files,
  filesOf,
  halved,
  numbers,
  rearranged,
  verdictOf,
  withTexts,
  writtenOtherwise,
} from '../../../test/support/metamorphic.ts';
import { evaluateKubernetesEstate } from './evaluate-kubernetes-estate.ts';

/** The same cluster told in other ways, from file to verdict (attack-paths §8, metamorphic). */
const CLUSTERS: readonly (readonly [name: string, folder: string, files: RegExp])[] = [
  ['the cluster of the demo', '../../../test/worlds/demo/kubernetes', /^production-.*\.json$/],
  [
    'the cluster of the samples',
    '../../formats/kubernetes/samples',
    /^(?!counts|one-pod|cluster\.).*\.json$/,
  ],
];

type Verdicts = ReadonlyMap<string, string>;

async function verdictsOf(files: Files, write?: (value: JsonValue) => string): Promise<Verdicts> {
  const answers = evaluateKubernetesEstate(await estateOf(kubernetes, files, 'live', write));
  return new Map([...answers].map(([key, risks]) => [key, verdictOf(risks)]));
}

/** Names that people gave: of everything that Kubernetes and its vendors do not know by its name. */
function namesIn(files: Files): ReadonlySet<string> {
  const names = Object.values(files).flatMap((file) =>
    asObjects(asObject(file)?.['items']).flatMap((object) => {
      const metadata = asObject(object['metadata']);
      return [asText(metadata?.['name']) ?? '', asText(metadata?.['namespace']) ?? ''];
    }),
  );
  return new Set(
    names.filter(
      (name) =>
        name !== '' && !/^(?:default|kube-|system|cluster-admin$|admin$|edit$|view$|apps$)|[:.]/.test(name),
    ),
  );
}

describe.each(CLUSTERS)('%s', (_name, folder, wanted) => {
  let files: Files;
  let told: Verdicts;
  beforeAll(async () => {
    files = filesOf(join(import.meta.dirname, folder), wanted);
    told = await verdictsOf(files);
    expect(told.size).toBeGreaterThan(10);
    expect(new Set(told.values()).size).toBeGreaterThan(2);
  });

  it.each([1, 2, 3])('says the same in another order (%i)', async (seed) => {
    const random = numbers(seed);
    const names = Object.keys(files).sort(() => random() - 0.5);
    const shuffled = Object.fromEntries(
      names.map((name) => [name, rearranged(files[name] as JsonValue, random)]),
    );
    expect(await verdictsOf(shuffled)).toEqual(told);
  });

  it('says the same under other names', async () => {
    const names = namesIn(files);
    const rename = (text: string): string => {
      if (names.has(text)) return `q-${text}`;
      // A replica set and its pods are called after their deployment.
      const base = /^(.+?)-[a-z0-9]{5,10}(?:-[a-z0-9]{5})?$/.exec(text)?.[1];
      if (base !== undefined && names.has(base)) return `q-${text}`;
      return text.replace(
        /^(system:serviceaccounts?:)([^:]+)(?::(.+))?$/,
        (_, prefix: string, namespace: string, name?: string) =>
          [`${prefix}${rename(namespace)}`, ...(name === undefined ? [] : [rename(name)])].join(':'),
      );
    };
    const renamed = Object.fromEntries(
      Object.entries(files).map(([name, value]) => [name, withTexts(value, rename)]),
    );
    const others = await verdictsOf(renamed);
    // Surfaces name hosts and services: what is compared is who gets in, and what it may do.
    const plain = (verdict: string): string =>
      verdict
        .split('\n')
        .map((line) => line.split(' ').slice(0, 3).join(' '))
        .sort()
        .join('\n');
    expect([...others.values()].map(plain).sort()).toEqual([...told.values()].map(plain).sort());
    expect([...others.keys()].some((key) => key.includes('q-'))).toBe(true);
  });

  it('says the same when it is told in halves, twice, or as another program writes it', async () => {
    expect(await verdictsOf(halved(files))).toEqual(told);
    expect(
      await verdictsOf({
        ...files,
        ...Object.fromEntries(Object.entries(files).map(([name, value]) => [`again-${name}`, value])),
      }),
    ).toEqual(told);
    expect(await verdictsOf(files, writtenOtherwise)).toEqual(told);
  });

  it('says the same of each resource beside another namespace', async () => {
    const metadata = { namespace: 'elsewhere', name: 'lonely' };
    const labels = { app: 'lonely' };
    const pod: JsonObject = {
      metadata: { labels },
      spec: { containers: [{ name: 'lonely', image: 'lonely:1', ports: [{ containerPort: 80 }] }] },
    };
    const items: JsonObject[] = [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'elsewhere' } },
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata,
        spec: { replicas: 1, selector: { matchLabels: labels }, template: pod },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { type: 'ClusterIP', selector: labels, ports: [{ port: 80 }] },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata,
        spec: { podSelector: {}, policyTypes: ['Ingress'] },
      },
    ];
    const first = Object.entries(files).map(([name, value]): [string, JsonValue] => {
      const kinds = new Set<unknown>([
        asText(asObject(value)?.['kind'])?.replace(/List$/, ''),
        ...asObjects(asObject(value)?.['items']).map((item) => item['kind']),
      ]);
      const more = items.filter((item) => kinds.has(item['kind']));
      return [name, { ...(value as JsonObject), items: [...asObjects(asObject(value)?.['items']), ...more] }];
    });
    const all = await verdictsOf(Object.fromEntries(first));
    expect(all.size).toBeGreaterThan(told.size);
    for (const [key, verdict] of told) expect([key, all.get(key)]).toEqual([key, verdict]);
  });
});
