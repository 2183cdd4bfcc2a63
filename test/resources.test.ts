import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { showResources } from '../src/app/show-resources.ts';
import { updateFeed } from '../src/app/update-feed.ts';
import { presentResource } from '../src/contract/from-domain/present-resource.ts';
import { resourceSchema } from '../src/contract/resource.ts';
import { kev } from '../src/feeds/kev/kev.ts';
import { organisationOf } from '../src/store/organisation.ts';
import { kevCatalogue } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { flaws, imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const KEY = 'k8s:one/apps/Deployment/shop/cart';

async function resource(id: string) {
  const [view] = await showResources(inbox.ctx, { ids: [id] });
  const wire = presentResource(id, view ?? null);
  expect(resourceSchema.parse(wire)).toEqual(wire);
  return wire;
}

function cluster() {
  const metadata = { name: 'cart', namespace: 'shop', labels: { env: 'production', team: 'checkout' } };
  const item = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      template: {
        metadata: { labels: { app: 'cart' } },
        spec: { containers: [{ name: 'cart', image: 'registry.example.com/cart:1' }] },
      },
    },
  };
  return inbox.importReport(
    { apiVersion: 'v1', kind: 'DeploymentList', metadata: {}, items: [item] },
    { scope: { cluster: 'one' } },
    'deployments.json',
  );
}

describe('a resource', () => {
  test('shows all five risks, its ways in, whom it runs as, and the issues of the image that it runs', async () => {
    await cluster();
    await inbox.importReport(
      imageReport({ image: 'registry.example.com/cart:1', vulnerabilities: flaws(2) }),
      { source: 'ci' },
    );
    const shown = await resource(KEY);
    const ranked = (await inbox.list({ all: true })).map((row) => row.id);
    expect(shown).toMatchObject({
      id: KEY,
      kind: 'kubernetes',
      environment: 'production',
      owner: 'checkout',
      owners: [{ name: 'checkout', confidence: 0.9, reason: 'tag team' }],
      riskStates: { in_production: 'yes', exploit_available: 'unknown', under_attack: 'unknown' },
      issues: ranked,
    });
    expect(Object.keys(shown.riskStates)).toHaveLength(5);
    expect(shown.evidence['in_production']?.[0]?.sentence).toContain('production');
    expect(shown.missing['under_attack']).not.toEqual([]);
    expect(shown.exposure.length).toBeGreaterThan(0);
  });

  test('says of an exploit of what is in its image that a tag is all that joins them', async () => {
    await cluster();
    await inbox.importReport(
      imageReport({ image: 'registry.example.com/cart:1', vulnerabilities: [{ id: 'CVE-2021-44228' }] }),
      { source: 'ci' },
    );
    const text = JSON.stringify(kevCatalogue(['CVE-2021-44228']));
    async function* open() {
      yield Buffer.from(text);
    }
    await updateFeed(inbox.ctx, { feed: kev, files: [{ name: 'kev.json', open }], origin: 'test' });
    const shown = await resource(KEY);
    expect(shown.riskStates.exploit_available).toBe('yes');
    expect(shown.evidence['exploit_available']?.map(({ sentence }) => sentence)).toContain(
      'Assumed join: image tag registry.example.com/cart:1, no digest.',
    );
  });

  test('has no part in what was found in another tag of the image that it runs', async () => {
    await cluster();
    await inbox.importReport(
      imageReport({ image: 'registry.example.com/cart:2', vulnerabilities: flaws(2) }),
      { source: 'ci' },
    );
    expect(await resource(KEY)).toMatchObject({ riskStates: { exploit_available: 'no' }, issues: [] });
  });

  test('counts in lists and pictures what its own page shows', async () => {
    await cluster();
    for (const [tag, count] of [
      ['1', 2],
      ['2', 5],
    ] as const)
      await inbox.importReport(
        imageReport({ image: `registry.example.com/cart:${tag}`, vulnerabilities: flaws(count) }),
        { source: 'ci' },
      );
    const { issues } = await resource(KEY);
    expect(issues).toHaveLength(2);
    const request = { types: [], risks: [], text: KEY, owner: null, isGone: false, after: null, limit: 10 };
    const { rows } = await inbox.ctx.explorer.resources(request);
    expect(rows.map(({ key, issues }) => [key, issues])).toEqual([[KEY, 2]]);
    const severities = await inbox.ctx.explorer.severities([KEY, 'image:registry.example.com/cart']);
    const total = (key: string) =>
      Object.values(severities.get(key) ?? {}).reduce((sum, count) => sum + count, 0);
    expect([total(KEY), total('image:registry.example.com/cart')]).toEqual([2, 5]);
  });

  test('without a finding has nothing to exploit', async () => {
    await cluster();
    expect(await resource(KEY)).toMatchObject({ riskStates: { exploit_available: 'no' }, issues: [] });
  });

  test('of an id that nobody names has no kind, and answers stand in the order of the ids', async () => {
    await cluster();
    expect(await resource('arn:aws:s3:::nobody')).toMatchObject({ id: 'arn:aws:s3:::nobody', kind: null });
    const views = await showResources(inbox.ctx, { ids: ['x', KEY, 'y'] });
    expect(views.map((view) => view?.key ?? null)).toEqual([null, KEY, null]);
  });

  test('is found by its ARN alone', async () => {
    await inbox.importReport(
      { Buckets: [{ Name: 'acme-exports', CreationDate: '2026-01-01T00:00:00Z' }] },
      { account: '111111111111' },
      's3api-list-buckets.json',
    );
    expect(await resource('arn:aws:s3:::acme-exports')).toMatchObject({
      id: 'aws:arn:aws:s3:::acme-exports',
    });
  });
});

test.each([
  ['arn:aws:ec2:eu-west-1:111111111111:image/ami-0abc', 'aws:arn:aws:ec2:eu-west-1::image/ami-0abc'],
  ['arn:aws:ec2:eu-west-1::image/ami-0abc', 'aws:arn:aws:ec2:eu-west-1::image/ami-0abc'],
  ['arn:AWS:EC2:EU-West-1:111111111111:image/ami-0abc', 'aws:arn:aws:ec2:eu-west-1::image/ami-0abc'],
  ['arn:aws:ec2:eu-west-1:111111111111:snapshot/snap-0abc', 'aws:arn:aws:ec2:eu-west-1::snapshot/snap-0abc'],
  [
    'arn:aws:apigateway:eu-west-1:111111111111:/restapis/a1b2c3',
    'aws:arn:aws:apigateway:eu-west-1::/restapis/a1b2c3',
  ],
])('%s is found as %s', async (arn, key) => {
  const place = { account: '111111111111', region: 'eu-west-1' };
  const answers = [
    { Images: [{ ImageId: 'ami-0abc', OwnerId: '111111111111', Public: false }] },
    { Snapshots: [{ SnapshotId: 'snap-0abc', OwnerId: '111111111111', VolumeId: 'vol-0abc' }] },
    {
      items: [
        { id: 'a1b2c3', name: 'shop', apiKeySource: 'HEADER', endpointConfiguration: { types: ['EDGE'] } },
      ],
    },
  ];
  for (const [index, answer] of answers.entries())
    await inbox.importReport(answer, place, `answer-${index}.json`);
  const shown = await resource(arn);
  expect(shown).toMatchObject({ id: key });
  expect(shown.kind).not.toBeNull();
});

test('around a resource is what lies two steps away, and nothing beyond', async () => {
  const link = (from: string, to: string) =>
    inbox.database.pool.query(
      `insert into relation (shard, kind, from_key, to_key, digest, image_id, reference, source_id, seen_at)
       values ($1, 'part-of', $2, $3, '', '', '', '', now())`,
      [organisationOf(1n).shard, from, to],
    );
  for (const [from, to] of ['ab', 'bc', 'cd', 'zy', 'ya'].map((pair) => [...pair]))
    await link(from as string, to as string);
  const names = async (limit: number) => {
    const { things, hidden } = await inbox.ctx.explorer.surroundings(['a'], limit);
    return [things.map(({ name, column }) => `${name}${column}`).sort(), hidden];
  };
  expect(await names(60)).toEqual([['a0', 'b1', 'c2', 'y-1', 'z-2'], 0]);
  expect(await names(5)).toEqual([['a0', 'b1', 'c2', 'y-1', 'z-2'], 0]);
  expect((await names(4))[1]).toBe(1);
});
