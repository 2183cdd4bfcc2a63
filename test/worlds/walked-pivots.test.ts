import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addPerson } from '../../src/app/add-person.ts';
import { commentOnIssue } from '../../src/app/comment-on-issue.ts';
import { DAY_MS, HOUR_MS } from '../../src/base/instant.ts';
import { presentHistory } from '../../src/contract/from-domain/present-history.ts';
import { expectFreshPaths } from '../support/fresh-paths.ts';
import { grypeReport } from '../support/grype-report.ts';
import { imported, openTestInbox, type TestInbox } from '../support/test-inbox.ts';
import { act, muteIssue } from '../support/triage.ts';
import { digestOf } from '../support/trivy-report.ts';
import { type Change, type Estate, importEstate } from './walked/estate.ts';
import { inspected, tellFeeds } from './walked/scans.ts';

const WORLD = join(import.meta.dirname, 'walked');
const START = Date.UTC(2026, 11, 1);
const INSTANCES = 'front/eu-west-1/ec2-describe-instances.json';

let inbox: TestInbox;
let estate: Estate;
beforeEach(async () => {
  inbox = await openTestInbox(START);
  estate = await importEstate(inbox, WORLD);
  for (const name of ['anna', 'bert']) await addPerson(inbox.ctx, { name, role: 'triage' });
});
afterEach(async () => {
  await estate.remove();
  await inbox.close();
});

interface Row {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly muted: boolean;
  readonly assignee: string | null;
  readonly due: string | null;
  readonly snoozed: string | null;
}

/** The attack paths that are there of which the pivot is named so. */
async function over(...pivots: readonly string[]): Promise<readonly Row[]> {
  const { rows } = await inbox.database.pool.query<Row>(
    `select issue.id, regexp_replace(body #>> '{pivot,name}', '^.*[/:]', '') as name, issue.status, issue.is_muted as muted, issue.assignee,
       to_char(issue.due_at, 'YYYY-MM-DD') as due, to_char(issue.snoozed_until, 'YYYY-MM-DD') as snoozed
     from issue join finding on finding.shard = issue.shard and finding.issue_id = issue.id and finding.is_open
     join attack_path on attack_path.shard = finding.shard and attack_path.fingerprint = finding.fingerprint
     where issue.type = 'attack_path' order by name`,
  );
  return rows.filter(({ name }) => pivots.includes(name));
}

const historyOf = async (id: string) =>
  presentHistory((await inbox.ctx.inbox.history(id)) ?? []).items.map(({ sentence }) => sentence);

/** Machines that are all as the one of the estate is, of a scaling group or each for itself. */
const machines = (names: readonly string[], group: string | null): Change => ({
  file: INSTANCES,
  change: (text) => {
    const { Reservations } = JSON.parse(text);
    const [{ OwnerId, Instances }] = Reservations;
    const [quay, ...others] = Instances;
    const twins = names.map((name, index) => {
      const twin = JSON.parse(
        JSON.stringify(quay)
          .replaceAll('i-quay', name)
          .replaceAll('eni-quay', `eni-${name}`)
          .replaceAll('.0.10"', `.0.${20 + index}"`),
      );
      if (group !== null) twin.Tags.push({ Key: 'aws:autoscaling:groupName', Value: group });
      return twin;
    });
    return JSON.stringify({ Reservations: [{ OwnerId, Instances: [...twins, ...others] }] });
  },
});

/** What Inspector finds on the machine of the estate, on each of these. */
async function inspect(names: readonly string[]): Promise<void> {
  inbox.clock.set(inbox.clock.now() + HOUR_MS);
  const told = inspected(inbox.clock.now(), () => true) as { findings: readonly object[] };
  const findings = names.flatMap((name, index) =>
    told.findings.map((each) =>
      JSON.parse(
        JSON.stringify(each).replaceAll('i-quay', name).replaceAll('finding/f', `finding/f${index}`),
      ),
    ),
  );
  imported(
    await inbox.importReport(
      { findings },
      { source: 'inspector', confirm: true, complete: true },
      'inspector.json',
    ),
  );
}

/** The deployment runs the image of this day, in a replica set and a pod that are named after it. */
const deployed = (day: number): Change => ({
  file: 'cluster/services,deployments,rbac.json',
  change: (text) => {
    const list = JSON.parse(
      text.replaceAll('registry.example.net/tides:3', `registry.example.net/tides@${digestOf(`day-${day}`)}`),
    );
    const { template } = list.items.find(
      (item: { kind: string; metadata: { name: string } }) =>
        item.kind === 'Deployment' && item.metadata.name === 'tides',
    ).spec;
    const owned = (kind: string, name: string, uid: string, owner: object, spec: object) => ({
      apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1',
      kind,
      metadata: {
        name,
        namespace: 'shop',
        uid,
        labels: template.metadata.labels,
        ownerReferences: [{ ...owner, controller: true }],
      },
      spec,
    });
    const set = `tides-${day}f`;
    const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'tides', uid: 'd' };
    const owners = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: set, uid: `r${day}` };
    list.items.push(
      owned('ReplicaSet', set, `r${day}`, owner, { replicas: 1, template }),
      owned('Pod', `${set}-x${day}`, `p${day}`, owners, template.spec),
    );
    return JSON.stringify(list);
  },
});

describe('two paths over two machines that turn out to be of one scaling group', () => {
  const PETS = ['i-0a11', 'i-0a12'];
  /** Both as they are, each after something was decided about it. */
  async function two(decide: (left: Row, right: Row) => Promise<void>): Promise<readonly [Row, Row]> {
    await estate.become([machines(PETS, null)]);
    await inspect(PETS);
    const [left, right, ...others] = await over(...PETS);
    expect([left?.name, right?.name, others]).toEqual([...PETS, []]);
    await decide(left as Row, right as Row);
    return [left as Row, right as Row];
  }
  const join = async () => {
    await estate.become([machines(PETS, 'quays')]);
    await expectFreshPaths(inbox);
    return over('quays', ...PETS);
  };

  test('become one, which has what was decided about both', async () => {
    const [left, right] = await two(async ({ id }, other) => {
      await act(inbox.ctx, id, { do: 'assign', assignee: 'anna' });
      await act(inbox.ctx, id, { do: 'due', due: START + 40 * DAY_MS });
      await muteIssue(inbox.ctx, { id, reason: 'accepted', until: START + 60 * DAY_MS });
      await commentOnIssue(inbox.ctx, { id, text: 'left was talked about' });
      inbox.clock.set(inbox.clock.now() + 60_000);
      await act(inbox.ctx, other.id, { do: 'assign', assignee: 'bert' });
      await act(inbox.ctx, other.id, { do: 'due', due: START + 30 * DAY_MS });
      await muteIssue(inbox.ctx, { id: other.id, reason: 'accepted', until: START + 50 * DAY_MS });
      await commentOnIssue(inbox.ctx, { id: other.id, text: 'right was talked about' });
    });
    const joined = await join();
    expect(joined).toMatchObject([
      { name: 'quays', muted: true, assignee: 'bert', due: '2026-12-31', snoozed: null },
    ]);
    const id = joined[0]?.id ?? '';
    for (const before of [left.id, right.id]) expect((await inbox.ctx.inbox.view(before))?.row.id).toBe(id);
    const history = await historyOf(id);
    expect(history.filter((sentence) => sentence === 'said')).toHaveLength(2);
    // It was there all the time.
    expect(history.filter((sentence) => /again|closed|resolved|no longer/.test(sentence))).toEqual([]);
  });

  test('become one that is in sight where one of them was, and that somebody works on', async () => {
    await two(async ({ id }, other) => {
      await act(inbox.ctx, id, { do: 'snooze', until: START + 20 * DAY_MS, untilWorse: false });
      await act(inbox.ctx, other.id, { do: 'start' });
    });
    expect(await join()).toMatchObject([
      { name: 'quays', status: 'in_progress', muted: false, snoozed: null },
    ]);
  });
});

describe('a pivot that is made anew every day is the same', () => {
  const DAYS = [1, 2, 3, 4];
  /** After each of some days what is told of the one path, and its history, which nothing is added to. */
  async function expectSame(
    pivots: readonly string[],
    day: (day: number) => Promise<unknown>,
  ): Promise<void> {
    const [before] = await over(...pivots);
    const id = before?.id ?? '';
    await act(inbox.ctx, id, { do: 'assign', assignee: 'anna' });
    await act(inbox.ctx, id, { do: 'due', due: START + 30 * DAY_MS });
    await act(inbox.ctx, id, { do: 'start' });
    await commentOnIssue(inbox.ctx, { id, text: 'the team knows' });
    const decided = { id, status: 'in_progress', assignee: 'anna', due: '2026-12-31' };
    const history = await historyOf(id);
    for (const each of DAYS) {
      inbox.clock.set(START + each * DAY_MS);
      await day(each);
      await expectFreshPaths(inbox);
      expect([each, await over(...pivots)]).toMatchObject([each, [decided]]);
      expect([each, await historyOf(id)]).toEqual([each, history]);
    }
  }

  const nameOn = (day: number) => `i-0c${day}1`;

  test('a machine of a scaling group, replaced by one that was scanned while both ran', async () => {
    const replace = async (day: number) => {
      await inspect(day === 0 ? [nameOn(0)] : [nameOn(day - 1), nameOn(day)]);
      await estate.become([machines([nameOn(day)], 'quays')]);
    };
    await replace(0);
    await expectSame(['quays'], replace);
    const likelihoods = async () =>
      (await inbox.ctx.paths.list()).paths.map(({ path }) => path.likelihood).join(' ');
    const exploited = await likelihoods();
    // The other flaw is on machines of the group alone.
    const other = { 'CVE-2026-4002': { epss: 0.02, isExploited: true } } as const;
    await tellFeeds(inbox, { 'CVE-2026-4001': { epss: 0.02 } });
    expect(await likelihoods()).not.toBe(exploited);
    await tellFeeds(inbox, { 'CVE-2026-4001': { epss: 0.02 }, ...other });
    await expectFreshPaths(inbox);
    expect(await likelihoods()).toBe(exploited);
  });

  /** A scan of the image of that day, which has the flaw. */
  async function scan(day: number): Promise<void> {
    inbox.clock.set(inbox.clock.now() + HOUR_MS);
    const report = grypeReport({
      image: `registry.example.net/tides:${3 + day}`,
      digest: `day-${day}`,
      at: inbox.clock.now(),
      matches: [{ id: 'CVE-2026-4006', pkg: 'lib4006' }],
    });
    imported(await inbox.importReport(report, { source: 'grype' }, 'grype.json'));
  }

  test('an image that is scanned and then deployed, in pods and replica sets with other names', async () => {
    const release = async (day: number) => {
      await scan(day);
      await estate.become([deployed(day)]);
    };
    await release(0);
    await expectSame(['tides'], release);
  });

  test('an image that runs before it is scanned leads nowhere until then, and has what was decided, but that somebody works on it', async () => {
    await scan(0);
    await estate.become([deployed(0)]);
    const [before] = await over('tides');
    const id = before?.id ?? '';
    await act(inbox.ctx, id, { do: 'assign', assignee: 'anna' });
    await act(inbox.ctx, id, { do: 'start' });
    await estate.become([deployed(1)]);
    expect(await over('tides')).toEqual([]);
    await scan(1);
    expect(await over('tides')).toMatchObject([{ id, status: 'open', assignee: 'anna' }]);
    await expectFreshPaths(inbox);
  });
});
