import { afterEach, beforeEach, expect, test } from 'vitest';
import { expectFreshPaths } from './support/fresh-paths.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';

// What is worth an attack, and by what that is known.

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const ACCOUNT = '111111111111';
const PLACE = { account: ACCOUNT, region: 'eu-west-1' };
const allow = (actions: readonly string[], more: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, ...more }],
});

/** A role that everybody may become, with these rights. */
const openRole = (...actions: readonly string[]) => ({
  UserDetailList: [],
  GroupDetailList: [],
  Policies: [],
  RoleDetailList: [
    {
      RoleName: 'open',
      Arn: `arn:aws:iam::${ACCOUNT}:role/open`,
      AssumeRolePolicyDocument: allow(['sts:AssumeRole'], { Principal: { AWS: '*' } }),
      AttachedManagedPolicies: [],
      RolePolicyList: [{ PolicyName: 'own', PolicyDocument: allow(actions, { Resource: '*' }) }],
    },
  ],
});

const vault = (NumberOfRecoveryPoints: number) => ({
  BackupVaultList: [
    {
      BackupVaultName: 'nightly',
      BackupVaultArn: `arn:aws:backup:eu-west-1:${ACCOUNT}:backup-vault:nightly`,
      NumberOfRecoveryPoints,
      Locked: false,
    },
  ],
});
const BUCKETS = { Buckets: [{ Name: 'shop-site', CreationDate: '2026-01-01T00:00:00+00:00' }] };

async function classes(...answers: readonly (readonly [name: string, answer: object])[]) {
  for (const [name, answer] of answers) {
    inbox.clock.set(inbox.clock.now() + 1_000);
    imported(await inbox.importReport(answer, PLACE, name));
  }
  await expectFreshPaths(inbox);
  return (await inbox.ctx.paths.list()).paths.map(({ path }) => path.targetClass);
}

test('backups that a vault holds are wanted, and a vault without any is not', async () => {
  const role = ['iam-get-account-authorization-details.json', openRole('backup:*')] as const;
  expect(await classes(role, ['backup-list-backup-vaults.json', vault(0)])).toEqual([]);
  expect(await classes(['backup-list-backup-vaults.json', vault(12)])).toEqual(['backups']);
});

test('what people load from a bucket is wanted once it serves a site', async () => {
  const role = ['iam-get-account-authorization-details.json', openRole('s3:PutObject')] as const;
  expect(await classes(role, ['s3api-list-buckets.json', BUCKETS])).toEqual([]);
  expect(
    await classes(['s3api-get-bucket-website-shop-site.json', { IndexDocument: { Suffix: 'index.html' } }]),
  ).toEqual(['served-content']);
});

test.each([
  ['data-classification', 'restricted', 'sensitive-data'],
  ['env', 'production', 'production-data'],
])('what lies in a bucket is wanted once its tag %s says %s', async (Key, Value, wanted) => {
  const role = ['iam-get-account-authorization-details.json', openRole('s3:GetObject')] as const;
  expect(await classes(role, ['s3api-list-buckets.json', BUCKETS])).toEqual([]);
  expect(await classes(['s3api-get-bucket-tagging-shop-site.json', { TagSet: [{ Key, Value }] }])).toEqual([
    wanted,
  ]);
});

test('a copy of a database holds what that holds', async () => {
  const database = {
    DBInstances: [
      {
        DBInstanceIdentifier: 'shop',
        DBInstanceArn: `arn:aws:rds:eu-west-1:${ACCOUNT}:db:shop`,
        Engine: 'postgres',
        TagList: [{ Key: 'data-classification', Value: 'restricted' }],
      },
    ],
  };
  const copy = `arn:aws:rds:eu-west-1:${ACCOUNT}:snapshot:nightly`;
  const snapshots = {
    DBSnapshots: [
      {
        DBSnapshotIdentifier: 'nightly',
        DBSnapshotArn: copy,
        DBInstanceIdentifier: 'shop',
        Engine: 'postgres',
      },
    ],
  };
  const role = openRole('rds:ModifyDBSnapshotAttribute');
  expect(
    await classes(
      ['iam-get-account-authorization-details.json', role],
      ['rds-describe-db-instances.json', database],
    ),
  ).toEqual([]);
  expect(await classes(['rds-describe-db-snapshots.json', snapshots])).toEqual(['sensitive-data']);
});
