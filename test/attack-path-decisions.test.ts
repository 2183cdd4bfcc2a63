import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addPerson } from '../src/app/add-person.ts';
import { commentOnIssue } from '../src/app/comment-on-issue.ts';
import { DAY_MS, HOUR_MS, instantText } from '../src/base/instant.ts';
import { presentHistory } from '../src/contract/from-domain/present-history.ts';
import type { AttackPath } from '../src/domain/attackpath/attack-path.ts';
import { identityOfPath } from '../src/domain/attackpath/path-finding.ts';
import { macieReport } from './support/macie-report.ts';
import { ACCOUNT } from './support/other-reports.ts';
import { SHOP_CLUSTER, scanOfImage, shopCluster } from './support/shop-cluster.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { act, muteIssue } from './support/triage.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
  await addPerson(inbox.ctx, { name: 'anna', role: 'triage' });
});
afterEach(() => inbox.close());

const BUCKET = 'arn:aws:s3:::acme-exports';
const DUE = START + 90 * DAY_MS;

function read(report: unknown, name: string, options: object = {}) {
  inbox.clock.set(inbox.clock.now() + 2 * HOUR_MS);
  return inbox.importReport(report, options, name).then(imported);
}

const CLI = { account: ACCOUNT, source: 'cli' };

/** A bucket of production that anybody may read. */
async function publicBucket(): Promise<void> {
  const block = (isOn: boolean) => ({
    BlockPublicAcls: isOn,
    IgnorePublicAcls: isOn,
    BlockPublicPolicy: false,
    RestrictPublicBuckets: false,
  });
  await read({ PublicAccessBlockConfiguration: block(true) }, 's3control-get-public-access-block.json', CLI);
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `${BUCKET}/*` }];
  const item = {
    version: '1.3',
    configurationItemCaptureTime: instantText(inbox.clock.now()),
    configurationItemStatus: 'OK',
    awsAccountId: ACCOUNT,
    awsRegion: 'eu-west-1',
    resourceType: 'AWS::S3::Bucket',
    resourceId: 'acme-exports',
    resourceName: 'acme-exports',
    ARN: BUCKET,
    tags: { env: 'production' },
    configuration: { name: 'acme-exports' },
    supplementaryConfiguration: {
      BucketPolicy: { policyText: JSON.stringify({ Version: '2012-10-17', Statement }) },
      PublicAccessBlockConfiguration: {
        blockPublicAcls: false,
        ignorePublicAcls: false,
        blockPublicPolicy: false,
        restrictPublicBuckets: false,
      },
    },
  };
  await read({ fileVersion: '1.0', configSnapshotId: 'x', configurationItems: [item] }, 'config.json', {});
}

/** What Macie says of it, or that it says so no longer. */
const macie = (isSensitive: boolean) =>
  read(macieReport(BUCKET, { accountId: ACCOUNT, archived: !isSensitive }), 'macie.json', {
    source: 'macie',
  });

interface Shown {
  readonly id: string;
  readonly shape: string;
  readonly muted: boolean;
  readonly assignee: string | null;
  readonly team: string | null;
  readonly due: number | null;
  readonly status: string;
}

/** The attack paths that are open. */
async function paths(): Promise<readonly Shown[]> {
  const result = await inbox.database.pool.query<Shown>(
    `select issue.id, finding.tool_check as shape, issue.is_muted as muted, issue.assignee, issue.team, extract(epoch from issue.due_at)::bigint * 1000 as due, issue.status
     from issue join finding on finding.shard = issue.shard and finding.issue_id = issue.id and finding.is_open where issue.type = 'attack_path' order by shape`,
  );
  return result.rows.map((row) => ({
    ...row,
    shape: row.shape.replace('security-inbox:', ''),
    due: row.due === null ? null : Number(row.due),
  }));
}

async function only(): Promise<Shown> {
  const [path, ...others] = await paths();
  if (path === undefined || others.length > 0) throw new Error(`${others.length + 1} paths`);
  return path;
}

/** What somebody decides about a path, but for what hides it. */
async function plan(id: string): Promise<void> {
  await act(inbox.ctx, id, { do: 'assign', assignee: 'anna' });
  await act(inbox.ctx, id, { do: 'due', due: DUE });
}

/** What its history says, the newest first. */
const historyOf = async (id: string): Promise<readonly string[]> =>
  presentHistory((await inbox.ctx.inbox.history(id)) ?? []).items.map(({ sentence }) => sentence);

describe('a path whose kind of target is another one by what is known of it', () => {
  beforeEach(publicBucket);

  test('keeps who does what by when, and is not hidden by what hid it when it was less bad', async () => {
    const before = await only();
    expect(before.shape).toBe('public-production-data');
    await plan(before.id);
    await muteIssue(inbox.ctx, { id: before.id, reason: 'samples', until: null });
    await macie(true);
    const after = await only();
    expect(after).toMatchObject({ shape: 'public-sensitive-data', muted: false, assignee: 'anna', due: DUE });
    expect(await historyOf(after.id)).toContainEqual(
      `took over what was decided about a path that was here before: ${before.id}`,
    );
    // What was decided about it before holds when it is that again.
    await macie(false);
    expect(await only()).toMatchObject({ ...before, muted: true, assignee: 'anna', due: DUE });
  });

  test('stays muted where it is less bad', async () => {
    await macie(true);
    const before = await only();
    await muteIssue(inbox.ctx, { id: before.id, reason: 'samples', until: null });
    await macie(false);
    expect(await only()).toMatchObject({ shape: 'public-production-data', muted: true });
  });

  test('has nothing of a path to the same data over another pivot', async () => {
    const before = await only();
    await plan(before.id);
    await inbox.database.pool.query(
      `update attack_path set body = jsonb_set(body, '{pivot,key}', '"arn:aws:s3:::other"')`,
    );
    await macie(true);
    expect(await only()).toMatchObject({ shape: 'public-sensitive-data', assignee: null, due: null });
    expect(await historyOf((await only()).id)).not.toContainEqual(expect.stringContaining('took over'));
  });
});

const IMAGE = 'registry.example.com/shop:1.0';
const shop = () => read(shopCluster({ image: IMAGE, isOpen: true }), 'cluster.json', SHOP_CLUSTER);
const scan = (...ids: readonly string[]) =>
  read(scanOfImage(IMAGE, inbox.clock.now() + 2 * HOUR_MS, ids), 'image.json', { source: 'trivy' });

test('a path under the name that an older program gave its shape goes on under the new one', async () => {
  await scan('CVE-2026-0001');
  await shop();
  const path = await only();
  await plan(path.id);
  await muteIssue(inbox.ctx, { id: path.id, reason: 'accepted', until: null });
  await act(inbox.ctx, path.id, { do: 'team', team: 'platform' });
  await commentOnIssue(inbox.ctx, { id: path.id, text: 'talked to the team' });
  const [stored] = (
    await inbox.database.pool.query<{ fingerprint: string; body: AttackPath }>(
      'select fingerprint, body from attack_path',
    )
  ).rows;
  if (stored === undefined) throw new Error('no path');
  // As the older program had stored it.
  const old = identityOfPath({ ...stored.body, shape: 'pod-to-admin' });
  for (const table of ['finding', 'sighting', 'attack_path', 'decision'])
    await inbox.database.pool.query(`update ${table} set fingerprint = $1 where fingerprint = $2`, [
      old.fingerprint,
      stored.fingerprint,
    ]);
  await inbox.database.pool.query(
    'update finding set issue_id = $2, issue_key = $3, tool_check = $4 where fingerprint = $1',
    [old.fingerprint, old.issueId, old.issueKey, old.toolCheck],
  );
  await scan('CVE-2026-0001', 'CVE-2026-0002');
  expect(
    (
      await inbox.database.pool.query(
        'select fingerprint, is_open from finding where type = $1 order by is_open',
        ['attack_path'],
      )
    ).rows,
  ).toEqual([
    { fingerprint: old.fingerprint, is_open: false },
    { fingerprint: stored.fingerprint, is_open: true },
  ]);
  const after = await only();
  expect(after).toMatchObject({ ...path, muted: true, assignee: 'anna', team: 'platform', due: DUE });
});

test('a path that is gone and back has what was decided about it, a day or a month later', async () => {
  await scan('CVE-2026-0001');
  await shop();
  const path = await only();
  await plan(path.id);
  await muteIssue(inbox.ctx, { id: path.id, reason: 'accepted', until: null });
  await commentOnIssue(inbox.ctx, { id: path.id, text: 'talked to the team' });
  for (const days of [1, 31]) {
    await scan();
    expect(await paths()).toEqual([]);
    inbox.clock.set(inbox.clock.now() + days * DAY_MS);
    await inbox.ctx.retention.forget();
    await scan('CVE-2026-0001');
    expect(await only()).toMatchObject({ id: path.id, muted: true, assignee: 'anna', due: DUE });
    expect(await historyOf(path.id)).toContain('said');
  }
});

describe('two paths that become one', () => {
  /** What was decided about each of two, by kind. */
  async function united(
    ...sides: readonly Readonly<Record<string, { readonly value: object; readonly days: number }>>[]
  ): Promise<Shown> {
    const { pool } = inbox.database;
    await scan('CVE-2026-0001');
    await shop();
    const [stored] = (
      await pool.query<{ fingerprint: string; body: AttackPath }>('select fingerprint, body from attack_path')
    ).rows;
    if (stored === undefined) throw new Error('no path');
    // As an older program had stored them, which told two shapes apart.
    for (const [index, words] of sides.entries()) {
      const old = identityOfPath({ ...stored.body, shape: `older-${index}` });
      const named = JSON.stringify({
        fingerprint: old.fingerprint,
        issue_id: old.issueId,
        issue_key: old.issueKey,
        tool_check: old.toolCheck,
      });
      for (const table of ['finding', 'sighting', 'attack_path']) {
        const { rows } = await pool.query<{ names: string }>(
          `select string_agg(column_name, ', ') as names from information_schema.columns where table_name = $1 and is_generated = 'NEVER'`,
          [table],
        );
        const names = rows[0]?.names;
        await pool.query(
          `insert into ${table} (${names}) select ${names} from (select (jsonb_populate_record(${table}, $1)).* from ${table} where fingerprint = $2) as copy`,
          [named, stored.fingerprint],
        );
      }
      for (const [kind, { value, days }] of Object.entries(words))
        await pool.query(
          `insert into decision (shard, fingerprint, kind, value, actor, at) select shard, $1, $2, $3, 'anna', $4 from finding where fingerprint = $1`,
          [old.fingerprint, kind, JSON.stringify(value), new Date(START + days * DAY_MS)],
        );
    }
    for (const table of ['finding', 'sighting', 'attack_path'])
      await pool.query(`delete from ${table} where fingerprint = $1`, [stored.fingerprint]);
    await scan('CVE-2026-0001', 'CVE-2026-0002');
    return only();
  }
  const muted = { value: { isMuted: true, reason: 'accepted', until: null }, days: 0 };
  const due = (days: number) => ({ value: { at: START + days * DAY_MS }, days: 0 });
  const assigned = (assignee: string, days: number) => ({ value: { assignee }, days });

  test('it is muted where both were, due when the first of them was, and of whom the newest word says', async () => {
    const left = { mute: muted, due: due(40), assign: assigned('anna', 0) };
    const right = { mute: muted, due: due(30), assign: assigned('tester', -1) };
    expect(await united(left, right)).toMatchObject({
      muted: true,
      due: START + 30 * DAY_MS,
      assignee: 'anna',
    });
  });

  test('it is in sight where one of them was', async () => {
    expect(await united({ mute: muted, due: due(40) }, {})).toMatchObject({
      muted: false,
      due: START + 40 * DAY_MS,
    });
  });
});
