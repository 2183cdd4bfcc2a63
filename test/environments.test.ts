import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { showResources } from '../src/app/show-resources.ts';
import { instantText } from '../src/base/instant.ts';
import { prowlerReport } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { flaws, imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

/** The deployment that runs the image, with these labels; each look is a moment later than the one before. */
function inventory(labels: Readonly<Record<string, string>>, options: Partial<ImportOptions> = {}) {
  inbox.clock.set(inbox.clock.now() + 1_000);
  const item = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart', namespace: 'shop', labels },
    spec: {
      template: {
        metadata: { labels: { app: 'cart' } },
        spec: { containers: [{ name: 'cart', image: 'registry.example.com/cart:1' }] },
      },
    },
  };
  return inbox.importReport(
    {
      apiVersion: 'v1',
      kind: 'DeploymentList',
      metadata: { resourceVersion: instantText(inbox.clock.now()) },
      items: [item],
    },
    { scope: { cluster: 'one' }, ...options },
    'deployments.json',
  );
}

async function production(): Promise<string | undefined> {
  return (await inbox.list())[0]?.riskStates.in_production;
}

beforeEach(async () => {
  await inbox.importReport(
    imageReport({ image: 'registry.example.com/cart:1', vulnerabilities: flaws(1) }),
    {},
    'image.json',
  );
});

test('a tag that is taken away no longer says anything', async () => {
  await inventory({ env: 'production' });
  expect(await production()).toBe('yes');
  await inventory({ env: 'staging' });
  expect(await production()).toBe('no');
  await inventory({ tier: 'web' });
  expect(await production()).toBe('unknown');
});

test('what a person said stands until a person says otherwise', async () => {
  await inventory({ tier: 'web' }, { environment: 'production' });
  expect(await production()).toBe('yes');
  await inventory({ tier: 'web', env: 'staging' });
  expect(await production()).toBe('yes');
  await inventory({ tier: 'web' }, { environment: 'staging' });
  expect(await production()).toBe('no');
});

test('what a person said of one account is no word about the next, and stands for what it was said of', async () => {
  const buckets = (account: string, ...names: readonly string[]) => ({
    fileVersion: '1.0',
    configSnapshotId: `00000000-0000-4000-8000-${account}`,
    configurationItems: names.map((name) => ({
      ARN: `arn:aws:s3:::${name}`,
      awsAccountId: account,
      awsRegion: 'eu-west-1',
      resourceType: 'AWS::S3::Bucket',
      resourceId: name,
      configurationItemStatus: 'OK',
      configuration: { name },
    })),
  });
  const told = async (...names: readonly string[]) => {
    const views = await showResources(inbox.ctx, { ids: names.map((name) => `aws:arn:aws:s3:::${name}`) });
    return views.map((view) => [view?.environment, view?.team, view?.services.join()]);
  };
  const said = { environment: 'production', team: 'shop', services: ['cart'] };
  await inbox.importReport(buckets('111111111111', 'first'), said);
  await inbox.importReport(buckets('222222222222', 'second'));
  await inbox.importReport(buckets('111111111111', 'first', 'third'));
  expect(await told('first', 'second', 'third')).toEqual([
    ['production', 'shop', 'cart'],
    [null, null, ''],
    [null, null, ''],
  ]);
  // A scope that somebody named is one thing.
  const named = { scope: { estate: 'shop' } };
  await inbox.importReport(buckets('333333333333', 'fourth'), { ...said, ...named });
  await inbox.importReport(buckets('333333333333', 'fourth', 'fifth'), named);
  expect(await told('fifth')).toEqual([['production', 'shop', 'cart']]);
});

test('a resource that only a finding names is placed by its name, and an image by none', async () => {
  await inbox.importReport(
    prowlerReport([{ bucket: 'acme-prod-exports' }]),
    { source: 'prowler' },
    'prowler.json',
  );
  await inbox.importReport(
    imageReport({
      image: 'registry.example.com/prod-tools:1',
      vulnerabilities: [{ id: 'CVE-2026-7777', pkg: 'zlib' }],
    }),
    { source: 'ci' },
    'tools.json',
  );
  const states = new Map((await inbox.list()).map((row) => [row.type, row.riskStates.in_production]));
  expect(states.get('misconfiguration')).toBe('yes');
  expect(states.get('infrastructure_vulnerability')).toBe('unknown');
});

test('how an account of AWS and the units above it are called, whichever account told it and in any order', async () => {
  const [shop, management] = ['222222222222', '111111111111'];
  const here = { account: shop, region: 'eu-west-1' };
  const aws = (answer: unknown, name: string, options: Partial<ImportOptions> = { account: management }) => {
    inbox.clock.set(inbox.clock.now() + 1_000);
    return inbox.importReport(answer, options, `${name}.json`);
  };
  const production = async () => {
    const [view] = await showResources(inbox.ctx, { ids: [`aws:arn:aws:sqs:eu-west-1:${shop}:orders`] });
    return [view?.production.state, view?.production.evidence[0]?.sentence];
  };
  const arn = `arn:aws:organizations::${management}`;
  await aws(
    { OrganizationalUnits: [{ Id: 'ou-1-live', Arn: `${arn}:ou/o-1/ou-1-live`, Name: 'Prod workloads' }] },
    'organizations-list-organizational-units-for-parent-r-1',
  );
  await aws({ QueueUrls: [`https://sqs.eu-west-1.amazonaws.com/${shop}/orders`] }, 'sqs-list-queues', here);
  expect(await production()).toEqual(['unknown', undefined]);
  await aws(
    { Accounts: [{ Id: shop, Arn: `${arn}:account/o-1/${shop}`, Name: 'Shop', JoinedMethod: 'CREATED' }] },
    'organizations-list-accounts-for-parent-ou-1-live',
  );
  expect(await production()).toEqual(['yes', 'The organisational unit says "Prod workloads".']);
  await aws({ AccountAliases: ['shop-staging'] }, 'iam-list-account-aliases', here);
  expect(await production()).toEqual(['yes', 'The organisational unit says "Prod workloads".']);
  await aws(
    {
      Tags: [
        { Key: 'team', Value: 'shop' },
        { Key: 'env', Value: 'test' },
      ],
    },
    `organizations-list-tags-for-resource-${shop}`,
  );
  expect(await production()).toEqual([
    'no',
    'The account Shop: tag env says "test"; The organisational unit says "Prod workloads" and was not followed.',
  ]);
});

test('what a person said of the checks of one account is no word about the next, and stands for what it was said of', async () => {
  const checks = (account: string, ...buckets: readonly string[]) =>
    prowlerReport(buckets.map((bucket) => ({ account, bucket, check: `s3_check_${bucket}` })));
  const states = async () => {
    const rows = await inbox.list();
    return Object.fromEntries(
      rows.flatMap((row) =>
        row.title.includes('s3_check')
          ? [[row.title.replace(/.*s3_check_/, ''), row.riskStates.in_production]]
          : [],
      ),
    );
  };
  inbox.clock.set(inbox.clock.now() + 1_000);
  await inbox.importReport(
    checks('111111111111', 'first'),
    { environment: 'production', team: 'shop', services: ['cart'] },
    'one.json',
  );
  inbox.clock.set(inbox.clock.now() + 1_000);
  await inbox.importReport(checks('222222222222', 'second'), {}, 'two.json');
  expect(await states()).toEqual({ first: 'yes', second: 'unknown' });
  inbox.clock.set(inbox.clock.now() + 1_000);
  await inbox.importReport(checks('333333333333', 'third'), { environment: 'staging' }, 'three.json');
  inbox.clock.set(inbox.clock.now() + 1_000);
  await inbox.importReport(checks('111111111111', 'first', 'fourth'), {}, 'one.json');
  expect(await states()).toEqual({ first: 'yes', second: 'unknown', third: 'no', fourth: 'unknown' });
});
