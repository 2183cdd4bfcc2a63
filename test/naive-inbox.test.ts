import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actOnIssues } from '../src/app/act-on-issues.ts';
import { addPerson } from '../src/app/add-person.ts';
import { changeAutomation } from '../src/app/change-automation.ts';
import type { IssueAction } from '../src/app/issue-action.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { undoAction } from '../src/app/undo-action.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { DAY_MS, type Instant } from '../src/base/instant.ts';
import { SEVERITIES } from '../src/domain/severity/severity.ts';
import { flaw } from './support/days.ts';
import { keyOf, NaiveInbox, type NaiveRow, type NO_RULES, rulesText, WORDS } from './support/naive-inbox.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { imageReport } from './support/trivy-report.ts';

/**
 * MODEL_COMMANDS=1000000 npm test -- test/naive-inbox.test.ts runs as many; without it 5,000. PROPERTY_SEED=any draws others.
 */
const COMMANDS = Number(process.env['MODEL_COMMANDS'] ?? 5_000);
const PER_RUN = 100;
/** So many inboxes at once, each on a database of its own: while one waits for its database the others think. */
const LANES = 3;

const IMAGES = ['registry.example.com/a:1', 'registry.example.com/b:1', 'registry.example.com/c:1'];
const FLAWS = [1, 2, 3, 4].map((number) => `CVE-2026-${number}`);

const anyFlaws = fc.subarray(FLAWS, { minLength: 1 });
const days = fc.integer({ min: 1, max: 6 });
const maybeDays = fc.option(days);
const anyAction: fc.Arbitrary<(now: Instant) => IssueAction> = fc.oneof(
  maybeDays.map(
    (until) =>
      (now: Instant): IssueAction => ({
        do: 'mute',
        reason: 'x',
        because: 'other',
        until: inDays(now, until),
      }),
  ),
  fc.record({ until: maybeDays, untilWorse: fc.boolean() }).map(
    ({ until, untilWorse }) =>
      (now: Instant): IssueAction => ({
        do: 'snooze',
        until: inDays(now, until),
        untilWorse: untilWorse || until === null,
      }),
  ),
  fc.option(fc.constantFrom('ann', 'bob')).map((assignee) => (): IssueAction => ({ do: 'assign', assignee })),
  fc.option(fc.constantFrom('red', 'blue')).map((team) => (): IssueAction => ({ do: 'team', team })),
  maybeDays.map(
    (due) =>
      (now: Instant): IssueAction => ({ do: 'due', due: inDays(now, due) }),
  ),
  fc.constant((): IssueAction => ({ do: 'admit', reason: null })),
  fc
    .constantFrom('unmute' as const, 'unadmit' as const, 'wake' as const, 'start' as const, 'stop' as const)
    .map((word) => (): IssueAction => ({ do: word })),
);

type Command =
  | { readonly is: 'report'; readonly image: string; readonly words: readonly (string | null)[] }
  | { readonly is: 'act'; readonly flaws: readonly string[]; readonly action: (now: Instant) => IssueAction }
  | { readonly is: 'undo'; readonly back: number }
  | { readonly is: 'unreport'; readonly image: string }
  | { readonly is: 'rules'; readonly rules: typeof NO_RULES }
  | { readonly is: 'pass'; readonly days: number };

const commands: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      is: fc.constant('report' as const),
      image: fc.constantFrom(...IMAGES),
      words: fc.array(fc.option(fc.constantFrom(...WORDS), { freq: 3 }), { minLength: 4, maxLength: 4 }),
    }),
  },
  {
    weight: 9,
    arbitrary: fc.record({ is: fc.constant('act' as const), flaws: anyFlaws, action: anyAction }),
  },
  { weight: 2, arbitrary: fc.record({ is: fc.constant('undo' as const), back: fc.nat({ max: 4 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ is: fc.constant('unreport' as const), image: fc.constantFrom(...IMAGES) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      is: fc.constant('rules' as const),
      rules: fc.record({
        raises: fc.boolean(),
        mutesLow: fc.boolean(),
        dates: fc.boolean(),
        admitsCritical: fc.boolean(),
        assigns: fc.boolean(),
      }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ is: fc.constant('pass' as const), days }) },
);

function inDays(now: Instant, count: number | null): Instant | null {
  return count === null ? null : Math.floor(now / DAY_MS) * DAY_MS + (count + 1) * DAY_MS;
}

const lanes: TestInbox[] = [];
beforeAll(async () => {
  for (let lane = 0; lane < LANES; lane++) {
    const inbox = await openTestInbox();
    lanes.push(inbox);
    for (const name of ['ann', 'bob']) await addPerson(inbox.ctx, { name, role: 'triage' });
  }
});
afterAll(() => Promise.all(lanes.map((inbox) => inbox.close())));

test(`the inbox is what a naive one says, after each of ${COMMANDS} commands`, async () => {
  const { seed = Date.now() } = fc.readConfigureGlobal();
  const share = Math.ceil(COMMANDS / LANES);
  const done = await Promise.all(lanes.map((inbox, lane) => runLane(inbox, seed + lane, share)));
  expect(done).toEqual(lanes.map(() => share));
}, 86_400_000);

/** Answers how many commands it ran. */
async function runLane(inbox: TestInbox, seed: number, share: number): Promise<number> {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(commands, { minLength: PER_RUN, maxLength: PER_RUN }), async (all) => {
      if (done >= share) return;
      await forgetEverything(inbox);
      const run = new Run(inbox);
      for (const command of all.slice(0, share - done)) {
        await run.does(command);
        await run.compare();
        done += 1;
      }
    }),
    { seed, numRuns: Math.ceil(share / PER_RUN), endOnFailure: process.env['MODEL_SHRINK'] === undefined },
  );
  return done;
}

/** Both of them, side by side. */
class Run {
  readonly #inbox: TestInbox;
  #now = START;
  readonly #fingerprints = new Map<string, string>();
  readonly #naive = new NaiveInbox(START, (key) => this.#fingerprints.get(key) ?? '');
  /** The names of the actions, null where there was nothing to act on. */
  readonly #actions: (string | null)[] = [];
  /** By image the scans that stand, the latest last. */
  readonly #scans = new Map<string, string[]>();

  constructor(inbox: TestInbox) {
    this.#inbox = inbox;
  }

  async does(command: Command): Promise<void> {
    this.#now += 1;
    this.#inbox.clock.set(this.#now);
    switch (command.is) {
      case 'report':
        return this.#report(command);
      case 'act':
        return this.#act(command.flaws, command.action(this.#now));
      case 'undo':
        return this.#undo(command.back);
      case 'unreport':
        return this.#unreport(command.image);
      case 'rules':
        await changeAutomation(this.#inbox.ctx, { what: 'file', text: rulesText(command.rules) });
        this.#naive.rule(command.rules);
        return;
      case 'pass':
        this.#now += command.days * DAY_MS;
        this.#inbox.clock.set(this.#now);
        await sweepIssues(this.#inbox.ctx);
        this.#naive.pass(this.#now);
    }
  }

  async #report({ image, words }: Extract<Command, { is: 'report' }>): Promise<void> {
    const shown = FLAWS.flatMap((id, index) => {
      const severity = WORDS.find((word) => word === words[index]);
      return severity === undefined ? [] : [[id, severity] as const];
    });
    const vulnerabilities = shown.map(([id, severity]) => flaw(id, { severity: severity.toUpperCase() }));
    const { sentences } = imported(
      await this.#inbox.importReport(imageReport({ image, digest: 'one', at: this.#now, vulnerabilities })),
    );
    const scan = /^Scan (\w+):/.exec(sentences.at(-1) ?? '')?.[1];
    if (scan === undefined) throw new Error(`no scan: ${sentences.join(' ')}`);
    this.#scans.set(image, [...(this.#scans.get(image) ?? []), scan].slice(-3));
    const { rows } = await this.#inbox.database.pool.query<{
      key: string;
      advisory: string;
      fingerprint: string;
    }>('select resource_name as key, advisory, fingerprint from finding');
    for (const row of rows)
      this.#fingerprints.set(
        keyOf({
          image: IMAGES.find((each) => each.includes(row.key.replace(/:.*/, ''))) ?? row.key,
          flaw: row.advisory,
        }),
        row.fingerprint,
      );
    this.#naive.pass(this.#now);
    this.#naive.report(image, new Map(shown));
  }

  async #act(flaws: readonly string[], action: IssueAction): Promise<void> {
    const ids = await this.#ids();
    const selection = { ids: flaws.flatMap((each) => ids.get(each) ?? []) };
    const { action: name } = await actOnIssues(this.#inbox.ctx, {
      selection,
      action,
      isTold: false,
      expected: null,
    });
    this.#naive.pass(this.#now);
    this.#actions.push(name);
    this.#naive.act(flaws, action);
  }

  async #undo(back: number): Promise<void> {
    const index = this.#actions.length - 1 - back;
    const action = this.#actions[index] ?? null;
    if (action === null) return;
    this.#actions[index] = null;
    await undoAction(this.#inbox.ctx, { action });
    this.#naive.pass(this.#now);
    this.#naive.undo(index);
  }

  async #unreport(image: string): Promise<void> {
    const scanId = this.#scans.get(image)?.pop();
    if (scanId === undefined) return;
    await undoImport(this.#inbox.ctx, { scanId });
    this.#naive.pass(this.#now);
    this.#naive.unreport(image);
  }

  async #ids(): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.#inbox.database.pool.query<{ id: string; advisory: string }>(
      'select id, advisory from issue',
    );
    return new Map(rows.map((row) => [row.advisory, row.id]));
  }

  async compare(): Promise<void> {
    const { rows } = await this.#inbox.database.pool.query<{
      readonly flaw: string;
      readonly status: NaiveRow['status'];
      readonly severity: number;
      readonly resources: number;
      readonly open_findings: number;
      readonly is_muted: boolean;
      readonly is_admitted: boolean;
      readonly due_at: Instant | null;
      readonly assignee: string | null;
      readonly team: string | null;
      readonly snoozed_until: Instant | null;
      readonly regressed_at: Instant | null;
    }>(
      `select advisory as flaw, status, severity, resources, open_findings, is_muted, is_admitted, due_at, assignee, team, snoozed_until, regressed_at
       from issue order by advisory`,
    );
    const stored = rows.map((row) => ({
      flaw: row.flaw,
      status: row.status,
      stand:
        row.status === 'resolved'
          ? null
          : {
              severity: SEVERITIES[SEVERITIES.length - 1 - row.severity],
              resources: row.resources,
              findings: row.open_findings,
              isMuted: row.is_muted,
              isAdmitted: row.is_admitted,
              dueAt: row.due_at,
              assignee: row.assignee,
              team: row.team,
              snoozedUntil: row.snoozed_until,
              regressedAt: row.regressed_at,
            },
    }));
    expect(stored).toEqual(this.#naive.rows().toSorted((a, b) => (a.flaw < b.flaw ? -1 : 1)));
  }
}

/** All that was stored, but for the people and what the program brings. Emptying tables anew would make the database plan each statement anew. */
async function forgetEverything(inbox: TestInbox): Promise<void> {
  const { pool } = inbox.database;
  const { rows } = await pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' and tablename <> all('{migration,organisation,person}') and tablename not like 'feed%'",
  );
  const looks = rows.map(({ name }) => `select '${name}' as name where exists (select from ${name})`);
  const filled = await pool.query<{ name: string }>(looks.join(' union all '));
  if (filled.rows.length > 0)
    await pool.query(filled.rows.map(({ name }) => `delete from ${name};`).join(' '));
}
