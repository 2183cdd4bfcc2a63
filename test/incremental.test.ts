import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { changeAutomation, previewAutomation } from '../src/app/change-automation.ts';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { DAY_MS, type Instant } from '../src/base/instant.ts';
import type { AdvisoryFact, FeedId } from '../src/domain/ports/intelligence-feed.ts';
import { DETECTED_RISKS } from '../src/domain/risk/detected-risk.ts';
import { severityRank } from '../src/domain/severity/severity.ts';
import { assessIssues, type LoadedIssue } from '../src/store/assess-issues.ts';
import { refreshFindings } from '../src/store/findings.ts';
import { organisationOf } from '../src/store/organisation.ts';
import { matchesOf } from '../src/store/rule-matches.ts';
import { attack, deployment, namespaceOf, type ShopWorkload } from './support/cluster-reports.ts';
import { expectDerivedTables } from './support/derived-tables.ts';
import { sarifReport } from './support/other-reports.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { imageReport, type Vulnerability } from './support/trivy-report.ts';

// What is stored after many small changes is what one would store who looked at everything anew. Longer:
// INCREMENTAL_ROUNDS=600 node node_modules/vitest/vitest.mjs run test/incremental.test.ts

const ROUNDS = Number(process.env['INCREMENTAL_ROUNDS'] ?? 25);
const CHANGES_MIN = ROUNDS * 400;
const SEED = 20261128;
const ORGANISATION = organisationOf(1n);

const CVES = Array.from({ length: 40 }, (_, index) => `CVE-2026-${1000 + index}`);
const IMAGES = ['cart', 'shop', 'bank'];
const WORKLOADS = ['cart', 'shop', 'bank', 'batch'];
const WORDS = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'];
const CLUSTER = { scope: { cluster: 'blue' } };
const CODE: Partial<ImportOptions> = { services: ['web'], source: 'code', confirm: true };

/** mulberry32: the same changes in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = randomFrom(SEED);
const chance = (share: number) => random() < share;
const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;

interface Flaw extends Vulnerability {
  readonly pkg: string;
}

/** The estate as it is; reports tell of it what they can see. */
class World {
  changes = 0;
  readonly flaws = new Map<string, Map<string, Flaw>>(IMAGES.map((image) => [image, new Map()]));
  readonly builds = new Map<string, number>(IMAGES.map((image) => [image, 1]));
  readonly workloads = new Map<string, ShopWorkload>(
    WORKLOADS.map((name) => [
      name,
      {
        environment: null,
        service: null,
        isPublic: false,
        isThere: true,
        image: name === 'batch' ? 'cart' : name,
      },
    ]),
  );
  readonly rules = new Set<string>();
  readonly epss = new Map<string, number>();
  readonly emerging = new Set<string>();
  readonly kev = new Set<string>();
  readonly exploits = new Set<string>();
  readonly modules = new Set<string>();
  readonly templates = new Set<string>();
  readonly records = new Map<string, { readonly publishedAt: Instant; readonly version: number }>();

  flipFlaws(image: string, times: number, at: Instant): unknown {
    const flaws = this.flaws.get(image) as Map<string, Flaw>;
    for (let time = 0; time < times; time++) {
      const id = pick(CVES);
      const pkg = pick(['openssl', 'zlib', 'curl', 'glibc']);
      const key = `${id} ${pkg}`;
      if (flaws.has(key) && chance(0.5)) flaws.delete(key);
      else
        flaws.set(key, {
          id,
          pkg,
          severity: pick(WORDS),
          fixed: chance(0.5) ? '2.0' : null,
          title: pick(['A flaw', 'Another flaw']),
          purlType: chance(0.3) ? 'npm' : 'deb',
        });
    }
    if (chance(0.2)) this.builds.set(image, (this.builds.get(image) ?? 0) + 1);
    this.changes += times;
    // Neither side knows more than the tag, so that workloads run what was scanned.
    return imageReport({
      image: `registry.example.com/${image}:1`,
      at,
      vulnerabilities: [...flaws.values()],
    });
  }

  /** Flaws in the code of a service, which has the risks of what runs it. */
  flipCode(times: number): unknown {
    for (let time = 0; time < times; time++) {
      const rule = pick(['injection', 'traversal', 'deserialization']);
      if (!this.rules.delete(rule)) this.rules.add(rule);
    }
    this.changes += times;
    return sarifReport({
      repository: 'https://github.com/acme/web',
      results: [...this.rules].map((rule) => ({ rule })),
    });
  }

  /** A service of one workload takes requests of the internet now, or no longer. */
  openOrClose(name: string): unknown {
    const workload = this.workloads.get(name) as ShopWorkload;
    workload.isPublic = !workload.isPublic;
    workload.isThere = true;
    this.changes++;
    return this.cluster();
  }

  flipWorkloads(times: number): unknown {
    for (let time = 0; time < times; time++) {
      const workload = this.workloads.get(pick(WORKLOADS)) as ShopWorkload;
      const what = random();
      if (what < 0.3) workload.isPublic = !workload.isPublic;
      else if (what < 0.55) workload.environment = pick([null, 'production', 'staging']);
      else if (what < 0.75) workload.service = pick([null, 'web', 'payments']);
      else if (what < 0.9) workload.image = pick(IMAGES);
      else workload.isThere = !workload.isThere;
    }
    this.changes += times;
    return this.cluster();
  }

  cluster(): unknown {
    const there = [...this.workloads].filter(([, workload]) => workload.isThere);
    const deployments = there.map(([name, workload]) =>
      deployment(name, workload, this.builds.get(workload.image)),
    );
    const services = there.map(([name, { isPublic }]) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'shop' },
      spec: {
        type: isPublic ? 'LoadBalancer' : 'ClusterIP',
        selector: { app: name },
        ports: [{ port: 443, targetPort: 8443, protocol: 'TCP' }],
      },
      status: isPublic ? { loadBalancer: { ingress: [{ ip: '52.16.0.9' }] } } : {},
    }));
    return {
      apiVersion: 'v1',
      kind: 'List',
      metadata: { resourceVersion: '' },
      items: [...deployments, ...services, namespaceOf('shop'), namespaceOf('other')],
    };
  }

  flipFacts(feed: Exclude<FeedId, 'osv' | 'ghsa'>, times: number, now: Instant): readonly AdvisoryFact[] {
    for (let time = 0; time < times; time++) {
      const id = pick(CVES);
      if (feed === 'emerging') toggle(this.emerging, id);
      else if (feed === 'kev') toggle(this.kev, id);
      else if (feed === 'exploitdb') toggle(this.exploits, id);
      else if (feed === 'metasploit') toggle(this.modules, id);
      else if (feed === 'nuclei') toggle(this.templates, id);
      else if (feed === 'epss') this.epss.set(id, random() < 0.5 ? random() * 0.03 : random() * 0.3);
      else this.records.set(id, { publishedAt: now - Math.floor(random() * 120) * DAY_MS, version: time });
    }
    this.changes += times;
    switch (feed) {
      case 'emerging':
        return [...this.emerging].map((advisory) => ({
          kind: 'emerging',
          advisory,
          until: now + DAY_MS,
          reason: null,
        }));
      case 'kev':
        return [...this.kev].map((advisory) => ({
          kind: 'exploited',
          advisory,
          title: 'Listed',
          dateAdded: START,
          dueDate: null,
          ransomware: 'unknown',
        }));
      case 'exploitdb':
        return [...this.exploits].map((advisory) => ({
          kind: 'exploit',
          advisory,
          reference: 'EDB-1',
          type: null,
          platform: null,
          publishedAt: null,
          verified: null,
          isModule: false,
        }));
      case 'metasploit':
        return [...this.modules].map((advisory) => ({
          kind: 'module',
          advisory,
          name: 'exploit/x',
          isExploit: true,
        }));
      case 'nuclei':
        return [...this.templates].map((advisory) => ({
          kind: 'template',
          advisory,
          path: 'http/cves/x.yaml',
        }));
      case 'epss':
        return [...this.epss].map(([advisory, score]) => ({
          kind: 'epss',
          advisory,
          score,
          percentile: score,
        }));
      case 'nvd':
        return [...this.records].map(([advisory, { publishedAt, version }]) => ({
          kind: 'record',
          advisory,
          rejected: false,
          status: 'Analyzed',
          title: null,
          description: '',
          publishedAt,
          modifiedAt: now,
          claims: [
            {
              provider: 'nvd',
              source: 'nvd@nist.gov',
              version: '3.1',
              score: 7.5,
              vector: `CVSS:3.1/AV:${version % 2 === 0 ? 'N' : 'L'}/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:${version % 3 === 0 ? 'N' : 'H'}`,
            },
          ],
          exploitReferences: version % 5 === 0 ? ['https://example.com/exploit'] : [],
          kev: null,
          cwes: [],
        }));
    }
  }
}

function toggle(set: Set<string>, value: string): void {
  if (!set.delete(value)) set.add(value);
}

let inbox: TestInbox;
beforeAll(async () => {
  inbox = await openTestInbox();
});
afterAll(() => inbox.close());

test('after many changes, each followed at once, everything is stored as if all of it were assessed anew', {
  timeout: ROUNDS * 60_000,
}, async () => {
  const world = new World();
  const kinds = new Set<string>();
  const moving = new Set<string>();
  let now = START;
  for (let round = 0; round < ROUNDS; round++) {
    now += chance(0.1) ? 20 * DAY_MS : DAY_MS;
    inbox.clock.set(now);
    await change(world, now);
    while ((await inbox.ctx.inbox.sweep()) > 0);
    await expectFindings(now);
    await expectIssues(now);
    await expectDerivedTables(inbox.database.pool);
    for (const kind of await kindsOfIssues()) kinds.add(kind);
    if (round % ALONE_EVERY > 0) continue;
    for (const [kind, step] of Object.entries(ALONE)) {
      const before = await detectedRisks();
      await step(world, now);
      await expectIssues(now);
      if (!isDeepStrictEqual(await detectedRisks(), before)) moving.add(kind);
    }
  }
  expect(world.changes).toBeGreaterThanOrEqual(CHANGES_MIN);
  // The world held each kind: nothing of this was equal because nothing was there.
  expect([...kinds].sort()).toEqual([
    'admitted',
    'attacked',
    'exploitable',
    'in production',
    'muted',
    'public',
  ]);
  expect([...moving].sort()).toEqual(Object.keys(ALONE).sort());
});

/** In so many rounds once. */
const ALONE_EVERY = 5;

/** One change, and nothing else that would have its issues assessed anew. */
const ALONE: Readonly<Record<string, (world: World, now: Instant) => Promise<void>>> = {
  'a CVE enters KEV, or leaves it': async (world, now) => {
    toggle(world.kev, pick(CVES));
    world.changes++;
    await tellFeed('kev', world.flipFacts('kev', 0, now), now);
  },
  'a resource becomes public, or private': async (world) => {
    const report = world.openOrClose(pick(WORKLOADS));
    imported(await inbox.importReport(report, { ...CLUSTER, confirm: true }, 'all.json'));
  },
  'a workload comes under attack': async (world, now) => {
    world.changes++;
    const report = JSON.stringify(attack(pick(WORKLOADS), now - 2000));
    imported(await inbox.importReport(report, CLUSTER, 'falco.json'));
  },
};

async function tellFeed(feed: FeedId, facts: readonly AdvisoryFact[], now: Instant): Promise<void> {
  const writer = await inbox.ctx.feedStore.open(feed);
  for (const fact of facts) await writer.add(fact);
  await writer.commit({ id: feed, origin: 'test', version: null, contentAt: now, readAt: now }, 'tester');
}

async function change(world: World, now: Instant): Promise<void> {
  for (const image of IMAGES) {
    const environment = chance(0.1) ? pick(['production', 'staging']) : null;
    const services = chance(0.1) ? [pick(['web', 'payments'])] : [];
    const report = world.flipFlaws(image, 60, now);
    imported(await inbox.importReport(report, { environment, services, confirm: chance(0.5) }));
  }
  if (chance(0.5)) imported(await inbox.importReport(world.flipCode(3), CODE, 'code.sarif'));
  // Whatever comes last must not rely on what comes later to assess its issues anew.
  for (const step of chance(0.5) ? [changeEstate, changeFeeds] : [changeFeeds, changeEstate])
    await step(world, now);
  if (chance(0.35)) await changeRules(world);
  const rows = await inbox.list();
  for (let time = 0; time < 4 && rows.length > 0; time++) {
    const { id } = pick(rows);
    const until = chance(0.5) ? now + 3 * DAY_MS : null;
    if (chance(0.6))
      await inbox.ctx.inbox.decide(id, { kind: 'mute', isMuted: chance(0.6), reason: 'r', until }, 'tester');
    else await inbox.ctx.inbox.decide(id, { kind: 'admit', isAdmitted: chance(0.5), reason: null }, 'tester');
    world.changes++;
  }
}

/** What rules ask for: all that findings share which are alike, and all that tells them apart. */
const CONDITIONS = [
  '',
  'title:another',
  'title:another OR severity:critical',
  '-flaw',
  'first_seen:<now-5d',
  'first_seen:[now-9d TO now-2d] -risk:in_production',
  'resource:*cart*',
  'kind:image',
  'source:*',
  'tool:trivy',
  'environment:production',
  '-environment:production',
  'service:web',
  'team:payments',
  '-team:*',
  'risk:publicly_accessible',
  '-risk:under_attack',
  'unknown:in_production risk_count:<2',
  'known_exploited:yes',
  'cve:CVE-2026-10*',
  'computed_severity:>=high',
  'computed_score:[4 TO 8] -tool:semgrep',
  'check:*injection*',
  'tag:*=* region:eu-*',
  '-namespace:shop tag:team=*',
];
const ACTIONS = [
  ['severity', '{ shift: up_one }'],
  ['severity', '{ shift: down_one }'],
  ['severity', '{ set: low }'],
  ['mute', '{ reason: no_fix }'],
  ['mute', '{ reason: pending_fix, until: 2026-10-20T00:00:00Z }'],
  ['due_date', '{ days: { critical: 3, high: 9, low: 60 } }'],
  ['due_date', '{ days: { critical: 5, medium: 30 }, from: fix_available }'],
  ['inbox', '{ reason: because }'],
  ['assign', '{ person: anna }'],
  ['assign', '{ team: security }'],
] as const;

/** Other rules, on findings of all types, in any order. */
async function changeRules(world: World): Promise<void> {
  const lists = new Map<string, string[]>(ACTIONS.map(([type]) => [type, []]));
  for (let time = 0; time < 6; time++) {
    const [type, action] = pick(ACTIONS);
    const asked = pick(CONDITIONS);
    // A rule that assigns to a team cannot ask for it.
    const when = action.includes('team') && asked.includes('team') ? '' : asked;
    const allowed = type === 'severity' ? when.replace(' OR severity:critical', '') : when;
    lists
      .get(type)
      ?.push(
        `  - { id: rule-${time}, name: Rule, for: [library_vulnerability, infrastructure_vulnerability, code_vulnerability], when: ${JSON.stringify(allowed)}, ${action.slice(1)}`,
      );
  }
  const text = [...lists].map(([type, rules]) => `${type}:\n${rules.join('\n')}`).join('\n');
  const before = await standing();
  const told = await previewAutomation(inbox.ctx, { what: 'file', text });
  expect(await standing()).toEqual(before);
  const changes = await changeAutomation(inbox.ctx, { what: 'file', text });
  world.changes += changes.length;
  // What the preview told is what came.
  const after = await standing();
  const ids = [...before.keys()];
  const isIn = (each: Record<string, unknown> | undefined) =>
    each !== undefined &&
    each['is_admitted'] === true &&
    each['is_muted'] === false &&
    each['is_snoozed'] === false;
  const differing = ids.filter((id) => JSON.stringify(before.get(id)) !== JSON.stringify(after.get(id)));
  expect({ enter: told.enter, leave: told.leave, changed: told.changed }).toEqual({
    enter: differing.filter((id) => !isIn(before.get(id)) && isIn(after.get(id))).length,
    leave: differing.filter((id) => isIn(before.get(id)) && !isIn(after.get(id))).length,
    changed: differing.length,
  });
  const changed = new Set(changes.map(({ id }) => id));
  const matches = (await inbox.ctx.automation.matches()).filter(({ rule }) => changed.has(rule));
  const byRule = (each: { rule: string; takenBy: string | null }) => `${each.rule} ${each.takenBy}`;
  expect(told.matches.toSorted((a, b) => (byRule(a) < byRule(b) ? -1 : 1))).toEqual(
    matches.toSorted((a, b) => (byRule(a) < byRule(b) ? -1 : 1)),
  );
}

/** All of an issue that rules may move, by its id. */
async function standing(): Promise<ReadonlyMap<string, Record<string, unknown>>> {
  const result = await inbox.database.pool.query<Record<string, unknown> & { id: string }>(
    `select id, title, severity, score, is_admitted, admitted_by, is_muted, due_at, assignee, team, status = 'snoozed' as is_snoozed, risks_yes, risks_unknown, resources, services, service_names, accounts, held_back_by, lead, open_findings, regressed_at from issue where status <> 'resolved'`,
  );
  return new Map(result.rows.map((row) => [row.id, row]));
}

async function detectedRisks(): Promise<readonly unknown[]> {
  const result = await inbox.database.pool.query(
    "select id, risks_yes, risks_unknown from issue where status <> 'resolved' order by id",
  );
  return result.rows;
}

async function changeEstate(world: World, now: Instant): Promise<void> {
  imported(await inbox.importReport(world.flipWorkloads(20), { ...CLUSTER, confirm: true }, 'all.json'));
  if (chance(0.3)) {
    imported(
      await inbox.importReport(JSON.stringify(attack(pick(WORKLOADS), now - 1000)), CLUSTER, 'falco.json'),
    );
    world.changes++;
  }
}

async function changeFeeds(world: World, now: Instant): Promise<void> {
  for (const feed of ['emerging', 'kev', 'epss', 'exploitdb', 'metasploit', 'nuclei', 'nvd'] as const) {
    if (chance(0.15)) continue;
    const facts = world.flipFacts(feed, feed === 'epss' ? 150 : 60, now);
    await tellFeed(feed, facts, now);
  }
}

async function kindsOfIssues(): Promise<readonly string[]> {
  const result = await inbox.database.pool.query<{ kind: string }>(
    `select distinct kind from issue, lateral (values ('public', risks_yes & 1 <> 0), ('attacked', risks_yes & 4 <> 0), ('exploitable', risks_yes & 8 <> 0),
       ('in production', risks_yes & 16 <> 0), ('admitted', is_admitted), ('muted', is_muted)) as told (kind, is_so)
     where status <> 'resolved' and is_so`,
  );
  return result.rows.map((row) => row.kind);
}

/** The stored findings are what their sightings say. */
async function expectFindings(now: Instant): Promise<void> {
  const connection = await inbox.database.pool.connect();
  const read = async () => {
    const result = await connection.query<{ fingerprint: string }>(
      'select fingerprint, is_open, likeness, summary from finding order by fingerprint',
    );
    return result.rows;
  };
  try {
    await connection.query('begin');
    const stored = await read();
    await refreshFindings(
      connection,
      ORGANISATION,
      stored.map((row) => row.fingerprint),
      { at: now, why: new Map() },
    );
    expect(stored).toEqual(await read());
  } finally {
    await connection.query('rollback');
    connection.release();
  }
}

/** The stored rows are what the open findings say, each of them looked at with all that is known. */
async function expectIssues(now: Instant): Promise<void> {
  const { pool } = inbox.database;
  const rows = await pool.query<Record<string, unknown> & { id: string; valid_until: Instant | null }>(
    `select id, title, advisory, severity, score, risks_yes, risks_unknown, risk_count, resources, services, impact, rank, is_admitted, admitted_by, held_back_by,
      is_muted, due_at, assignee, team, lead, open_findings, valid_until from issue where status <> 'resolved' order by id`,
  );
  const open = await pool.query<{ id: string }>(
    'select distinct issue_id as id from finding where is_open order by issue_id',
  );
  const ids = open.rows.map((row) => row.id);
  expect(rows.rows.map((row) => row.id)).toEqual(ids);
  const anew = await assessIssues(pool, ORGANISATION, now, ids);
  const expected = anew.toSorted((a, b) => (a.id < b.id ? -1 : 1)).map(rowOf);
  expect(rows.rows.map(({ valid_until: _, ...row }) => row)).toEqual(expected);
  const matches = await pool.query(
    'select issue_id, rule_id, taken_by, findings from rule_match order by issue_id, rule_id, taken_by',
  );
  expect(matches.rows).toEqual(
    anew
      .flatMap(({ id, assessed }) =>
        matchesOf(assessed.members).map(({ rule, takenBy, findings }) => ({
          issue_id: id,
          rule_id: rule,
          taken_by: takenBy ?? '',
          findings,
        })),
      )
      .toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
  );
  // Assessed too early is right as well, too late would be wrong.
  const validUntil = new Map(anew.map((issue) => [issue.id, issue.assessed.validUntil]));
  for (const row of rows.rows) {
    const until = validUntil.get(row.id) ?? null;
    if (until !== null) expect(row.valid_until ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(until);
  }
}

function orderOf(match: { issue_id: string; rule_id: string; taken_by: string }): string {
  return `${match.issue_id} ${match.rule_id} ${match.taken_by}`;
}

function rowOf({ id, advisory, openFindings, assessed }: LoadedIssue): Record<string, unknown> {
  const bits = (state: string) =>
    DETECTED_RISKS.reduce(
      (sum, risk, index) => sum | (assessed.riskStates[risk] === state ? 1 << index : 0),
      0,
    );
  return {
    id,
    title: assessed.title,
    advisory,
    severity: severityRank(assessed.severity),
    score: assessed.score,
    risks_yes: bits('yes'),
    risks_unknown: bits('unknown'),
    risk_count: assessed.riskCount,
    resources: assessed.resources,
    services: assessed.services,
    impact: assessed.impact,
    rank: BigInt(assessed.rank),
    is_admitted: assessed.isAdmitted,
    admitted_by: assessed.admittedBy,
    held_back_by: assessed.heldBackBy,
    is_muted: assessed.isMuted,
    due_at: assessed.dueAt,
    assignee: assessed.assignee,
    team: assessed.team,
    lead: assessed.lead.finding.fingerprint,
    open_findings: openFindings,
  };
}
