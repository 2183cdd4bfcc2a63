import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPerson } from '../../src/app/add-person.ts';
import { restoreSource } from '../../src/app/restore-source.ts';
import { retireSource } from '../../src/app/retire-source.ts';
import { DAY_MS } from '../../src/base/instant.ts';
import { tableRows } from '../support/by-hand-world.ts';
import { openTestInbox, type TestInbox } from '../support/test-inbox.ts';
import { act, muteIssue } from '../support/triage.ts';
import { type Estate, importEstate } from './walked/estate.ts';

const WORLD = join(import.meta.dirname, 'walked');
const START = Date.UTC(2026, 11, 1);

let inbox: TestInbox;
let estate: Estate;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly is_muted: boolean;
  readonly assignee: string | null;
  readonly due: string | null;
  readonly targets: number | null;
}

beforeAll(async () => {
  inbox = await openTestInbox(START);
  estate = await importEstate(inbox, WORLD);
  await addPerson(inbox.ctx, { name: 'anna', role: 'triage' });
  // Each kind of decision, and some of them hide the path.
  for (const [index, { id }] of (await paths()).entries()) {
    await act(inbox.ctx, id, { do: 'assign', assignee: 'anna' });
    await act(inbox.ctx, id, { do: 'due', due: START + (30 + index) * DAY_MS });
    if (index % 3 === 0) await muteIssue(inbox.ctx, { id, reason: 'accepted', until: null });
    if (index % 3 === 1) await act(inbox.ctx, id, { do: 'start' });
  }
});

afterAll(async () => {
  await estate?.remove();
  await inbox.close();
});

/** All attack paths that there ever were. */
async function paths(): Promise<readonly Row[]> {
  const { rows } = await inbox.database.pool.query<Row>(
    `select issue.id, regexp_replace(body #>> '{pivot,name}', '^.*[/:]', '') || ' ' || (body ->> 'targetClass') as name, issue.status, issue.is_muted,
       issue.assignee, issue.due_at::text as due, jsonb_array_length(body -> 'targets') as targets
     from issue join finding on finding.shard = issue.shard and finding.issue_id = issue.id
     left join attack_path on attack_path.shard = finding.shard and attack_path.fingerprint = finding.fingerprint
     where issue.type = 'attack_path' order by issue.id`,
  );
  return rows;
}

const cell = (names: readonly string[]) => (names.length === 0 ? '-' : names.toSorted().join('; '));
const sorted = (text = '') => cell(text === '-' ? [] : text.split('; '));

describe('what a source alone told goes with it', async () => {
  const rows = await tableRows(join(WORLD, 'retired.md'));
  test.each(rows.map((row) => [row[0] ?? '', row] as const))('%s', async (name, [, gone, smaller]) => {
    const [id = '', ...words] = name.split(' ');
    const keys = Object.fromEntries(words.map((word) => word.split('=') as [string, string]));
    const before = await paths();
    inbox.clock.set(inbox.clock.now() + 60_000);
    await retireSource(inbox.ctx, { id, keys });
    const then = new Map((await paths()).map((row) => [row.id, row]));
    expect({
      gone: cell(before.filter((row) => then.get(row.id)?.status === 'resolved').map((row) => row.name)),
      smaller: cell(
        before
          .filter((row) => (then.get(row.id)?.targets ?? Number.POSITIVE_INFINITY) < (row.targets ?? 0))
          .map((row) => row.name),
      ),
    }).toEqual({ gone: sorted(gone), smaller: sorted(smaller) });
    inbox.clock.set(inbox.clock.now() + DAY_MS);
    await restoreSource(inbox.ctx, { id, keys });
    // That somebody works on it ends when it goes; all else that was decided about it stands.
    const isBack = (row: Row) => then.get(row.id)?.status === 'resolved' && row.status === 'in_progress';
    expect(await paths()).toEqual(before.map((row) => (isBack(row) ? { ...row, status: 'open' } : row)));
  });
});

test('what no inventory tells any more is unknown, and never no', async () => {
  const isIn = async () =>
    (await inbox.list())
      .filter(({ title }) => title.includes('CVE-2026-4001'))
      .map(({ riskStates }) => [
        riskStates.publicly_accessible,
        riskStates.privileged_access,
        riskStates.in_production,
      ]);
  expect(await isIn()).toEqual([['yes', 'yes', 'yes']]);
  await retireSource(inbox.ctx, { id: 'aws-cli', keys: {} });
  expect(await isIn()).toEqual([['unknown', 'unknown', 'unknown']]);
  await restoreSource(inbox.ctx, { id: 'aws-cli', keys: {} });
  expect(await isIn()).toEqual([['yes', 'yes', 'yes']]);
});
