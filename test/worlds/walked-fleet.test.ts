import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mapPath } from '../../src/app/map-path.ts';
import { paintFor } from '../../src/cli/paint.ts';
import { presentPathMap as asText } from '../../src/cli/present-paths.ts';
import type { PathMap } from '../../src/contract/attack-path.ts';
import { presentPathMap } from '../../src/contract/from-domain/present-attack-path.ts';
import { scanOfImage } from '../support/shop-cluster.ts';
import { imported, openTestInbox, type TestInbox } from '../support/test-inbox.ts';
import { tellFeeds, trivyOf } from './walked/scans.ts';

/** Eighty of a kind, so that the map of a path has to stack what is alike and leave out what it has no room for. */
const MANY = 80;
const PLAIN = paintFor({ isColourWanted: false });
const names = (of: string): readonly string[] =>
  Array.from({ length: MANY }, (_, at) => `${of}-${String(at).padStart(2, '0')}`);

let inbox: TestInbox;
beforeAll(async () => {
  inbox = await openTestInbox(Date.UTC(2026, 11, 1));
  await tellFeeds(inbox);
  await read(
    clusterOf('fleet', () => 'crew'),
    'fleet.json',
    { scope: { cluster: 'fleet' }, environment: 'production' },
  );
  await read(
    clusterOf('solo', (name) => name),
    'solo.json',
    { scope: { cluster: 'solo' }, environment: 'production' },
  );
  await read(scanOfImage('registry.example.net/fleet:1', inbox.clock.now(), ['CVE-2026-4007']), 'a.json', {
    source: 'trivy',
  });
  await read(scanOfImage('registry.example.net/solo:1', inbox.clock.now(), ['CVE-2026-4008']), 'b.json', {
    source: 'trivy',
  });
  const cloud = JSON.parse(
    await readFile(join(import.meta.dirname, 'walked', 'cloud.json'), 'utf8'),
  ) as Record<string, string>;
  for (const [name, text] of Object.entries(cloud)) await read(manyOf(text, 'tw-members'), name, {});
  await read(trivyOf('buoy:2', inbox.clock.now(), ['CVE-2026-4009']), 'c.json', { source: 'trivy' });
});
afterAll(() => inbox.close());

/** Many of what the lines with a name describe. */
function manyOf(text: string, name: string): string {
  return text
    .split('\n')
    .flatMap((line) => (line.includes(name) ? names(name).map((one) => line.replaceAll(name, one)) : [line]))
    .join('\n');
}

async function read(report: unknown, name: string, options: object): Promise<void> {
  inbox.clock.set(inbox.clock.now() + 60_000);
  imported(await inbox.importReport(report, options, name));
}

/** A cluster of many deployments of one image, each behind a load balancer of its own, that act as these service accounts. */
function clusterOf(image: string, accountOf: (name: string) => string): object {
  const meta = (name: string) => ({ name, namespace: 'shop', labels: { team: 'deck' } });
  const accounts = [...new Set(names(image).map(accountOf))];
  const items = [
    ...names(image).flatMap((name) => [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: meta(name),
        spec: {
          replicas: 1,
          selector: { matchLabels: { app: name } },
          template: {
            metadata: { labels: { app: name } },
            spec: {
              serviceAccountName: accountOf(name),
              containers: [
                { name, image: `registry.example.net/${image}:1`, ports: [{ containerPort: 8080 }] },
              ],
            },
          },
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: meta(name),
        spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 443, targetPort: 8080 }] },
        status: { loadBalancer: { ingress: [{ ip: `54.3.0.${names(image).indexOf(name)}` }] } },
      },
    ]),
    ...accounts.map((name) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: meta(name) })),
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: image },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: accounts.map((name) => ({ kind: 'ServiceAccount', name, namespace: 'shop' })),
    },
  ];
  return { apiVersion: 'v1', kind: 'List', items };
}

async function mapOf(word: string): Promise<PathMap> {
  const { paths } = await inbox.ctx.paths.list();
  const found = paths.filter(({ path }) => path.pivot.name.includes(word));
  expect([word, found.length]).toEqual([word, 1]);
  return presentPathMap(await mapPath(inbox.ctx, { issue: found[0]?.issueId ?? '' }));
}

/** Column, kind, name and number of each thing. */
const things = ({ nodes }: PathMap) =>
  nodes.map(({ layer, kind, name, count }) => `${layer} ${kind}: ${name}, ${count}`);

test('eighty ways in alike are one stack, and so is what stands before them', async () => {
  const map = await mapOf('fleet');
  expect(things(map)).toEqual([
    '0 origin: any internet address, 1',
    '1 network: LoadBalancer 54.3.0.0 and 79 others like it, 80',
    '1 workload: fleet-00 and 79 others like it, 80',
    '3 principal: crew, 1',
    '4 account: administrator of cluster fleet, 1',
  ]);
  expect(map.hidden).toBe(0);
  const [issue] = (await inbox.list()).filter(({ title }) => title.includes('CVE-2026-4007'));
  expect(map.nodes[2]).toMatchObject({
    badges: ['publicly_accessible', 'privileged_access', 'exploit_available', 'in_production'],
    findings: { critical: MANY },
    issues: [issue?.id],
    owner: 'deck',
    account: 'fleet',
    environment: 'production',
    link: null,
  });
  const named = new Map(map.nodes.map(({ id, name }) => [id, name.replace(/ and .*/, '')]));
  expect(map.edges.map(({ from, to, rule }) => `${named.get(from)} ${rule} ${named.get(to)}`).sort()).toEqual(
    [
      'LoadBalancer 54.3.0.0 lets-in fleet-00',
      'any internet address passes LoadBalancer 54.3.0.0',
      'any internet address public-endpoint fleet-00',
      'crew cluster-rights administrator of cluster fleet',
      'fleet-00 service-account-token crew',
    ],
  );
});

test('eighty that each lead on by something of their own are drawn as whole ways, as many as there is room for', async () => {
  const map = await mapOf('solo');
  // Where attackers begin, the administrator, and 29 deployments with their accounts; 80 balancers are left out too.
  expect([map.nodes.length, map.hidden]).toEqual([60, 1 + 1 + 3 * MANY - 60]);
  expect(map.nodes.filter(({ count }) => count > 1)).toEqual([]);
  const last = map.nodes.at(-1);
  expect(last?.name).toBe('administrator of cluster solo');
  const leads = new Set(map.edges.map(({ from }) => from));
  expect(map.nodes.filter(({ id }) => id !== last?.id && !leads.has(id))).toEqual([]);
});

test('eighty stores that one account reads are one stack at the end, with what they hold', async () => {
  const map = await mapOf('buoy');
  expect(things(map)).toEqual([
    '0 origin: any internet address, 1',
    '1 network: buoy (IAM policy), 1',
    '1 workload: buoy, 1',
    '3 principal: buoy@tw-lab.iam.gserviceaccount.com, 1',
    '4 datastore: tw-members-00 and 79 others like it, 80',
  ]);
  expect(map.nodes.at(-1)).toMatchObject({
    data: ['pii'],
    account: 'tw-lab',
    environment: 'development',
    link: null,
  });
  expect(map.nodes[2]?.link).toBeNull();
});

test('as text it says the same, stack by stack', async () => {
  const lines = asText(await mapOf('fleet'), PLAIN);
  expect(lines.filter((line) => /^\d/.test(line))).toEqual([
    '0  any internet address (origin)',
    '1  LoadBalancer 54.3.0.0 and 79 others like it (network, 80 alike)',
    '1  fleet-00 and 79 others like it (workload, 80 alike, in fleet, production, publicly accessible, privileged access, exploit available, in production, owner deck, 1 issue)',
    '3  crew (principal, in fleet, production, privileged access, in production, owner deck)',
    '4  administrator of cluster fleet (account, in fleet, production, in production)',
  ]);
  expect(lines).toContain('     findings: 80 critical');
  expect(lines.at(-1)).not.toContain('not drawn');
  expect(asText(await mapOf('solo'), PLAIN).at(-1)).toBe('182 more things not drawn.');
});
