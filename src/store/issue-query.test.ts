import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UNNARROWED } from '#app/unnarrowed.ts';
import { DAY_MS } from '#base/instant.ts';
import { FINDING_TYPES } from '#domain/finding/finding-type.ts';
import type { InboxFilter } from '#domain/ports/inbox-store.ts';
import { evaluateQuery, type QueryFacts } from '#domain/query/evaluate-query.ts';
import { narrowInbox } from '#domain/query/narrow-inbox.ts';
import { printQuery } from '#domain/query/print-query.ts';
import { queries, TEST_NOW } from '#domain/query/query.test-sample.ts';
import { fieldsOf, type Query } from '#domain/query/query.ts';
import { DETECTED_RISKS } from '#domain/risk/detected-risk.ts';
import { SEVERITIES, severityRank } from '#domain/severity/severity.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.ts';
import { PostgresInboxStore } from './inbox.ts';
import { issueCondition } from './issue-query.ts';
import { saveSearchedTexts } from './issue-search.ts';
import { organisationOf } from './organisation.ts';

const organisation = organisationOf(1n);
const { shard } = organisation;
const clock = { now: () => TEST_NOW };

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** What stands in rows and is asked for, whole or in part. */
const TEXTS = [
  'Platform',
  'plat_form',
  '100%',
  'a\\b',
  'ÄRGER',
  'ärger',
  'ΣΟΦΟΣ',
  'σοφός',
  'İx',
  '',
  ' a  B ',
  '😀é',
  'x',
];
const PARTS = [
  ...TEXTS.filter((text) => text !== ''),
  'form',
  '_',
  '%',
  '\\',
  'σ',
  'ς',
  'A',
  'Ä',
  '😀',
  '0',
  '\n',
  '|',
  'default.*',
];
const text = fc.constantFrom(...TEXTS);
const name = fc.option(text);
const instant = fc.integer({ min: -80, max: 80 }).map((halfDays) => TEST_NOW + (halfDays * DAY_MS) / 2);

const findings = fc.record({
  is_open: fc.boolean(),
  resource_key: text,
  resource_name: text,
  resource_kind: text,
  control: name,
  tool_check: name,
  sightings: fc.uniqueArray(fc.record({ scope: fc.nat({ max: 2 }), isGone: fc.boolean() }), {
    selector: ({ scope }) => scope,
    maxLength: 2,
  }),
});

const rows = fc.record({
  key: fc.oneof(text, fc.constant('two\nlines')),
  type: fc.constantFrom(...FINDING_TYPES),
  title: fc.oneof(text, fc.constant('Platform\nÄrger\n')),
  advisory: name,
  severity: fc.integer({ min: 0, max: 4 }),
  score: fc.oneof(
    fc.integer({ min: 0, max: 100 }).map((tenths) => tenths / 10),
    fc.integer({ min: 0, max: 1000 }).map((hundredths) => hundredths / 100),
  ),
  risks: fc.array(fc.constantFrom('yes', 'no', 'unknown'), { minLength: 5, maxLength: 5 }),
  resources: fc.nat({ max: 12 }),
  services: fc.nat({ max: 5 }),
  is_admitted: fc.boolean(),
  admitted_by: fc.array(fc.constantFrom('default.secret', 'by-hand', 'ÄRGER', 'a_b'), { maxLength: 2 }),
  is_muted: fc.boolean(),
  status: fc.constantFrom('open', 'open', 'in_progress', 'snoozed', 'resolved'),
  due_at: fc.option(instant),
  assignee: name,
  team: name,
  service_names: fc.option(fc.uniqueArray(text, { maxLength: 2 })),
  accounts: fc.option(fc.uniqueArray(text, { maxLength: 2 })),
  fix: name,
  snoozed_until: fc.option(instant),
  regressed_at: fc.option(instant),
  first_seen: instant,
  findings: fc.array(findings, { maxLength: 3 }),
});
type Row = typeof rows extends fc.Arbitrary<infer T> ? T : never;
/** Resources that findings are on, and workloads that run what they are on. */
const places = fc.record({
  on: text,
  isRunner: fc.boolean(),
  region: name,
  namespace: text,
  tags: fc.array(fc.tuple(text, text), { maxLength: 2 }).map((pairs) => Object.fromEntries(pairs)),
});
type Place = typeof places extends fc.Arbitrary<infer T> ? T : never;
interface Source {
  readonly name: string;
  readonly tool: string;
}

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
const idOf = (index: number) => String(index).padStart(16, '0');

async function store(
  all: readonly Row[],
  sources: readonly Source[],
  estate: readonly Place[],
): Promise<void> {
  const { pool } = database;
  await pool.query('delete from issue; delete from issue_text; delete from finding; delete from sighting');
  await pool.query('delete from issue_tally; delete from scope; delete from source');
  await pool.query('delete from resource; delete from relation');
  const runner = ({ namespace }: Place, index: number) =>
    `k8s:arn:x/y/apps/Deployment/${namespace}/w${index}`;
  await insert(
    'resource',
    estate.map((place, index) => ({
      shard: String(shard),
      key: place.isRunner ? runner(place, index) : place.on,
      kind: place.isRunner ? 'kubernetes' : 'host',
      type: 'x',
      name: 'x',
      region: place.region,
      tags: place.tags,
      services: [],
      is_second_hand: false,
      production: {},
      publicly_accessible: {},
      privileged_access: {},
      exposure: [],
      privilege: {},
    })),
  );
  await insert(
    'relation',
    estate.flatMap((place, index) =>
      place.isRunner
        ? [
            {
              shard: String(shard),
              kind: 'runs-image',
              from_key: runner(place, index),
              to_key: place.on,
              digest: '',
              image_id: '',
              reference: '',
              source_id: 's0',
              seen_at: iso(TEST_NOW),
            },
          ]
        : [],
    ),
  );
  await insert(
    'source',
    sources.map(({ name, tool }, index) => ({
      organisation: '1',
      id: `s${index}`,
      name,
      tool,
      is_named: true,
      created_at: iso(TEST_NOW),
      looks: [],
    })),
  );
  await insert(
    'scope',
    sources.map((_, index) => ({
      organisation: '1',
      id: index,
      source_id: `s${index}`,
      key: '',
      keys: {},
      services: [],
      first_report_at: iso(TEST_NOW),
      last_report_at: iso(TEST_NOW),
      is_counting: true,
    })),
  );
  await insert(
    'issue',
    all.map(({ risks, findings: members, ...row }, index) => {
      const bits = (state: string) =>
        risks.reduce((sum, each, bit) => sum | (each === state ? 1 << bit : 0), 0);
      return {
        ...row,
        shard: String(shard),
        id: idOf(index),
        risks_yes: bits('yes'),
        risks_unknown: bits('unknown'),
        risk_count: risks.filter((each) => each === 'yes').length,
        impact: row.resources + row.services,
        rank: String((BigInt(row.severity) << 48n) + BigInt(index)),
        held_back_by: [],
        open_findings: members.filter((each) => each.is_open).length,
        due_at: iso(row.due_at),
        snoozed_until: iso(row.snoozed_until),
        regressed_at: iso(row.regressed_at),
        first_seen: iso(row.first_seen),
        version: '1',
      };
    }),
  );
  const members = all.flatMap((row, issue) =>
    row.findings.map((finding, place) => ({ ...finding, issue, place })),
  );
  const fingerprint = ({ issue, place }: { issue: number; place: number }) =>
    `00000000-0000-0000-${String(issue).padStart(4, '0')}-${String(place).padStart(12, '0')}`;
  await insert(
    'finding',
    members.map(({ sightings: _, ...finding }) => ({
      ...finding,
      shard: String(shard),
      fingerprint: fingerprint(finding),
      issue_id: idOf(finding.issue),
      issue_key: '',
      type: 'secret',
      place: '',
      first_seen: iso(TEST_NOW),
      summary: {},
      likeness: 0,
    })),
  );
  await insert(
    'sighting',
    members.flatMap((finding) =>
      finding.sightings.map(({ scope, isGone }) => ({
        shard: String(shard),
        scope_id: scope,
        fingerprint: fingerprint(finding),
        content_hash: 0,
        occurrences: 1,
        cover: 0,
        first_seen: iso(TEST_NOW),
        changed_at: iso(TEST_NOW),
        gone_at: isGone ? iso(TEST_NOW) : null,
        content: {},
      })),
    ),
  );
  const connection = await pool.connect();
  await saveSearchedTexts(
    connection,
    shard,
    all.map(({ title, key }, index) => ({ id: idOf(index), title, key })),
  );
  connection.release();
  await pool.query(
    `insert into issue_tally select shard, status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, held_back_by, count(*), sum(open_findings)
     from issue group by 1, 2, 3, 4, 5, 6, 7, 8, 9`,
  );
}

async function insert(table: string, records: readonly object[]): Promise<void> {
  const { rows } = await database.pool.query<{ columns: string }>(
    `select string_agg(attname, ', ') as columns from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  const columns = rows[0]?.columns;
  await database.pool.query(
    `insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1)`,
    [JSON.stringify(records)],
  );
}

function factsOf(row: Row, index: number, sources: readonly Source[], estate: readonly Place[]): QueryFacts {
  const known = <T extends string | number>(...values: readonly (T | null)[]) => ({
    values: values.filter((value) => value !== null),
  });
  const yesOrNo = (is: boolean) => known(is ? 'yes' : 'no');
  const members = row.findings.filter((finding) => finding.is_open || row.status === 'resolved');
  const shown = members
    .flatMap((finding) => finding.sightings)
    .filter(({ isGone }) => !isGone || row.status === 'resolved')
    .map(({ scope }) => sources[scope] as Source);
  const at = members.flatMap((each) => estate.filter(({ on }) => on === each.resource_key));
  const risks = (state: string) => DETECTED_RISKS.filter((_, bit) => row.risks[bit] === state);
  return {
    words: known(`${row.title}\n${row.key}`),
    severity: known(SEVERITIES.find((severity) => severityRank(severity) === row.severity) ?? null),
    score: known(Math.round(row.score * 10) / 10),
    type: known(row.type),
    risk: { values: risks('yes'), unknown: risks('unknown') },
    unknown: { values: risks('unknown') },
    risk_count: known(risks('yes').length),
    status: known(row.status),
    muted: yesOrNo(row.is_muted),
    admitted: yesOrNo(row.is_admitted),
    admitted_by: known(...row.admitted_by),
    due: known(row.due_at),
    overdue: yesOrNo(row.due_at !== null && row.due_at <= TEST_NOW && row.status !== 'resolved'),
    snoozed: known(row.snoozed_until),
    regressed: known(row.regressed_at),
    first_seen: known(row.first_seen),
    assignee: known(row.assignee),
    team: known(row.team),
    service: known(...(row.service_names ?? [])),
    account: known(...(row.accounts ?? [])),
    fix: known(row.fix),
    title: known(row.title),
    key: known(row.key),
    id: known(idOf(index)),
    advisory: known(row.advisory),
    resources: known(row.resources),
    services: known(row.services),
    impact: known(row.resources + row.services),
    findings: known(row.findings.filter((finding) => finding.is_open).length),
    resource: known(...members.flatMap((each) => [each.resource_key, each.resource_name])),
    kind: known(...members.map((each) => each.resource_kind)),
    region: known(...at.map(({ region }) => region)),
    namespace: known(
      ...at.map(({ isRunner, namespace }) => (isRunner && namespace !== '' ? namespace : null)),
    ),
    tag: known(...at.flatMap(({ tags }) => Object.entries(tags).map(([key, value]) => `${key}=${value}`))),
    control: known(...members.map((each) => each.control)),
    check: known(...members.map((each) => each.tool_check)),
    source: known(...shown.map((each) => each.name)),
    tool: known(...shown.map((each) => each.tool)),
  };
}

/** Yes, no or unknown for each issue, as the database says it. */
async function statesOf(query: Query): Promise<readonly string[]> {
  const values: unknown[] = [shard];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const sql = issueCondition(query, { organisation, now: TEST_NOW, bind });
  const result = await database.pool.query<{ holds: boolean | null }>(
    `select ${sql} as holds from issue where issue.shard = $1 order by id`,
    values,
  );
  return result.rows.map(({ holds }) => (holds === null ? 'unknown' : holds ? 'yes' : 'no'));
}

const PLAIN: InboxFilter = {
  all: false,
  ...UNNARROWED,
  condition: null,
};

/** Whether an issue is listed for a query, with what holds where the query does not say otherwise. */
function isListed(query: Query, facts: QueryFacts): boolean {
  const named = fieldsOf(query);
  const is = (field: 'status' | 'muted' | 'admitted', ...words: readonly string[]) =>
    named.has(field) || words.includes(String(facts[field]?.values[0]));
  return (
    is('status', 'open', 'in_progress') &&
    is('muted', 'no') &&
    is('admitted', 'yes') &&
    evaluateQuery(query, facts, TEST_NOW) === 'yes'
  );
}

test('the database says of any query what the evaluation in memory says, and lists and counts by it', async () => {
  const fields = new Set<string>();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(rows, { minLength: 1, maxLength: 14 }),
      fc.array(fc.record({ name: text, tool: text }), { minLength: 3, maxLength: 3 }),
      fc.uniqueArray(places, { maxLength: 6, selector: ({ on, isRunner }) => `${on} ${isRunner}` }),
      fc.array(queries(fc.constantFrom(...PARTS)), { minLength: 40, maxLength: 40 }),
      async (all, sources, estate, asked) => {
        await store(all, sources, estate);
        // Its first searches ask the database, the others look in memory.
        const inbox = new PostgresInboxStore(database.pool, organisation, clock);
        const facts = all.map((row, index) => factsOf(row, index, sources, estate));
        for (const field of facts.flatMap((each) => Object.keys(each))) fields.add(field);
        for (const query of asked) {
          const states = facts.map((each) => evaluateQuery(query, each, TEST_NOW));
          const text = printQuery(query);
          expect([text, await statesOf(query)]).toEqual([text, states]);
          for (const field of fieldsOf(query)) for (const state of states) seen.add(`${field} ${state}`);
          const filter = narrowInbox(PLAIN, query);
          const listed = await inbox.list({ ...filter, after: null, limit: 100 });
          expect([text, listed.map((row) => row.id).toSorted()]).toEqual([
            text,
            facts.flatMap((each, index) => (isListed(query, each) ? [idOf(index)] : [])),
          ]);
          expect([text, (await inbox.counts(filter)).totals.total]).toEqual([text, listed.length]);
        }
      },
    ),
    // To make it smaller takes minutes, and the message names the query.
    { numRuns: 8, endOnFailure: true },
  );
  // Each field was met where it holds and where it does not.
  fields.delete('id');
  for (const field of fields)
    expect([field, seen.has(`${field} yes`), seen.has(`${field} no`)]).toEqual([field, true, true]);
});
