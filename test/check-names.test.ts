import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainIssue } from '../src/app/explain-issue.ts';
import { nameCheck, renameCheck, versionOfCheckNames } from '../src/domain/control/name-check.ts';
import { organisationOf } from '../src/store/organisation.ts';
import { type CheckNames, followCheckNames } from '../src/store/rekey/rename-checks.ts';
import { importOnDay, on } from './support/days.ts';
import { inboxState } from './support/inbox-state.ts';
import { type PostureResult, prowlerReport, sarifReport } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';
import { muteIssue } from './support/triage.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

/** The names of a newer program, in which these checks have other ones. */
function names(renames: Readonly<Record<string, string>>, version = JSON.stringify(renames)): CheckNames {
  const spelled = (check: string) => renames[check] ?? check;
  return {
    version,
    nameOf: (check) => nameCheck({ ...check, check: spelled(check.check) }),
    renamed: (known) => renameCheck({ ...known, toolCheck: spelled(known.toolCheck) }),
  };
}

const follow = (shipped: CheckNames, world: TestInbox = inbox) =>
  followCheckNames(world.database.pool, organisationOf(1n), world.clock.now(), shipped);

/** Records whose title does not name the check: that is all that a rename changes in a report. */
const report = (...results: readonly PostureResult[]) =>
  (prowlerReport(results) as { finding_info: object }[]).map((record) => ({
    ...record,
    finding_info: { ...record.finding_info, title: 'A check' },
  }));

/** The same state without the scans' own texts. */
async function state(world: TestInbox = inbox) {
  const { rows } = await world.database.pool.query(
    'select fingerprint, content_hash, occurrences, rule, checks, cover, held_since from sighting order by scope_id, fingerprint',
  );
  return { ...(await inboxState(world)), contents: rows };
}

/** What an inbox looks like that knew the names from the start. */
async function knownFirst(work: (world: TestInbox) => Promise<void>) {
  const world = await openTestInbox();
  try {
    await work(world);
    return await state(world);
  } finally {
    await world.close();
  }
}

const OLD = 'old_check';
const NEW = 'new_check';
const RENAMED = names({ [`prowler:${OLD}`]: `prowler:${NEW}` });
/** One that a control maps. */
const MAPPED = 's3_bucket_default_encryption';

describe('a program with newer names of checks', () => {
  test('is the state as if they had been known first, decisions included, and the next report is the same', async () => {
    await importOnDay(inbox, 0, report({ check: OLD, bucket: 'a' }, { check: OLD, bucket: 'b' }));
    const [issue] = await inbox.list();
    await muteIssue(inbox.ctx, { id: issue?.id ?? '', reason: 'accepted', until: null });
    expect(await follow(RENAMED)).toBe(2);
    const known = await knownFirst(async (world) => {
      await importOnDay(world, 0, report({ check: NEW, bucket: 'a' }, { check: NEW, bucket: 'b' }));
      const [first] = await world.list();
      await muteIssue(world.ctx, { id: first?.id ?? '', reason: 'accepted', until: null });
    });
    expect(await state()).toEqual(known);
    expect((await explainIssue(inbox.ctx, { id: issue?.id ?? '' })).row).toMatchObject({
      key: `misconfiguration|prowler:${NEW}`,
      isMuted: true,
    });
    expect(
      await importOnDay(inbox, 1, report({ check: NEW, bucket: 'a' }, { check: NEW, bucket: 'b' })),
    ).toMatchObject({ created: 0, changed: 0, unchanged: 2 });
    expect(await follow(RENAMED)).toBe(0);
    const events = await inbox.database.pool.query("select actor, details from event where verb = 're-key'");
    expect(events.rows).toMatchObject([
      { actor: 'program', details: { moved: 2, checks: { from: null, to: RENAMED.version } } },
    ]);
  });

  test('a control that maps the check now takes its findings', async () => {
    await importOnDay(inbox, 0, report({ check: OLD }));
    const [issue] = await inbox.list();
    expect(issue?.key).toBe(`misconfiguration|prowler:${OLD}`);
    expect(await follow(names({ [`prowler:${OLD}`]: `prowler:${MAPPED}` }))).toBe(1);
    expect(await state()).toEqual(
      await knownFirst(async (world) => {
        await importOnDay(world, 0, report({ check: MAPPED }));
      }),
    );
    expect((await explainIssue(inbox.ctx, { id: issue?.id ?? '' })).row.key).not.toBe(issue?.key);
  });

  test.each([1, 2])('two that become one: muted only if both were (%i of them are)', async (muted) => {
    await importOnDay(inbox, 0, report({ check: OLD }, { check: NEW }));
    for (const { id } of (await inbox.list()).slice(0, muted))
      await muteIssue(inbox.ctx, { id, reason: 'accepted', until: null });
    await follow(RENAMED);
    const rows = await inbox.database.pool.query('select key, is_muted from issue');
    expect(rows.rows).toEqual([{ key: `misconfiguration|prowler:${NEW}`, is_muted: muted === 2 }]);
    expect(await importOnDay(inbox, 1, report({ check: NEW }, { check: NEW }))).toMatchObject({
      created: 0,
      changed: 0,
      closed: 0,
    });
  });

  test('one that becomes two: both get the decisions', async () => {
    const [first, second] = ['s3_bucket_public_write_acl', 's3_bucket_policy_public_write_access'];
    await importOnDay(inbox, 0, report({ check: first }, { check: second }));
    const rows = await inbox.list();
    expect(rows).toHaveLength(1);
    await muteIssue(inbox.ctx, { id: rows[0]?.id ?? '', reason: 'accepted', until: null });
    await follow(names({ [`prowler:${second}`]: `prowler:${NEW}` }));
    const issues = await inbox.database.pool.query('select key, is_muted, status from issue order by key');
    expect(issues.rows).toEqual([
      { key: `misconfiguration|prowler:${NEW}`, is_muted: true, status: 'open' },
      { key: rows[0]?.key, is_muted: true, status: 'open' },
    ]);
    expect(await importOnDay(inbox, 1, report({ check: first }, { check: NEW }))).toMatchObject({
      created: 0,
    });
  });

  test('a scanner that was newer than the program: what was held for its new name is one with that', async () => {
    const five = (rule: string, day: number) =>
      sarifReport({
        repository: 'https://git.example.com/acme/shop',
        at: on(day),
        results: Array.from({ length: 5 }, (_, index) => ({ rule, path: `${index}.py`, text: 'flagged' })),
      });
    await importOnDay(inbox, 0, five('old-name', 0));
    expect(await importOnDay(inbox, 1, five('new-name', 1))).toMatchObject({ created: 5, held: 5 });
    await follow(names({ 'bandit:old-name': 'bandit:new-name' }));
    const findings = await inbox.database.pool.query('select is_open, first_seen from finding');
    expect(findings.rows).toEqual(Array.from({ length: 5 }, () => ({ is_open: true, first_seen: on(0) })));
    const held = await inbox.database.pool.query('select from sighting where held_since is not null');
    expect(held.rowCount).toBe(0);
  });

  test('what is closed keeps its history under the new name', async () => {
    await importOnDay(inbox, 0, report({ check: OLD }));
    await importOnDay(inbox, 1, report({ check: OLD, status: 'PASS' }));
    await inbox.database.pool.query('delete from sighting');
    await follow(RENAMED);
    expect(await importOnDay(inbox, 2, report({ check: NEW }))).toMatchObject({ created: 0, regressed: 1 });
  });

  test('that is ended in the middle has changed nothing, and two at once do it once', async () => {
    await importOnDay(inbox, 0, report({ check: OLD }));
    const before = await state();
    const broken: CheckNames = {
      ...RENAMED,
      nameOf: () => {
        throw new Error('ended');
      },
    };
    await expect(follow(broken)).rejects.toThrow('ended');
    expect(await state()).toEqual(before);
    const moved = await Promise.all([follow(RENAMED), follow(RENAMED)]);
    expect(moved.toSorted()).toEqual([0, 1]);
  });

  test('whose names are those that were known changes nothing', async () => {
    await importOnDay(inbox, 0, report({ check: MAPPED }, { check: OLD }));
    const before = await state();
    const shipped = { version: versionOfCheckNames(), nameOf: nameCheck, renamed: renameCheck };
    expect(await follow(shipped)).toBe(0);
    await inbox.database.pool.query(
      "update sighting set checks = null; update organisation set check_names = 'other'",
    );
    expect(await follow(shipped)).toBe(0);
    expect({ ...(await state()), contents: [] }).toEqual({ ...before, contents: [] });
  });
});

test('whenever the names become known, the state is the same', async () => {
  const day = fc.uniqueArray(
    fc.record({ check: fc.constantFrom(OLD, NEW, MAPPED), bucket: fc.constantFrom('a', 'b') }),
    { minLength: 1, selector: ({ check, bucket }) => `${check} ${bucket}` },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(day, { minLength: 1, maxLength: 3 }), fc.nat(2), async (days, late) => {
      const renamed = (results: readonly PostureResult[]) =>
        results.map((each) => (each.check === OLD ? { ...each, check: NEW } : each));
      const open = async (world: TestInbox) => {
        const { findings, issues } = await inboxState(world);
        return { findings, issues };
      };
      const world = await openTestInbox();
      const other = await openTestInbox();
      try {
        for (const [index, results] of days.entries()) {
          if (index === late) await follow(RENAMED, world);
          await importOnDay(world, index, report(...(index >= late ? renamed(results) : results)));
          await importOnDay(other, index, report(...renamed(results)));
        }
        await follow(RENAMED, world);
        expect(await open(world)).toEqual(await open(other));
      } finally {
        await world.close();
        await other.close();
      }
    }),
    { numRuns: 5 },
  );
});
