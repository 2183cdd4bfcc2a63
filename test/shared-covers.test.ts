import { afterEach, beforeEach, expect, test } from 'vitest';
import { DAY_MS, instantText } from '../src/base/instant.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox(START + 30 * DAY_MS);
});
afterEach(() => inbox.close());

const FLAW = {
  VulnerabilityID: 'CVE-2024-4068',
  PkgName: 'braces',
  InstalledVersion: '3.0.2',
  Severity: 'HIGH',
  Title: 'braces',
};

const NOT_AFFECTED = {
  Type: 'vulnerability',
  Status: 'not_affected',
  Statement: 'vulnerable code not in execute path',
  Source: 'vex.json',
  Finding: FLAW,
};

/**
 * `trivy fs .` on a given day: the lock files that it lists, and whether each still shows the flaw, shows it no more, or says
 * that it is ruled out there.
 */
function scan(day: number, targets: Readonly<Record<string, boolean | 'ended'>>, source = 'shop') {
  return inbox.importReport(
    {
      SchemaVersion: 2,
      CreatedAt: instantText(START + day * DAY_MS),
      ArtifactName: '.',
      ArtifactType: 'filesystem',
      Results: Object.entries(targets).map(([Target, isFlawed]) => ({
        Target,
        Class: 'lang-pkgs',
        Type: 'npm',
        Vulnerabilities: isFlawed === true ? [FLAW] : [],
        ...(isFlawed === 'ended' && { ExperimentalModifiedFindings: [NOT_AFFECTED] }),
      })),
    },
    source === '' ? {} : { source },
  );
}

const isOpen = async () => (await inbox.list()).length === 1;

test('a flaw in two lock files goes only when neither shows it, in whatever order they are looked at', async () => {
  await scan(1, { 'a/package-lock.json': true, 'b/package-lock.json': true });
  expect(imported(await scan(2, { 'a/package-lock.json': false })).closed).toBe(0);
  expect(await isOpen()).toBe(true);
  expect(imported(await scan(3, { 'b/package-lock.json': false })).closed).toBe(1);
  expect(await isOpen()).toBe(false);
});

test('a look at one lock file that still shows it leaves the other one to be looked at', async () => {
  await scan(1, { 'a/package-lock.json': true, 'b/package-lock.json': true });
  await scan(2, { 'a/package-lock.json': true });
  expect(imported(await scan(3, { 'a/package-lock.json': false })).closed).toBe(0);
  expect(imported(await scan(4, { 'b/package-lock.json': false })).closed).toBe(1);
});

test('a flaw that turns up in another lock file belongs to both from then on', async () => {
  await scan(1, { 'a/package-lock.json': true });
  await scan(2, { 'b/package-lock.json': true });
  expect(imported(await scan(3, { 'a/package-lock.json': false })).closed).toBe(0);
  expect(await isOpen()).toBe(true);
});

test('both looked at and only one still flawed: the other one no longer keeps it', async () => {
  await scan(1, { 'a/package-lock.json': true, 'b/package-lock.json': true });
  await scan(2, { 'a/package-lock.json': true, 'b/package-lock.json': false });
  expect(imported(await scan(3, { 'a/package-lock.json': false })).closed).toBe(1);
});

test('the same look again changes nothing', async () => {
  await scan(1, { 'a/package-lock.json': true, 'b/package-lock.json': true });
  const again = imported(await scan(2, { 'a/package-lock.json': true, 'b/package-lock.json': true }));
  expect([again.created, again.changed, again.unchanged]).toEqual([0, 0, 1]);
});

test('a flaw that is back in one lock file belongs to that one alone', async () => {
  await scan(1, { 'a/package-lock.json': true, 'b/package-lock.json': true });
  await scan(2, { 'a/package-lock.json': false, 'b/package-lock.json': false });
  expect(imported(await scan(3, { 'a/package-lock.json': true })).regressed).toBe(1);
  expect(imported(await scan(4, { 'a/package-lock.json': false })).closed).toBe(1);
});

// Of the tool's own name such a scan is a part, of a named source it is all of the files that it lists.
test.each(['shop', ''])(
  'a record that rules a flaw out in one lock file leaves the other one (source %j)',
  async (source) => {
    await scan(1, { 'a/package-lock.json': true, 'b/package-lock.json': true }, source);
    expect(imported(await scan(2, { 'a/package-lock.json': 'ended' }, source)).closed).toBe(0);
    expect(await isOpen()).toBe(true);
    expect(imported(await scan(3, { 'b/package-lock.json': 'ended' }, source)).closed).toBe(1);
    expect(await isOpen()).toBe(false);
  },
);

test.each(['shop', ''])(
  'a record that rules a flaw out in a lock file that never showed it ends nothing (source %j)',
  async (source) => {
    await scan(1, { 'a/package-lock.json': true }, source);
    expect(imported(await scan(2, { 'b/package-lock.json': 'ended' }, source)).closed).toBe(0);
    expect(imported(await scan(3, { 'a/package-lock.json': 'ended' }, source)).closed).toBe(1);
  },
);

test('ruled out in one lock file and no longer shown by the other: it goes', async () => {
  await scan(1, { 'a/package-lock.json': true, 'b/package-lock.json': true });
  const both = await scan(2, { 'a/package-lock.json': 'ended', 'b/package-lock.json': false });
  expect(imported(both).closed).toBe(1);
  const { rows } = await inbox.database.pool.query('select closed_why from finding');
  expect(rows).toEqual([{ closed_why: 'vulnerable code not in execute path' }]);
});

test('an older report that rules it out in one lock file says nothing of the other', async () => {
  await scan(1, { 'a/package-lock.json': true, 'b/package-lock.json': true });
  await scan(5, { 'c/package-lock.json': false });
  expect(imported(await scan(3, { 'a/package-lock.json': 'ended' })).closed).toBe(0);
  expect(await isOpen()).toBe(true);
  expect(imported(await scan(4, { 'b/package-lock.json': 'ended' })).closed).toBe(1);
});

test('an older report that rules it out in both ends it only where no later one shows it', async () => {
  await scan(1, { 'a/package-lock.json': true, 'b/package-lock.json': true });
  await scan(5, { 'a/package-lock.json': true });
  const older = await scan(3, { 'a/package-lock.json': 'ended', 'b/package-lock.json': 'ended' });
  expect(imported(older).closed).toBe(0);
  expect(imported(await scan(6, { 'a/package-lock.json': false })).closed).toBe(1);
});
