import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyOwners } from '../src/app/change-owners.ts';
import { mergeSources } from '../src/app/merge-sources.ts';
import { DAY_MS } from '../src/base/instant.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const BUCKET = 'arn:aws:s3:::shop-exports';
const ACCOUNT = { account: '111111111111', region: 'eu-west-1' };
const made = (userName: string, eventTime: string, bucketName = 'shop-exports') => ({
  Records: [
    {
      eventID: `${userName}-${eventTime}`,
      eventTime,
      eventSource: 's3.amazonaws.com',
      eventName: 'CreateBucket',
      awsRegion: 'eu-west-1',
      recipientAccountId: '111111111111',
      userIdentity: { type: 'IAMUser', userName },
      requestParameters: { bucketName },
    },
  ],
});
const inventory = {
  Buckets: [{ Name: 'shop-exports', CreationDate: '2026-05-01T08:00:00+00:00' }],
  Owner: { ID: '1' },
};

async function imported(report: object, name: string, options: object = {}): Promise<void> {
  inbox.clock.set(inbox.clock.now() + 1_000);
  const result = await inbox.importReport(report, options, name);
  if (!('sentences' in result)) throw new Error(JSON.stringify(result));
}

/** Whose the bucket may be, best first; null where nobody told of it. */
async function owners(): Promise<readonly string[] | null> {
  const result = await inbox.database.pool.query<{
    team: string | null;
    owners: readonly { readonly name: string; readonly confidence: number; readonly reason: string }[];
  }>(`select team, attribution -> 'owners' as owners from resource where key = $1`, [`aws:${BUCKET}`]);
  const [row] = result.rows;
  if (row === undefined) return null;
  expect(row.team).toBe(row.owners[0]?.name ?? null);
  return row.owners.map(({ name, confidence, reason }) => `${name} ${confidence} ${reason}`);
}

const MARIA = 'maria 0.4 created it on 2026-05-01 (CreateBucket)';

test('who made a bucket may own it, though its inventory came later', async () => {
  await imported(made('maria', '2026-05-01T08:00:00Z'), 'cloudtrail.json');
  // An audit log is no inventory.
  expect(await owners()).toBeNull();
  await imported(inventory, 's3api-list-buckets.json', ACCOUNT);
  expect(await owners()).toEqual([MARIA]);
});

test('the inventory first; the latest creation counts, in whatever order the log is read', async () => {
  await imported(inventory, 's3api-list-buckets.json', ACCOUNT);
  expect(await owners()).toEqual([]);
  await imported(made('maria', '2026-05-01T08:00:00Z'), 'cloudtrail.json');
  expect(await owners()).toEqual([MARIA]);
  await imported(made('tim', '2026-06-02T08:00:00Z'), 'cloudtrail-2.json');
  const tim = ['tim 0.4 created it on 2026-06-02 (CreateBucket)'];
  expect(await owners()).toEqual(tim);
  await imported(made('lena', '2026-04-01T08:00:00Z'), 'cloudtrail-1.json');
  expect(await owners()).toEqual(tim);
});

test('an organisation may say that creators own nothing', async () => {
  await imported(inventory, 's3api-list-buckets.json', ACCOUNT);
  await imported(made('maria', '2026-05-01T08:00:00Z'), 'cloudtrail.json');
  await applyOwners(inbox.ctx, {
    text: JSON.stringify({ tags: [], exclusions: [{ owner: 'maria', from: 'creator' }] }),
  });
  expect(await owners()).toEqual([]);
});

test('who made what no inventory ever had is forgotten with the rest of the history', async () => {
  await imported(inventory, 's3api-list-buckets.json', ACCOUNT);
  await imported(made('maria', '2026-05-01T08:00:00Z'), 'cloudtrail.json');
  await imported(made('maria', '2026-05-01T08:00:00Z', 'gone-long-ago'), 'cloudtrail-2.json');
  const kept = async () =>
    (await inbox.database.pool.query('select resource_key from resource_creator order by 1')).rows.map(
      ({ resource_key }) => resource_key,
    );
  expect(await kept()).toEqual(['aws:arn:aws:s3:::gone-long-ago', `aws:${BUCKET}`]);
  inbox.clock.set(inbox.clock.now() + 800 * DAY_MS);
  await inbox.ctx.retention.forget();
  expect(await kept()).toEqual([`aws:${BUCKET}`]);
});

test('two sources that both told who made it can be merged', async () => {
  const trail = made('maria', '2026-05-01T08:00:00Z');
  await imported(trail, 'cloudtrail.json', { source: 'laptop' });
  await imported(trail, 'cloudtrail.json', { source: 'nightly' });
  await imported(inventory, 's3api-list-buckets.json', ACCOUNT);
  await mergeSources(inbox.ctx, { id: 'laptop', into: 'nightly' });
  expect(await owners()).toEqual([MARIA]);
});
