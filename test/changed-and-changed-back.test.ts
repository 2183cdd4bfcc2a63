import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actOnIssue } from '../src/app/act-on-issue.ts';
import { cloneRule, removeRule, switchRule } from '../src/app/change-rules.ts';
import { chooseScoring } from '../src/app/choose-scoring.ts';
import { editControl, resetControl } from '../src/app/edit-control.ts';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { listRules } from '../src/app/list-rules.ts';
import { rateAdvisory, unrateAdvisory } from '../src/app/rate-advisory.ts';
import { updateFeed } from '../src/app/update-feed.ts';
import { HOUR_MS } from '../src/base/instant.ts';
import type { JsonValue } from '../src/base/json-value.ts';
import { DEFAULT_RULES } from '../src/domain/inbox/default-rules.ts';
import type { FeedId } from '../src/domain/ports/intelligence-feed.ts';
import { numbers, rearranged, writtenOtherwise } from './support/metamorphic.ts';
import { falcoReport, kevCatalogue } from './support/other-reports.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';

// A mixed estate: two accounts, a cluster, scans of images, a posture scanner, signals and feeds.

const FOLDER = join(import.meta.dirname, 'worlds/demo');
const NOW = Date.UTC(2026, 1, 1, 6);
const CLUSTER: Partial<ImportOptions> = {
  source: 'kubernetes',
  scope: { cluster: 'larkspur-production' },
  environment: 'production',
};
const PRODUCTION = { account: '111122223333', region: 'eu-central-1', environment: 'production' };

const text = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');

const AWS: readonly string[] = [
  'ec2-describe-instances',
  'ec2-describe-network-acls',
  'ec2-describe-route-tables',
  'ec2-describe-security-groups',
  'ec2-describe-subnets',
  'ec2-describe-vpcs',
  'iam-get-account-authorization-details',
  'rds-describe-db-instances',
  's3api-get-bucket-policy-larkspur-exports',
  's3api-list-buckets',
  's3control-get-public-access-block',
].map((name) => `aws/production/${name}.json`);

const REPORTS: readonly (readonly [files: readonly string[], options: Partial<ImportOptions>])[] = [
  [AWS, { ...PRODUCTION, source: 'aws' }],
  [
    ['aws/organisation/iam-get-account-authorization-details.json'],
    { account: '333344445555', source: 'aws organisation' },
  ],
  [
    ['production-workloads', 'production-network', 'production-access'].map(
      (name) => `kubernetes/${name}.json`,
    ),
    CLUSTER,
  ],
  [
    ['image-search', 'image-cart', 'image-storefront'].map((name) => `trivy/${name}.json`),
    { source: 'trivy' },
  ],
  [['grype/image-recommendations.json'], { source: 'grype' }],
  [['prowler/production.ocsf.json'], { ...PRODUCTION, source: 'prowler' }],
  [['falco/production.jsonl'], { source: 'falco', scope: { cluster: 'larkspur-production' } }],
  [['aws/guardduty-get-findings.json'], { ...PRODUCTION, source: 'guardduty' }],
];
const FEEDS: readonly (readonly [FeedId, string])[] = [
  ['nvd', 'feeds/nvd-cves-2.0.json'],
  ['epss', 'feeds/epss_scores-current.csv'],
  ['exploitdb', 'feeds/files_exploits.csv'],
];

let inbox: TestInbox;
beforeAll(async () => {
  inbox = await openTestInbox(NOW);
  for (const [id, file] of FEEDS) await readFeed(id, text(file));
  await readExploited();
  for (const [files, options] of REPORTS)
    for (const file of files) await readReport(file, text(file), options);
});
afterAll(() => inbox.close());

async function readFeed(id: FeedId, content: string): Promise<void> {
  const feed = inbox.ctx.feeds.find((each) => each.id === id);
  if (feed === undefined) throw new Error(`no feed ${id}`);
  const bytes = Buffer.from(content);
  const file = {
    name: id,
    async *open() {
      yield bytes;
    },
  };
  await updateFeed(inbox.ctx, { feed, files: [file], origin: 'test' });
}

async function readReport(file: string, content: string, options: Partial<ImportOptions>): Promise<void> {
  imported(await inbox.importReport(content, options, file.slice(file.lastIndexOf('/') + 1)));
}

/** All that a list, a page of a resource or a map could show, by key. */
async function state(): Promise<ReadonlyMap<string, unknown>> {
  const { pool } = inbox.database;
  const issues = await pool.query<{ id: string }>(
    `select id, key, title, severity, score, risks_yes, risks_unknown, resources, services, impact, rank, is_admitted, admitted_by, held_back_by, is_muted,
       status, team, due_at, assignee, lead, open_findings, service_names, accounts from issue where status <> 'resolved' order by id`,
  );
  const resources = await pool.query<{ key: string }>(
    `select key, type, name, account, region, tags, environment, services, team, production ->> 'state' as production, publicly_accessible ->> 'state' as public,
       privileged_access ->> 'state' as privileged, privilege, gone_at is null as is_there from resource order by key`,
  );
  return new Map<string, unknown>([
    ...issues.rows.map((row): [string, unknown] => [row.id, row]),
    ...resources.rows.map((row): [string, unknown] => [row.key, row]),
  ]);
}

/** They take in nothing of this estate. */
const OF_OTHER_TYPES: readonly string[] = [
  'code_vulnerability',
  'emerging',
  'iac_misconfiguration',
  'secret',
].map((type) => `default.${type}`);
const RULE = DEFAULT_RULES[0] as (typeof DEFAULT_RULES)[number];

const CHANGES: readonly (readonly [string, () => Promise<unknown>, () => Promise<unknown>])[] = [
  [
    'base scores instead of adjusted ones',
    () => chooseScoring(inbox.ctx, { severityBasis: 'base' }),
    () => chooseScoring(inbox.ctx, { severityBasis: 'adjusted' }),
  ],
  [
    'the rating of an advisory',
    async () => rateAdvisory(inbox.ctx, { advisory: await anyAdvisory(), severity: 'critical', reason: 'x' }),
    async () => unrateAdvisory(inbox.ctx, { advisory: await anyAdvisory() }),
  ],
  [
    'a control',
    () =>
      editControl(inbox.ctx, {
        id: 'net.sg.db.postgres',
        request: { severity: 'critical', inbox: false, reason: 'x' },
      }),
    () => resetControl(inbox.ctx, { id: 'net.sg.db.postgres' }),
  ],
  ...DEFAULT_RULES.filter(({ id }) => !OF_OTHER_TYPES.includes(id)).map((rule): (typeof CHANGES)[number] => [
    `the rule ${rule.id}`,
    () => switchRule(inbox.ctx, { id: rule.id, isEnabled: false }),
    () => switchRule(inbox.ctx, { id: rule.id, isEnabled: true }),
  ]),
  [
    'a rule that takes in all of a type',
    () => cloneRule(inbox.ctx, { id: RULE.id, title: 'All', sentence: null, types: null, when: [] }),
    async () => {
      const own = (await listRules(inbox.ctx)).find((rule) => !rule.isDefault);
      await removeRule(inbox.ctx, { id: own?.id ?? '' });
    },
  ],
  ['an exploited advisory', () => readExploited('CVE-2021-3177', 'CVE-2019-25013'), () => readExploited()],
  [
    'a mute and an admission',
    async () => {
      for (const [index, { id }] of (await inbox.list()).slice(0, 40).entries())
        await actOnIssue(inbox.ctx, {
          id,
          action:
            index % 2 === 0
              ? { do: 'mute', reason: 'x', because: 'other', until: null }
              : { do: 'admit', reason: null },
        });
    },
    async () => {
      const { pool } = inbox.database;
      const muted = await pool.query<{ id: string }>(
        `select id from issue where is_muted and key <> 'misconfiguration|kms.public'`,
      );
      for (const { id } of muted.rows) await actOnIssue(inbox.ctx, { id, action: { do: 'unmute' } });
      const admitted = await pool.query<{ id: string }>(
        `select id from issue where 'by-hand' = any(admitted_by)`,
      );
      for (const { id } of admitted.rows) await actOnIssue(inbox.ctx, { id, action: { do: 'unadmit' } });
    },
  ],
];

async function anyAdvisory(): Promise<string> {
  const result = await inbox.database.pool.query<{ advisory: string }>(
    `select min(advisory) as advisory from issue where advisory like 'CVE-%' and status <> 'resolved'`,
  );
  return result.rows[0]?.advisory ?? '';
}

/** The catalogue of exploited flaws, with more than it holds. */
async function readExploited(...more: readonly string[]): Promise<void> {
  const { vulnerabilities } = JSON.parse(text('feeds/known_exploited_vulnerabilities.json')) as {
    vulnerabilities: readonly { cveID: string }[];
  };
  await readFeed(
    'kev',
    JSON.stringify(kevCatalogue([...new Set([...vulnerabilities.map(({ cveID }) => cveID), ...more])])),
  );
}

function differing(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly unknown[] {
  const write = (value: unknown) =>
    JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? String(each) : each));
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((key) => write(before.get(key)) !== write(after.get(key)))
    .map((key) => ({ key, before: before.get(key), after: after.get(key) }));
}

test('read in another order, one by one, they tell the same', async () => {
  const told = await state();
  const first = inbox;
  const random = numbers(11);
  const steps = [
    ...FEEDS.map(
      ([id, file]) =>
        () =>
          readFeed(id, text(file)),
    ),
    () => readExploited(),
    ...REPORTS.flatMap(([files, options]) =>
      files.map((file) => () => readReport(file, text(file), options)),
    ),
  ];
  const order = steps.map((step) => ({ step, at: random() })).sort((a, b) => a.at - b.at);
  inbox = await openTestInbox(NOW);
  try {
    for (const { step } of order) await step();
    expect(differing(told, await state())).toEqual([]);
  } finally {
    await inbox.close();
    inbox = first;
  }
}, 120_000);

test('the same reports again, written otherwise and in another order, change nothing', async () => {
  const before = await state();
  const random = numbers(7);
  for (const [files, options] of REPORTS.toReversed())
    for (const file of files.toReversed()) {
      const content = text(file);
      const again = file.endsWith('.jsonl')
        ? content.split('\n').filter(Boolean).reverse().join('\n')
        : writtenOtherwise(rearranged(JSON.parse(content) as JsonValue, random));
      await readReport(file, again, options);
    }
  for (const [id, file] of FEEDS.toReversed()) await readFeed(id, text(file));
  expect(differing(before, await state())).toEqual([]);
}, 120_000);

test.each(CHANGES)(
  '%s is changed, and changed back: all is as it was',
  async (_, change, back) => {
    const before = await state();
    await change();
    expect(differing(before, await state())).not.toEqual([]);
    await back();
    expect(differing(before, await state())).toEqual([]);
  },
  120_000,
);

test('an account and a cluster beside it change nothing of what was there', async () => {
  const before = await state();
  await readReport(
    'iam-get-account-authorization-details.json',
    text('aws/staging/iam-get-account-authorization-details.json'),
    {
      account: '123456789012',
      source: 'aws staging',
      environment: 'staging',
    },
  );
  await readReport(
    'staging-workloads.json',
    text('kubernetes/staging-workloads.json').replaceAll('registry.larkspur', 'elsewhere.larkspur'),
    {
      source: 'kubernetes',
      scope: { cluster: 'elsewhere' },
      environment: 'staging',
    },
  );
  const after = await state();
  expect(differing(before, new Map([...after].filter(([key]) => before.has(key))))).toEqual([]);
  expect(after.size).toBeGreaterThan(before.size);
}, 120_000);

test('an attack that is seen and an exploit that is known lower no rank', async () => {
  const rank = async () => new Map((await inbox.list()).map((row) => [row.id, row.rank]));
  let before = await rank();
  const expectNoneLower = async (what: string) => {
    const after = await rank();
    const lower = [...before].filter(([id, old]) => (after.get(id) ?? 0n) < old).map(([id]) => id);
    expect(lower, what).toEqual([]);
    before = after;
  };
  const pods = await inbox.database.pool.query<{ key: string }>(
    `select key from resource where key like 'k8s:larkspur-production/apps/Deployment/%' order by key limit 6`,
  );
  for (const { key } of pods.rows) {
    const [namespace = '', name = ''] = key.split('/').slice(-2);
    const report = falcoReport([{ namespace, pod: `${name}-5d8f7c9b4-abcde`, at: NOW - HOUR_MS }]);
    imported(
      await inbox.importReport(
        report,
        { source: 'falco', scope: { cluster: 'larkspur-production' } },
        'falco.json',
      ),
    );
    await expectNoneLower(key);
  }
  const advisories = await inbox.database.pool.query<{ advisory: string }>(
    `select distinct advisory from issue where advisory like 'CVE-%' and status <> 'resolved' order by advisory limit 60`,
  );
  const known: string[] = [];
  for (let from = 0; from < advisories.rows.length; from += 20) {
    known.push(...advisories.rows.slice(from, from + 20).map(({ advisory }) => advisory));
    await readExploited(...known);
    await expectNoneLower(`exploited: ${from}`);
  }
}, 120_000);
