import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptOwner, applyOwners, listOwners, withdrawOwner } from '../src/app/change-owners.ts';
import { explainIssue } from '../src/app/explain-issue.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeAll(async () => {
  inbox = await openTestInbox();
});
afterAll(() => inbox.close());

const SHOP = { scope: { repository: 'github.com/acme/shop' } };
const FLAW = {
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'Semgrep OSS', rules: [] } },
      results: [
        {
          ruleId: 'javascript.security.eval',
          level: 'error',
          message: { text: 'A flaw' },
          locations: [
            { physicalLocation: { artifactLocation: { uri: 'cart/pay.js' }, region: { startLine: 3 } } },
          ],
        },
      ],
    },
  ],
};
const deployment = (name: string, labels: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'shop', labels },
  spec: {
    replicas: 1,
    selector: {},
    template: { metadata: {}, spec: { containers: [{ name: 'c', image: 'a/b:1' }] } },
  },
});
const LOG = [1, 2, 3]
  .map(
    (number) =>
      `commit ${'0'.repeat(39)}${number}\nAuthor: Maria <maria@acme.example>\nDate:   2026-09-0${number}T10:00:00Z\n\n    Mend\n\ncart/pay.js\n`,
  )
  .join('\n');

async function imported(text: unknown, options: object, name: string): Promise<void> {
  inbox.clock.set(inbox.clock.now() + 1_000);
  const result = await inbox.importReport(text, options, name);
  if (!('sentences' in result)) throw new Error(JSON.stringify(result));
}

async function owners(): Promise<readonly string[]> {
  const [row] = (await inbox.list({ all: true })).filter(({ type }) => type === 'code_vulnerability');
  const { why } = await explainIssue(inbox.ctx, { id: row?.id ?? '' });
  expect(row?.team).toBe(why?.owners[0]?.name ?? null);
  return (why?.owners ?? []).map(({ name, confidence }) => `${name} ${confidence}`);
}

const team = async (name: string) => {
  const result = await inbox.database.pool.query<{ team: string | null; key: string }>(
    'select key, team from resource where name = $1 and type = $2',
    [name, 'workload'],
  );
  return result.rows[0] ?? { key: '', team: null };
};

test('who keeps changing a file owns it, behind CODEOWNERS and before nobody', async () => {
  await imported(FLAW, SHOP, 'semgrep.sarif');
  expect(await owners()).toEqual([]);
  await imported(LOG, SHOP, 'git-log.txt');
  expect(await owners()).toEqual(['maria@acme.example 0.5']);
  await imported('* @acme/everyone\n', SHOP, 'CODEOWNERS');
  expect(await owners()).toEqual(['@acme/everyone 0.7', 'maria@acme.example 0.5']);
});

test('what the organisation says of names and tags counts at once, rows that are wrong are told, and taking it back takes it back', async () => {
  const cluster = {
    apiVersion: 'v1',
    kind: 'List',
    metadata: { resourceVersion: '' },
    items: [
      deployment('cart', { 'cost-center': 'cc-4211' }),
      deployment('pay', { team: 'payments', 'cost-center': 'cc-4211' }),
      deployment('lab', {}),
    ],
  };
  await imported(cluster, { scope: { cluster: 'prod' } }, 'all.json');
  const teams = async () => Promise.all(['cart', 'pay', 'lab'].map(async (name) => (await team(name)).team));
  expect(await teams()).toEqual(['cc-4211', 'payments', null]);
  const text = `
tags:
  - { tag: cost-center, value: "cc-42*", owner: checkout, note: budget }
  - { tag: cost-center, value: 7 }
exclusions:
  - { owner: "@acme/everyone", from: code-owners }
  - { owner: nobody, from: elsewhere }
`;
  const { faults } = await applyOwners(inbox.ctx, { text });
  expect(faults.map(({ at }) => at)).toEqual(['tags[1]', 'exclusions[1]']);
  expect(await teams()).toEqual(['checkout', 'payments', null]);
  expect(await owners()).toEqual(['maria@acme.example 0.5']);
  expect(await listOwners(inbox.ctx)).toEqual({
    tags: [{ tag: 'cost-center', value: 'cc-42*', owner: 'checkout', note: 'budget' }],
    exclusions: [{ owner: '@acme/everyone', from: 'code-owners', note: null }],
    accepted: [],
  });
  await applyOwners(inbox.ctx, { text: '{"tags":[],"exclusions":[]}' });
  expect(await teams()).toEqual(['cc-4211', 'payments', null]);
  expect((await owners())[0]).toBe('@acme/everyone 0.7');
});

test('whom a person accepts is the owner, through imports, until it is withdrawn', async () => {
  const { key } = await team('pay');
  expect(await acceptOwner(inbox.ctx, { resource: key, owner: ' treasury ' })).toEqual({
    resource: key,
    owner: 'treasury',
  });
  expect((await team('pay')).team).toBe('treasury');
  await imported(
    {
      apiVersion: 'v1',
      kind: 'List',
      metadata: { resourceVersion: '' },
      items: [deployment('pay', { team: 'other' })],
    },
    { scope: { cluster: 'prod' }, team: 'import-team', confirm: true },
    'again.json',
  );
  expect((await team('pay')).team).toBe('treasury');
  await withdrawOwner(inbox.ctx, { resource: key });
  expect((await team('pay')).team).toBe('import-team');
  await expect(withdrawOwner(inbox.ctx, { resource: key })).rejects.toMatchObject({ code: 'not_found' });
  await expect(acceptOwner(inbox.ctx, { resource: 'k8s:no/such', owner: 'x' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

test('what Terraform describes in a repository belongs to the owners of that folder, whichever was read first', async () => {
  const state = (name: string) => ({
    format_version: '1.0',
    terraform_version: '1.9.0',
    values: {
      root_module: {
        resources: [
          {
            address: `aws_s3_bucket.${name}`,
            mode: 'managed',
            type: 'aws_s3_bucket',
            name,
            values: { arn: `arn:aws:s3:::acme-${name}`, bucket: `acme-${name}` },
          },
        ],
      },
    },
  });
  const infra = { scope: { repository: 'github.com/acme/infra' } };
  const placed = async () => {
    const result = await inbox.database.pool.query<{
      name: string;
      team: string;
      environment: string;
      reason: string;
    }>(
      `select name, team, environment, attribution #>> '{owners,0,reason}' as reason from resource where type = 's3-bucket' order by name`,
    );
    return result.rows;
  };
  await imported(state('exports'), infra, 'envs/prod/data.json');
  await imported('*.tf @acme/everyone\n/envs/prod/ @acme/platform\n', infra, 'CODEOWNERS');
  await imported(state('trials'), infra, 'envs/dev/lab.json');
  expect(await placed()).toEqual([
    {
      name: 'acme-exports',
      team: '@acme/platform',
      environment: 'production',
      reason: 'CODEOWNERS line 2: /envs/prod/ (Terraform describes it in envs/prod/data)',
    },
    {
      name: 'acme-trials',
      team: '@acme/everyone',
      environment: 'development',
      reason: 'CODEOWNERS line 1: *.tf (Terraform describes it in envs/dev/lab)',
    },
  ]);
});

test('a workload is a part of the service whose repository its image was built from, and what leads to it too, in either order', async () => {
  const labels = { 'org.opencontainers.image.source': 'https://github.com/acme/search' };
  const image = {
    SchemaVersion: 2,
    ArtifactName: 'registry.example.com/search:1',
    ArtifactType: 'container_image',
    Metadata: {
      RepoTags: ['registry.example.com/search:1'],
      RepoDigests: [`registry.example.com/search@sha256:${'a'.repeat(64)}`],
      ImageConfig: { config: { Labels: labels } },
    },
    Results: [],
  };
  const workload = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'finder', namespace: 'shop' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { run: 'finder' } },
      template: {
        metadata: { labels: { run: 'finder' } },
        spec: { containers: [{ name: 'c', image: 'registry.example.com/search:1' }] },
      },
    },
  };
  const front = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'finder', namespace: 'shop' },
    spec: { selector: { run: 'finder' }, ports: [{ port: 80 }] },
  };
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'find', namespace: 'shop' },
    spec: {
      rules: [
        {
          host: 'find.example.com',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'finder', port: { number: 80 } } },
              },
            ],
          },
        },
      ],
    },
  };
  const services = async () => {
    const result = await inbox.database.pool.query<{
      name: string;
      services: readonly string[];
      reason: string;
    }>(
      `select type || ' ' || name as name, services, attribution #>> '{services,reason}' as reason from resource where estate = 'k8s:search' and name like 'find%' order by type`,
    );
    return result.rows.map(({ name, services: of, reason }) => [name, ...of, reason]);
  };
  const cluster = {
    apiVersion: 'v1',
    kind: 'List',
    metadata: { resourceVersion: '' },
    items: [workload, front, ingress],
  };
  await imported(cluster, { scope: { cluster: 'search' } }, 'search.json');
  expect(await services()).toEqual([
    ['ingress find', null],
    ['service finder', null],
    ['workload finder', null],
  ]);
  await imported(
    'schema-version: v2.2\ndd-service: search-api\nteam: finders\nrepos:\n  - url: https://github.com/acme/search\n',
    { source: 'catalogue' },
    'service.datadog.yaml',
  );
  await imported(image, { source: 'ci' }, 'image.json');
  expect(await services()).toEqual([
    ['ingress find', 'search-api', 'what it leads to'],
    ['service finder', 'search-api', 'what it leads to'],
    ['workload finder', 'search-api', 'the repository that its image was built from'],
  ]);
});
