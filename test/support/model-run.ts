import { deepStrictEqual } from 'node:assert';
import fc from 'fast-check';
import { chooseAcceptanceRules, decideAcceptance, listAcceptances } from '../../src/app/accept-risk.ts';
import { actOnIssue } from '../../src/app/act-on-issue.ts';
import { actOnIssues } from '../../src/app/act-on-issues.ts';
import { addPerson } from '../../src/app/add-person.ts';
import { changeAutomation } from '../../src/app/change-automation.ts';
import { putReceiver } from '../../src/app/change-receivers.ts';
import { deliverDue } from '../../src/app/deliver-due.ts';
import { followTickets } from '../../src/app/follow-tickets.ts';
import type { IssueAction } from '../../src/app/issue-action.ts';
import { sweepIssues } from '../../src/app/sweep-issues.ts';
import { undoAction } from '../../src/app/undo-action.ts';
import { undoImport } from '../../src/app/undo-import.ts';
import { DAY_MS, type Instant, instantText } from '../../src/base/instant.ts';
import { SEVERITIES } from '../../src/domain/severity/severity.ts';
import { outsideOver } from '../../src/jobs/outside.ts';
import { flaw, SHOP } from './days.ts';
import { githubReceiver } from './github-receiver.ts';
import { actionAt, anyCommand, type Command, FLAWS, IMAGES, inDays } from './model-commands.ts';
import { keyOf, NaiveInbox, type NaiveRow } from './naive-inbox.ts';
import { rulesText } from './naive-rules.ts';
import { SHOP_CLUSTER, shopCluster } from './shop-cluster.ts';
import { imported, START, type TestInbox } from './test-inbox.ts';
import { githubServer, type OutsideServer } from './tracker-servers.ts';
import { imageReport } from './trivy-report.ts';

/** A flaw by which outsiders run code; what it does to the row of its own issue is no matter of the naive inbox. */
const BEHIND = flaw('CVE-2026-9', {
  severity: 'CRITICAL',
  purlType: 'npm',
  vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
});

const PER_RUN = 100;
const OUTSIDE = outsideOver(null);

/** The product on a database of its own, and the tracker that its tickets go to. */
export interface ModelWorld {
  readonly inbox: TestInbox;
  readonly tracker: OutsideServer;
  close(): Promise<void>;
}

export async function openModelWorld(inbox: TestInbox): Promise<ModelWorld> {
  for (const name of ['ann', 'bob']) await addPerson(inbox.ctx, { name, role: 'triage' });
  const tracker = await githubServer(() => inbox.clock.now());
  await putReceiver(inbox.ctx, {
    receiver: githubReceiver(tracker.address, 'shop'),
    secret: 'good-token',
  });
  return { inbox, tracker, close: () => Promise.all([inbox.close(), tracker.close()]).then(() => undefined) };
}

/**
 * So many commands, a hundred on each inbox that begins empty, drawn from a seed; after each the real one is held against
 * the naive one. Answers how many it ran; throws at the first difference, with the commands that led there.
 */
export async function runModel(
  world: ModelWorld,
  {
    seed,
    commands,
    shrinks,
  }: { readonly seed: number; readonly commands: number; readonly shrinks: boolean },
  tell: (done: number) => void = () => undefined,
): Promise<number> {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyCommand, { minLength: PER_RUN, maxLength: PER_RUN }), async (all) => {
      if (done >= commands) return;
      await forgetEverything(world);
      const run = new ModelRun(world);
      for (const [index, command] of all.slice(0, commands - done).entries()) {
        try {
          await run.does(command);
          await run.compare();
        } catch (error) {
          const led = all.slice(0, index + 1).map((each) => JSON.stringify(each));
          throw new Error(`After these commands:\n${led.join('\n')}\n${(error as Error).message}`, {
            cause: error,
          });
        }
        done += 1;
      }
      await world.inbox.check();
      tell(done);
    }),
    { seed, numRuns: Math.ceil(commands / PER_RUN), endOnFailure: !shrinks },
  );
  return done;
}

/** Both of them, side by side. */
class ModelRun {
  readonly #world: ModelWorld;
  readonly #inbox: TestInbox;
  #now = START;
  readonly #fingerprints = new Map<string, string>();
  readonly #naive = new NaiveInbox(START, (key) => this.#fingerprints.get(key) ?? '');
  /** The ids of the issues that there are, by flaw; and the flaws of all that there ever were, by id. */
  #ids: ReadonlyMap<string, string> = new Map();
  readonly #flaws = new Map<string, string>();
  /** The names of the actions, null where there was nothing to act on. */
  readonly #actions: (string | null)[] = [];
  /** By image the scans that stand, the latest to come last. */
  readonly #scans = new Map<string, string[]>();
  #needsApproval = false;

  constructor(world: ModelWorld) {
    this.#world = world;
    this.#inbox = world.inbox;
  }

  async does(command: Command): Promise<void> {
    this.#moveTo(this.#now + 1);
    const { ctx } = this.#inbox;
    switch (command.is) {
      case 'report':
        return this.#report(command);
      case 'act':
        return this.#act(command.flaws, actionAt(command.action, this.#now));
      case 'undo':
        return this.#undo(command.back);
      case 'unreport':
        return this.#unreport(command.image);
      case 'rules': {
        const { order, switchedOff, fourDays } = command;
        const rules = { order, switchedOff, fourUntil: inDays(this.#now, fourDays) };
        await changeAutomation(ctx, { what: 'file', text: rulesText(rules) });
        return this.#naive.rule(rules);
      }
      case 'door':
        imported(
          await this.#inbox.importReport(
            shopCluster({ image: SHOP, isOpen: command.isOpen }),
            SHOP_CLUSTER,
            'cluster.json',
          ),
        );
        return this.#naive.door(command.isOpen);
      case 'flaw behind it':
        return this.#flawBehindTheDoor(command.isThere);
      case 'vex':
        await this.#importVex(command.harmless);
        return this.#naive.vex(command.harmless);
      case 'needs approval':
        this.#needsApproval = command.needs;
        await chooseAcceptanceRules(ctx, { needsApproval: command.needs });
        return;
      case 'accept':
        return this.#accept(command.flaw, inDays(this.#now, command.days));
      case 'answer':
        return this.#answer(command);
      case 'deliver':
        await deliverDue(ctx, OUTSIDE);
        await followTickets(ctx, OUTSIDE);
        return this.#naive.deliver();
      case 'pass':
        this.#moveTo(this.#now + command.days * DAY_MS);
        await sweepIssues(ctx);
        this.#naive.pass(this.#now);
    }
  }

  #moveTo(now: Instant): void {
    this.#now = now;
    this.#inbox.clock.set(now);
    this.#naive.pass(now);
  }

  async #report({ image, words, daysLate }: Extract<Command, { is: 'report' }>): Promise<void> {
    const at = this.#now - daysLate * DAY_MS;
    const shown = FLAWS.flatMap((id, index) => {
      const word = words[index] ?? null;
      return word === null ? [] : [[id, word] as const];
    });
    const vulnerabilities = shown.map(([id, severity]) => flaw(id, { severity: severity.toUpperCase() }));
    const { sentences } = imported(
      await this.#inbox.importReport(imageReport({ image, digest: 'one', at, vulnerabilities })),
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
    this.#naive.report(image, { scan, at, flaws: new Map(shown) });
  }

  async #flawBehindTheDoor(isThere: boolean): Promise<void> {
    const vulnerabilities = isThere ? [BEHIND] : [];
    imported(await this.#inbox.importReport(imageReport({ image: SHOP, at: this.#now, vulnerabilities })));
    this.#naive.flawBehindIt(isThere);
  }

  /** A document of the vendor in the place of the one before. */
  async #importVex(harmless: readonly string[]): Promise<void> {
    const timestamp = instantText(this.#now);
    const document = {
      '@context': 'https://openvex.dev/ns/v0.2.0',
      '@id': 'https://vendor.example.com/vex',
      author: 'vendor',
      timestamp,
      version: this.#now,
      statements: FLAWS.map((name) => ({
        vulnerability: { name },
        products: [{ '@id': `pkg:deb/debian/${flaw(name).pkg}` }],
        timestamp,
        ...(harmless.includes(name)
          ? { status: 'not_affected', justification: 'vulnerable_code_not_present' }
          : { status: 'under_investigation' }),
      })),
    };
    imported(await this.#inbox.importReport(document, { source: 'vendor' }, 'vendor.vex.json'));
  }

  async #act(flaws: readonly string[], action: IssueAction): Promise<void> {
    const selection = { ids: flaws.flatMap((each) => this.#ids.get(each) ?? []) };
    const { action: name } = await actOnIssues(this.#inbox.ctx, {
      selection,
      action,
      isTold: false,
      expected: null,
    });
    this.#actions.push(name);
    this.#naive.act(flaws, action);
  }

  async #undo(back: number): Promise<void> {
    const index = this.#actions.length - 1 - back;
    const action = this.#actions[index] ?? null;
    if (action === null) return;
    this.#actions[index] = null;
    await undoAction(this.#inbox.ctx, { action });
    this.#naive.undo(index);
  }

  async #unreport(image: string): Promise<void> {
    const scanId = this.#scans.get(image)?.pop();
    if (scanId === undefined) return;
    await undoImport(this.#inbox.ctx, { scanId });
    this.#naive.unreport(image, scanId);
  }

  async #accept(flawId: string, until: Instant): Promise<void> {
    const id = this.#ids.get(flawId);
    if (id === undefined) return;
    const action: IssueAction = { do: 'mute', reason: 'x', because: 'risk_accepted', until };
    const { action: name } = await actOnIssue(this.#inbox.ctx, { id, action });
    if (this.#needsApproval) return this.#naive.ask({ flaw: flawId, until });
    this.#actions.push(name);
    this.#naive.act([flawId], action);
  }

  async #answer({ which, isApproved }: Extract<Command, { is: 'answer' }>): Promise<void> {
    const request = this.#naive.requests[which];
    const asked = (await listAcceptances(this.#inbox.ctx))[which];
    if (request === undefined || asked === undefined) return;
    const boss = { ...this.#inbox.ctx, actor: { name: 'boss', role: 'administer' as const } };
    const { action } = await decideAcceptance(boss, { id: asked.id, isApproved });
    if (isApproved) this.#actions.push(action);
    this.#naive.answer(request, isApproved);
  }

  async compare(): Promise<void> {
    const { rows } = await this.#inbox.database.pool.query<{ told: Told }>({
      name: 'told',
      text: TOLD,
      values: [new Date(this.#now)],
    });
    const { issues, tickets, requests } = rows[0]?.told ?? { issues: [], tickets: [], requests: [] };
    this.#ids = new Map(issues.map((issue) => [issue.flaw, issue.id]));
    for (const issue of issues) this.#flaws.set(issue.id, issue.flaw);
    const kept = this.#world.tracker.tickets;
    const stored = {
      rows: issues.map(rowOf),
      tickets: tickets
        .map(({ key, issue, ...ticket }) => ({
          flaw: this.#flaws.get(issue),
          ...ticket,
          isClosed: kept.some(({ number, isClosed }) => key === `#${number}` && isClosed === true),
        }))
        .toSorted(byTicket),
      requests,
    };
    const naive = this.#naive;
    deepStrictEqual(stored, {
      rows: naive.rows().toSorted(byFlaw),
      tickets: naive.tickets.toSorted(byTicket),
      requests: naive.requests.toSorted(byFlaw),
    });
  }
}

const byFlaw = (a: { readonly flaw: string }, b: { readonly flaw: string }) => (a.flaw < b.flaw ? -1 : 1);
const byTicket = (
  a: { readonly flaw?: string | undefined; readonly rule: string },
  b: { readonly flaw?: string | undefined; readonly rule: string },
) => (`${a.flaw} ${a.rule}` < `${b.flaw} ${b.rule}` ? -1 : 1);

interface Told {
  readonly issues: readonly (Pick<NaiveRow, 'flaw' | 'status'> &
    Omit<NonNullable<NaiveRow['stand']>, 'severity'> & {
      readonly id: string;
      readonly severity: number;
    })[];
  readonly tickets: readonly {
    readonly issue: string;
    readonly rule: string;
    readonly state: string;
    readonly key: string | null;
  }[];
  readonly requests: readonly { readonly flaw: string; readonly until: Instant }[];
}

const instant = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`;

/** All that is stored of what the naive inbox says, in one answer. */
const TOLD = `select jsonb_build_object(
  'issues', (select coalesce(jsonb_agg(jsonb_build_object('flaw', coalesce(advisory, type), 'id', id, 'status', status, 'severity', severity, 'resources', resources,
      'findings', open_findings, 'isMuted', is_muted, 'isAdmitted', is_admitted, 'dueAt', ${instant('due_at')}, 'assignee', assignee, 'team', team,
      'snoozedUntil', ${instant('snoozed_until')}, 'regressedAt', ${instant('regressed_at')}) order by advisory), '[]') from issue where advisory is distinct from '${BEHIND.id}'),
  'tickets', (select coalesce(jsonb_agg(jsonb_build_object('issue', issue_id, 'rule', substr(origin, 6), 'state', state, 'key', key)), '[]') from delivery where kind = 'ticket'),
  'requests', (select coalesce(jsonb_agg(jsonb_build_object('flaw', advisory, 'until', ${instant('until_at')}) order by advisory), '[]')
      from acceptance join issue on issue.shard = acceptance.shard and issue.id = acceptance.issue_id where decided_at is null and until_at > $1)
) as told`;

function rowOf({ id, flaw: flawId, status, severity, ...more }: Told['issues'][number]): NaiveRow {
  if (status === 'resolved') return { flaw: flawId, status, stand: null };
  const word = SEVERITIES[SEVERITIES.length - 1 - severity] ?? 'info';
  return { flaw: flawId, status, stand: { severity: word, ...more } };
}

/** All that was stored, but for the people, the tracker and what the program brings. Emptying tables anew would make the database plan each statement anew. */
async function forgetEverything({ inbox, tracker }: ModelWorld): Promise<void> {
  const { pool } = inbox.database;
  tracker.tickets.length = 0;
  tracker.asked.length = 0;
  await chooseAcceptanceRules(inbox.ctx, { needsApproval: false });
  const { rows } = await pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' and tablename <> all('{migration,organisation,person,receiver}') and tablename not like 'feed%'",
  );
  const looks = rows.map(({ name }) => `select '${name}' as name where exists (select from ${name})`);
  const filled = await pool.query<{ name: string }>(looks.join(' union all '));
  if (filled.rows.length > 0)
    await pool.query(filled.rows.map(({ name }) => `delete from ${name};`).join(' '));
}
