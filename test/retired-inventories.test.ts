import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { mergeSources } from '../src/app/merge-sources.ts';
import { restoreSource } from '../src/app/restore-source.ts';
import { retireSource } from '../src/app/retire-source.ts';
import { showResources } from '../src/app/show-resources.ts';
import { HOUR_MS, instantText } from '../src/base/instant.ts';
import { presentResource } from '../src/contract/from-domain/present-resource.ts';
import { inboxState } from './support/inbox-state.ts';
import { macieReport } from './support/macie-report.ts';
import { openSubjects } from './support/open-findings.ts';
import { ACCOUNT, falcoReport, podsReport, prowlerReport } from './support/other-reports.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { flaws, imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const REGION = 'eu-west-1';
const arnOf = (id: string) => `arn:aws:ec2:${REGION}:${ACCOUNT}:security-group/${id}`;
const POD = 'k8s:0b6b2a5e-0000-4000-8000-000000000001//Pod/shop/cart';
const BUCKETS = { Buckets: [{ Name: 'acme-exports', CreationDate: instantText(0) }] };
const IMAGE = 'registry.example.com/cart:1';

/** Each report is of an hour later than the one before. */
function read(report: unknown, name: string, options: Partial<ImportOptions> = {}) {
  inbox.clock.set(inbox.clock.now() + 2 * HOUR_MS);
  return inbox.importReport(report, options, name).then(imported);
}

/** A complete list of the security groups of a region, by one of several who ask for it. */
const groups = (source: string, ...ids: readonly string[]) =>
  read(
    { SecurityGroups: ids.map((GroupId) => ({ GroupId, GroupName: GroupId, IpPermissions: [] })) },
    'ec2-describe-security-groups.json',
    { account: ACCOUNT, region: REGION, source },
  );

const checks = (...ids: readonly string[]) =>
  read(
    prowlerReport(ids.map((id) => ({ check: 'ec2_securitygroup_not_used', region: REGION, uid: arnOf(id) }))),
    'prowler.json',
  );

const pods = (source: string, more: Partial<ImportOptions> = {}) =>
  read(
    podsReport([{ name: 'cart', image: IMAGE, digest: 'd', labels: { env: 'production', app: 'cart' } }]),
    'pods.json',
    { source, ...more },
  );

async function isThere(id: string): Promise<boolean> {
  const [view] = await showResources(inbox.ctx, { ids: [id] });
  const { kind, goneAt } = presentResource(id, view ?? null);
  return kind !== null && goneAt === null;
}

async function open(): Promise<readonly string[]> {
  const result = await inbox.database.pool.query<{ key: string }>(
    'select resource_key as key from finding where is_open order by 1',
  );
  return result.rows.map(({ key }) => key.replace(/^.*[:/]/, ''));
}

const retire = (id: string, keys = {}) => retireSource(inbox.ctx, { id, keys });
const restore = (id: string, keys = {}) => restoreSource(inbox.ctx, { id, keys });

/** What people see of resources and issues, and what runs where. */
async function state() {
  const resources = await inbox.database.pool.query(
    `select key, type, facts, tags, gone_at, gone_with, environment, services, team, production ->> 'state' as production, publicly_accessible ->> 'state' as public,
       privileged_access ->> 'state' as privileged from resource order by key`,
  );
  const relations = await inbox.database.pool.query(
    'select * from relation order by kind, from_key, to_key, digest',
  );
  const risks = (await inbox.list()).map(({ id, riskStates }) => ({ id, riskStates }));
  return { ...(await inboxState(inbox)), resources: resources.rows, relations: relations.rows, risks };
}

describe('a resource that two inventories list', () => {
  beforeEach(async () => {
    await groups('left', 'sg-a', 'sg-b');
    await groups('right', 'sg-a', 'sg-b');
    await checks('sg-a', 'sg-b');
  });

  test.each([
    ['left', 'right'],
    ['right', 'left'],
  ])('is there until both lack it: %s first', async (first, second) => {
    expect(await groups(first, 'sg-a')).toMatchObject({ closed: 0 });
    expect([await isThere(arnOf('sg-b')), await open()]).toEqual([true, ['sg-a', 'sg-b']]);
    expect(await groups(second, 'sg-a')).toMatchObject({ closed: 1 });
    expect([await isThere(arnOf('sg-b')), await open()]).toEqual([false, ['sg-a']]);
  });

  test.each([
    ['left', 'right'],
    ['right', 'left'],
  ])('is there by the word of one alone when the other is retired: %s', async (retired, staying) => {
    expect(await retire(retired)).toEqual({ scopes: 1, closed: 0 });
    expect(await isThere(arnOf('sg-b'))).toBe(true);
    expect(await groups(staying, 'sg-a')).toMatchObject({ closed: 1 });
    expect([await isThere(arnOf('sg-b')), await open()]).toEqual([false, ['sg-a']]);
    // What was seen to be gone since does not come back with it.
    await restore(retired);
    expect([await isThere(arnOf('sg-b')), await open()]).toEqual([false, ['sg-a']]);
  });

  test('is gone when both are retired, its findings stay and say that nothing is known of it', async () => {
    await retire('left');
    const before = await state();
    await retire('right');
    expect(await isThere(arnOf('sg-a'))).toBe(false);
    expect(await open()).toEqual(['sg-a', 'sg-b']);
    const [issue] = await inbox.list();
    expect(issue?.riskStates).toMatchObject({ publicly_accessible: 'unknown', in_production: 'unknown' });
    expect(await inbox.ctx.sources.inventory(`aws:${ACCOUNT}`)).toEqual([]);
    await restore('right');
    expect(await state()).toEqual(before);
  });

  test('goes with one source into which the other was merged', async () => {
    await mergeSources(inbox.ctx, { id: 'left', into: 'right' });
    expect(await groups('right', 'sg-a')).toMatchObject({ closed: 1 });
    expect(await isThere(arnOf('sg-b'))).toBe(false);
  });

  test('was looked at by the source into which the other was merged, when the later of both looked', async () => {
    const looks = () => inbox.ctx.sources.inventory(`aws:${ACCOUNT}`);
    const [left, right] = await looks();
    expect([left?.sourceId, right?.sourceId]).toEqual(['left', 'right']);
    // The later look is that of the source that goes on, and then that of the one that does not.
    await mergeSources(inbox.ctx, { id: 'left', into: 'right' });
    expect(await looks()).toEqual([right]);
    await groups('third', 'sg-a', 'sg-b');
    const third = (await looks()).find(({ sourceId }) => sourceId === 'third');
    await mergeSources(inbox.ctx, { id: 'third', into: 'right' });
    expect(await looks()).toEqual([{ ...third, sourceId: 'right' }]);
    // And it goes with that source.
    await retire('right');
    expect([await looks(), await isThere(arnOf('sg-a'))]).toEqual([[], false]);
  });
});

describe('what a retired source alone told', () => {
  test('of a cluster is gone with what runs there, and is back with it', async () => {
    await read(imageReport({ image: IMAGE, digest: 'd', vulnerabilities: flaws(1) }), 'image.json');
    const alone = (await inbox.list()).map(({ riskStates, services }) => ({ riskStates, services }));
    await pods('kubectl');
    const before = await state();
    expect((await inbox.list())[0]).toMatchObject({ riskStates: { in_production: 'yes' }, services: 1 });
    expect(await isThere(POD)).toBe(true);
    await retire('kubectl');
    expect((await inbox.list()).map(({ riskStates, services }) => ({ riskStates, services }))).toEqual(alone);
    expect(await isThere(POD)).toBe(false);
    await restore('kubectl');
    expect(await state()).toEqual(before);
    expect(await isThere(POD)).toBe(true);
  });

  test('is told again with its next report, but for what that lacks', async () => {
    const bucket = 'arn:aws:s3:::acme-exports';
    await groups('left', 'sg-a', 'sg-b');
    await read(BUCKETS, 's3api-list-buckets.json', { account: ACCOUNT, source: 'left' });
    const there = () => Promise.all([arnOf('sg-a'), arnOf('sg-b'), bucket].map(isThere));
    await retire('left');
    expect(await there()).toEqual([false, false, false]);
    await groups('left', 'sg-a');
    expect(await there()).toEqual([true, false, true]);
    expect(await inbox.ctx.sources.inventory(`aws:${ACCOUNT}`)).toHaveLength(2);
  });

  test('of one of its clusters goes with that scope alone', async () => {
    const dump = (cluster: string) => ({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: cluster, namespace: 'shop' },
          spec: { template: { spec: { containers: [{ name: 'main', image: IMAGE }] } } },
        },
      ],
    });
    for (const cluster of ['one', 'two'])
      await read(dump(cluster), 'dump.json', { source: 'kubectl', scope: { cluster } });
    const key = (cluster: string) => `k8s:${cluster}/apps/Deployment/shop/${cluster}`;
    const there = async () => [await isThere(key('one')), await isThere(key('two'))];
    expect(await there()).toEqual([true, true]);
    expect(await retire('kubectl', { cluster: 'k8s:one' }).catch(() => null)).toBeNull();
    await retire('kubectl', { cluster: 'one' });
    expect(await there()).toEqual([false, true]);
    await retire('kubectl');
    expect(await there()).toEqual([false, false]);
    await restore('kubectl', { cluster: 'one' });
    expect(await there()).toEqual([true, false]);
    await retire('kubectl');
    // Another scope of the source has not been retired.
    await read(dump('two'), 'dump.json', { source: 'kubectl', scope: { cluster: 'two', by: 'night' } });
    expect(await there()).toEqual([false, true]);
    expect((await inbox.ctx.sources.inventory('k8s:two')).length).toBeGreaterThan(0);
  });

  test('of which images run decides no longer which of them count', async () => {
    const scan = (digest: string, tag: string, from: number) =>
      read(
        imageReport({
          image: `registry.example.com/cart:${tag}`,
          digest,
          at: inbox.clock.now(),
          vulnerabilities: flaws(1, {}, from),
        }),
        'image.json',
      );
    await scan('d', '1', 0);
    await scan('e', '2', 1);
    await pods('kubectl');
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1000']);
    await retire('kubectl');
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1001']);
    await restore('kubectl');
    expect(await openSubjects(inbox)).toEqual(['CVE-2026-1000']);
  });

  test('of one resource says nothing of others any more', async () => {
    const arn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:pay`;
    const place = { account: ACCOUNT, region: REGION };
    await read({ Functions: [{ FunctionName: 'pay', FunctionArn: arn }] }, 'lambda-list-functions.json', {
      ...place,
      source: 'cli',
    });
    const Statement = [{ Effect: 'Allow', Principal: '*', Action: 'lambda:InvokeFunction', Resource: arn }];
    await read(
      { Policy: JSON.stringify({ Version: '2012-10-17', Statement }), RevisionId: 'r' },
      'lambda-get-policy-pay.json',
      { ...place, source: 'policies' },
    );
    const isPublic = async () => {
      const [view] = await showResources(inbox.ctx, { ids: [arn] });
      return view?.publiclyAccessible.state;
    };
    expect(await isPublic()).toBe('yes');
    await retire('policies');
    expect(await isPublic()).toBe('unknown');
    await restore('policies');
    expect(await isPublic()).toBe('yes');
  });

  test('of attacks counts no longer, nor that it looked', async () => {
    await pods('kubectl', { scope: { cluster: 'one' } });
    await read(imageReport({ image: IMAGE, digest: 'd', vulnerabilities: flaws(1) }), 'image.json');
    const attacked = async () => (await inbox.list()).map((row) => row.riskStates.under_attack);
    const scope = { scope: { cluster: 'one' } };
    expect(await attacked()).toEqual(['unknown']);
    const at = inbox.clock.now();
    await read(falcoReport([{ namespace: 'other', pod: 'x', at }]), 'falco.json', {
      ...scope,
      source: 'quiet',
    });
    expect(await attacked()).toEqual(['no']);
    await read(falcoReport([{ namespace: 'shop', pod: 'cart', at }]), 'falco.json', {
      ...scope,
      source: 'loud',
    });
    expect(await attacked()).toEqual(['yes']);
    const before = await state();
    await retire('loud');
    expect(await attacked()).toEqual(['no']);
    await retire('quiet');
    expect(await attacked()).toEqual(['unknown']);
    await restore('loud');
    await restore('quiet');
    expect(await state()).toEqual(before);
    await retire('loud');
    await retire('quiet');
    const elsewhere = falcoReport([{ namespace: 'other', pod: 'y', at }]);
    await read(elsewhere, 'falco.json', { ...scope, source: 'third' });
    expect(await attacked()).toEqual(['no']);
  });

  test('of an attack counts once another source tells of it too', async () => {
    await pods('kubectl', { scope: { cluster: 'one' } });
    await read(imageReport({ image: IMAGE, digest: 'd', vulnerabilities: flaws(1) }), 'image.json');
    const at = inbox.clock.now();
    // Events with an id of their own are the same ones, whoever tells of them.
    const tell = (source: string, ...others: readonly string[]) =>
      read(
        (
          falcoReport([
            { namespace: 'shop', pod: 'cart', at },
            ...others.map((pod) => ({ namespace: 'other', pod, at })),
          ]) as readonly object[]
        ).map((event, index) => ({ ...event, uuid: `event-${index}` })),
        'falco.json',
        { scope: { cluster: 'one' }, source },
      );
    const attacked = async () => (await inbox.list()).map((row) => row.riskStates.under_attack);
    await tell('left');
    await tell('right');
    await retire('left');
    await tell('right', 'x');
    expect(await attacked()).toEqual(['yes']);
    await restore('left');
    expect(await attacked()).toEqual(['yes']);
  });

  test('of data counts no longer', async () => {
    const bucket = 'arn:aws:s3:::acme-exports';
    await read(BUCKETS, 's3api-list-buckets.json', { account: ACCOUNT, source: 'cli' });
    const personal = macieReport(bucket, { accountId: ACCOUNT });
    await read(personal, 'macie.json', { source: 'macie' });
    const data = async () => {
      const [view] = await showResources(inbox.ctx, { ids: [bucket] });
      return presentResource(bucket, view ?? null).data?.class ?? null;
    };
    expect(await data()).toBe('confidential');
    await retire('macie');
    expect([await data(), await isThere(bucket)]).toEqual([null, true]);
    await restore('macie');
    expect(await data()).toBe('confidential');
    await retire('macie');
    await read(personal, 'macie.json', { source: 'macie', confirm: true });
    expect(await data()).toBe('confidential');
    await retire('macie');
    await read(personal, 'macie.json', { source: 'macie', scope: { by: 'night' } });
    expect(await data()).toBe('confidential');
    // Two that both told it are one once they are merged, and it goes with that one.
    await read(personal, 'macie.json', { source: 'laptop' });
    await mergeSources(inbox.ctx, { id: 'laptop', into: 'macie' });
    expect(await data()).toBe('confidential');
    await retire('macie');
    expect(await data()).toBe(null);
  });
});

test('findings close when the last source that shows them is retired, and their suppression stays', async () => {
  const report = imageReport({ image: IMAGE, digest: 'd', vulnerabilities: flaws(2) });
  await read(report, 'image.json', { source: 'left' });
  await read(report, 'image.json', { source: 'right' });
  expect(await retire('left')).toMatchObject({ closed: 0 });
  expect(await openSubjects(inbox)).toHaveLength(2);
  expect(await retire('right')).toMatchObject({ closed: 2 });
  expect(await openSubjects(inbox)).toEqual([]);
  await restore('left');
  expect(await openSubjects(inbox)).toHaveLength(2);
});
