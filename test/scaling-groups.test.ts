import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainIssue } from '../src/app/explain-issue.ts';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { listResources } from '../src/app/list-resources.ts';
import { showResources } from '../src/app/show-resources.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { importOnDay, on } from './support/days.ts';
import { inboxState } from './support/inbox-state.ts';
import { openFindings } from './support/open-findings.ts';
import { ACCOUNT, prowlerReport } from './support/other-reports.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { muteIssue } from './support/triage.ts';

const REGION = 'eu-west-1';
const CHECK = 'ec2_instance_imdsv2_enabled';
const GROUP = `aws:arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup::autoScalingGroupName/web`;
const arn = (id: string) => `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/${id}`;
const one = 'i-0aaaaaaaaaaaaaa01';
const two = 'i-0aaaaaaaaaaaaaa02';
const pet = 'i-0bbbbbbbbbbbbbb01';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox(on(0));
});
afterEach(() => inbox.close());

const HERE: Partial<ImportOptions> = { account: ACCOUNT, region: REGION };

interface Machine {
  readonly id: string;
  readonly group?: string | null;
  readonly region?: string;
  readonly account?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** `aws ec2 describe-instances`; unless said otherwise of the group `web`. */
function instances(...machines: readonly (string | Machine)[]) {
  const Reservations = machines.map((each) => {
    const machine: Machine = typeof each === 'string' ? { id: each } : each;
    const { id, group = 'web', tags = {}, region = REGION, account = ACCOUNT } = machine;
    const made = group === null ? {} : { 'aws:autoscaling:groupName': group };
    const instance = {
      InstanceId: id,
      State: { Name: 'running' },
      Placement: { AvailabilityZone: `${region}a` },
      Tags: Object.entries({ ...tags, ...made }).map(([Key, Value]) => ({ Key, Value })),
    };
    return { OwnerId: account, Instances: [instance] };
  });
  return { Reservations };
}

/** `aws autoscaling describe-auto-scaling-groups`. */
function groups(...members: readonly string[]) {
  return {
    AutoScalingGroups: [
      {
        AutoScalingGroupName: 'web',
        AutoScalingGroupARN: `arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup:0b6b2a5e-0000-4000-8000-000000000001:autoScalingGroupName/web`,
        AvailabilityZones: [`${REGION}a`],
        Instances: members.map((InstanceId) => ({ InstanceId, LifecycleState: 'InService' })),
      },
    ],
  };
}

/** A posture scan that finds a flaw with each of these instances. */
function nightly(...ids: readonly string[]) {
  return prowlerReport([
    ...ids.map((id) => ({ check: CHECK, uid: arn(id) })),
    { check: CHECK, uid: arn('i-0cccccccccccccc01'), status: 'PASS' },
  ]);
}

const take = (day: number, report: unknown, options: Partial<ImportOptions> = {}) =>
  importOnDay(inbox, day, report, { ...HERE, ...options });

async function onlyFinding() {
  const result = await inbox.database.pool.query(
    'select resource_key, is_open, first_seen, closed_why from finding order by is_open desc, resource_key',
  );
  return result.rows;
}

async function issues() {
  return (await inbox.database.pool.query('select id, is_muted, impact::text, risk_count from issue')).rows;
}

/** Whether the only issue is in production. */
async function production() {
  const { why } = await explainIssue(inbox.ctx, { id: (await issues())[0].id });
  return why?.risks.find(({ risk }) => risk === 'in_production')?.state;
}

describe('an instance that is replaced each night', () => {
  test('is its group, where the inventory tells: one finding, with its decisions and its first day', async () => {
    await take(0, instances(one));
    expect(await take(0, nightly(one))).toMatchObject({ created: 1 });
    const [issue] = await inbox.list();
    await muteIssue(inbox.ctx, { id: issue?.id ?? '', reason: 'behind a proxy', until: null });
    for (let day = 1; day < 5; day++) {
      const id = `i-0aaaaaaaaaaaaaa1${day}`;
      await take(day, instances(id));
      expect(await take(day, nightly(id))).toMatchObject({ created: 0, changed: 1, regressed: 0, closed: 0 });
      expect(await onlyFinding()).toEqual([
        { resource_key: GROUP, is_open: true, first_seen: on(0), closed_why: null },
      ]);
      expect(await issues()).toMatchObject([{ id: issue?.id, is_muted: true, impact: '1' }]);
    }
  });

  test('is listed with what was found on its group', async () => {
    await take(0, instances(one));
    await take(0, nightly(one));
    const { rows } = await listResources(inbox.ctx, {
      types: ['ec2-instance', 'auto-scaling-group'],
      risks: [],
      owner: null,
      text: null,
      isGone: false,
      after: null,
      limit: 10,
    });
    expect(rows.map(({ key, issues: on }) => [key, on])).toEqual([
      [GROUP, 1],
      [`aws:${arn(one)}`, 1],
    ]);
  });

  test('the report first, the inventory after it: the new machine joins the group, and the mute holds for it', async () => {
    await take(0, nightly(one));
    await take(0, groups(one));
    const [issue] = await inbox.list();
    await muteIssue(inbox.ctx, { id: issue?.id ?? '', reason: 'behind a proxy', until: null });
    await take(1, nightly(two));
    expect((await onlyFinding()).map((row) => row.resource_key)).toEqual([`aws:${arn(two)}`, GROUP]);
    await take(1, groups(two));
    expect(await onlyFinding()).toEqual([
      { resource_key: GROUP, is_open: true, first_seen: on(0), closed_why: null },
    ]);
    expect(await issues()).toMatchObject([{ id: issue?.id, is_muted: true }]);
  });

  test('of machines that become one group it is muted only if all were, where nothing was said of the group', async () => {
    await take(0, nightly(one, two));
    const [issue] = await inbox.list();
    await inbox.database.pool.query(
      `insert into decision (shard, fingerprint, kind, value, actor, at) select shard, fingerprint, 'mute', '{"isMuted": true, "reason": "one", "until": null}', 'tester', now() from finding where resource_key = $1`,
      [`aws:${arn(one)}`],
    );
    await take(1, instances(one, two));
    expect(await inbox.list()).toMatchObject([{ id: issue?.id, isMuted: false }]);
  });

  test('is no regression, and not named as one beside what is', async () => {
    const bucket = (status: 'FAIL' | 'PASS') => ({ bucket: 'photos', status });
    await take(0, instances(one));
    await take(0, prowlerReport([{ check: CHECK, uid: arn(one) }, bucket('FAIL')]));
    await take(1, prowlerReport([{ check: CHECK, uid: arn(one) }, bucket('PASS')]));
    await take(2, instances(two));
    const night = await take(2, prowlerReport([{ check: CHECK, uid: arn(two) }, bucket('FAIL')]));
    expect(night).toMatchObject({ created: 0, changed: 1, regressed: 1 });
    expect(night.sentences[0]).toMatch(/^1 changed, 1 regressed\. Regressed: [^;]+$/);
  });

  test('without an inventory it is a new finding, and so is a machine of no group', async () => {
    await take(0, nightly(one));
    expect(await take(1, nightly(two))).toMatchObject({ created: 1, closed: 1 });
    await take(2, instances({ id: pet, group: null }));
    await take(2, nightly(pet));
    expect(await openFindings(inbox)).toHaveLength(1);
    expect((await onlyFinding())[0].resource_key).toBe(`aws:${arn(pet)}`);
  });

  test('a group of the same name in another region or account is another one', async () => {
    const machines = [
      { id: one, region: REGION, account: ACCOUNT },
      { id: two, region: 'eu-central-1', account: ACCOUNT },
      { id: pet, region: REGION, account: '222222222222' },
    ];
    for (const { region, account, ...machine } of machines)
      await take(0, instances({ ...machine, region, account }), { region, account });
    const results = machines.map(({ id, region, account }) => ({
      check: CHECK,
      region,
      account,
      uid: `arn:aws:ec2:${region}:${account}:instance/${id}`,
    }));
    await take(0, prowlerReport(results));
    const groupOf = ({ region, account }: (typeof machines)[number]) =>
      GROUP.replace(REGION, region).replace(ACCOUNT, account);
    expect((await onlyFinding()).map((row) => row.resource_key).sort()).toEqual(machines.map(groupOf).sort());
  });
});

describe('the machines of a group', () => {
  test('count as one resource, with the risks of the worst of them and never a union', async () => {
    await take(0, instances({ id: one, tags: { env: 'production' } }, { id: two, tags: { env: 'staging' } }));
    await take(0, nightly(one, two));
    expect(await issues()).toMatchObject([{ impact: '1', risk_count: 1 }]);
    expect(await production()).toBe('yes');
    await take(1, instances({ id: one, tags: { env: 'staging' } }, { id: two, tags: { env: 'staging' } }));
    expect(await issues()).toMatchObject([{ impact: '1', risk_count: 0 }]);
    expect(await production()).toBe('no');
  });

  test('one that is terminated takes its sightings with it, and the finding stays while another shows it', async () => {
    await take(0, instances(one, two));
    await take(0, nightly(one, two));
    expect(await take(1, instances(two))).toMatchObject({ closed: 0 });
    const gone = await inbox.database.pool.query('select gone_why from sighting where gone_at is not null');
    expect(gone.rows).toEqual([{ gone_why: 'resource gone' }]);
    expect(await openFindings(inbox)).toHaveLength(1);
    expect(await take(2, instances())).toMatchObject({ closed: 1 });
    expect(await onlyFinding()).toMatchObject([{ is_open: false, closed_why: 'resource gone' }]);
  });

  test('a group that is gone closes what is about itself, and its machines stay as long as they do', async () => {
    await take(0, instances(one));
    await take(0, groups(one));
    await take(0, nightly(one));
    expect(await take(1, { AutoScalingGroups: [] })).toMatchObject({ closed: 0 });
    expect(await openFindings(inbox)).toHaveLength(1);
  });

  test('are asked about by their own names, and each sighting tells its machine', async () => {
    await take(0, instances(one));
    await take(0, nightly(one));
    const [machine, group] = await showResources(inbox.ctx, { ids: [arn(one), GROUP] });
    expect(group?.issues).toHaveLength(1);
    expect(machine?.issues).toEqual(group?.issues);
    const view = await explainIssue(inbox.ctx, { id: group?.issues[0] ?? '' });
    expect(view.findings[0]?.sightings[0]?.locations).toEqual([{ machine: 'bucket' }]);
  });
});

test('what replaced machines leave behind is kept as long as history, and the group is not forgotten', async () => {
  await take(0, instances(one));
  await take(0, nightly(one));
  await take(1, instances(two));
  await take(1, nightly(two));
  const left = async () => {
    const names = await inbox.database.pool.query("select name from alias where kind = 'member' order by 1");
    const own = await inbox.database.pool.query(
      "select identity ->> 'resource_key' as key from rekeyed order by 1",
    );
    return [names.rows.map((row) => row.name), own.rows.map((row) => row.key)];
  };
  const both = [`aws:${arn(one)}`, `aws:${arn(two)}`];
  inbox.clock.set(on(401) - 1);
  await inbox.ctx.retention.forget();
  expect(await left()).toEqual([both, both]);
  inbox.clock.set(on(401) + 1);
  await inbox.ctx.retention.forget();
  expect(await left()).toEqual([both.slice(1), both.slice(1)]);
  expect((await onlyFinding())[0]).toMatchObject({ is_open: true, first_seen: on(0) });
});

test('to take a scan back takes back what it showed of the group, and no more', async () => {
  await take(0, instances(one, two));
  await take(0, nightly(one));
  const before = await inboxState(inbox);
  await take(1, nightly(two));
  const scans = await inbox.database.pool.query<{ id: string }>(
    'select id from scan order by id desc limit 1',
  );
  await undoImport(inbox.ctx, { scanId: scans.rows[0]?.id ?? '' });
  expect(await inboxState(inbox)).toEqual(before);
});

test('whatever order inventories and reports come in, the state is the same', async () => {
  const inputs: readonly [unknown, Partial<ImportOptions>][] = [
    [nightly(one), { source: 'a' }],
    [nightly(two, pet), { source: 'b' }],
    [instances(one, { id: pet, group: null }), {}],
    [groups(two), {}],
  ];
  const bring = async (order: readonly (typeof inputs)[number][]) => {
    const other = await openTestInbox(on(1));
    try {
      for (const [report, options] of order)
        imported(await other.importReport(report, { ...HERE, ...options }));
      return await inboxState(other);
    } finally {
      await other.close();
    }
  };
  const expected = await bring(inputs);
  expect(expected.findings.map((row) => row.resource_key).sort()).toEqual([GROUP, `aws:${arn(pet)}`].sort());
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...inputs], { minLength: inputs.length }), async (order) => {
      expect(await bring(order)).toEqual(expected);
    }),
    { numRuns: 5 },
  );
});
