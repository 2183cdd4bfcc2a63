import { ahead } from '#base/ahead.ts';
import type { Instant } from '#base/instant.ts';
import { hasRules } from '#domain/automation/rules-in-force.ts';
import { assessClosed, loadSettings } from './assess-issues.ts';
import { type AssessedPart, assessedParts, chunksOf } from './assessed-parts.ts';
import { type Connection, lockOrganisation, type Queryable } from './database.ts';
import { dropEmptyTallies, NEXT_VERSION, talliedStatement } from './issue-tally.ts';
import { tellTurns } from './issue-turns.ts';
import type { Organisation } from './organisation.ts';
import { saveMatches, writtenMatches } from './rule-matches.ts';
import { saveIssues, type WrittenIssues, writtenIssues } from './save-issues.ts';
import { loadStoredIssues } from './stored-issues.ts';
import { wantTickets } from './wanted-tickets.ts';

const RESOLVE = talliedStatement({
  before: (kinds) => `select ${kinds} from issue where shard = $1 and id = any($2::text[])`,
  after: (kinds) =>
    `update issue set status = 'resolved', snoozed_until = null, open_findings = 0, valid_until = null, version = ${NEXT_VERSION} where shard = $1 and id = any($2::text[]) returning ${kinds}`,
  answer: 'select',
});

interface RollUpOptions {
  readonly isRuleChange?: boolean;
  /** Another connection, which sees the same findings, decisions and estate: it reads on while this one stores. */
  readonly reader?: Queryable;
}

/**
 * Assesses the given issues anew from their open findings and stores their rows. The one place where an
 * issue's severity, risks, admission and rank are computed, and where rules act; listings only read them.
 */
export async function rollUpIssues(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  issueIds: Iterable<string>,
  tell: (done: number) => Promise<void> | void = () => undefined,
  { isRuleChange = false, reader = connection }: RollUpOptions = {},
): Promise<void> {
  await lockOrganisation(connection, organisation.id);
  const settings = await loadSettings(connection, organisation, now);
  const hasTickets = settings.automation.rules.ticket.length > 0;
  const { shard } = organisation;
  const moment = { now, isRuleChange };
  // Without rules nothing is matched, unless that is new.
  const mayMatch = isRuleChange || hasRules(settings.automation) || settings.automation.unreadable.size > 0;
  const isAhead = reader !== connection;
  const parts = writtenParts(
    assessedParts(reader, organisation, settings, issueIds, { isAhead, areFindingsSame: isRuleChange }),
    mayMatch,
  );
  let done = 0;
  for await (const { loaded, empty, rows, matches } of isAhead ? ahead(parts) : parts) {
    const ids = loaded.map(({ id }) => id);
    await saveIssues(connection, shard, rows);
    if (matches !== null) await saveMatches(connection, shard, [...ids, ...empty], matches);
    await resolveIssues(connection, shard, empty);
    await tellTurns(connection, shard, now, loaded);
    if (hasTickets) await wantTickets(connection, shard, moment, loaded, empty);
    done += ids.length + empty.length;
    await tell(done);
  }
  await dropEmptyTallies(connection, organisation.shard);
}

/** The same parts with what is stored of them, which is put into words while the database stores the part before. */
async function* writtenParts(
  parts: AsyncIterable<AssessedPart>,
  mayMatch: boolean,
): AsyncGenerator<Omit<AssessedPart, 'stored'> & WrittenPart> {
  for await (const { loaded, empty, stored } of parts)
    yield {
      loaded,
      empty,
      rows: writtenIssues(loaded, stored),
      matches: mayMatch ? writtenMatches(loaded) : null,
    };
}

interface WrittenPart {
  readonly rows: WrittenIssues;
  /** Which rules match; null where there are no rules. */
  readonly matches: string | null;
}

/**
 * Resolved issues of which nobody knows how they stood last: they are what their findings say that closed last,
 * as of now.
 */
export async function restateResolved(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  issueIds: readonly string[],
): Promise<void> {
  const { shard } = organisation;
  for (const chunk of chunksOf(issueIds)) {
    const last = await connection.query<{ fingerprint: string }>(
      `select fingerprint from (select fingerprint, closed_at, max(closed_at) over (partition by issue_id) as last_at
         from finding where shard = $1 and issue_id = any($2::text[])) as closed where closed_at = last_at`,
      [shard, chunk],
    );
    const fingerprints = last.rows.map((row) => row.fingerprint);
    const stored = await loadStoredIssues(connection, shard, chunk);
    const closed = await assessClosed(connection, organisation, now, fingerprints);
    await saveIssues(connection, shard, writtenIssues(closed, stored));
    await resolveIssues(connection, shard, chunk);
  }
  await dropEmptyTallies(connection, shard);
}

async function resolveIssues(connection: Connection, shard: bigint, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await connection.query({ name: 'resolve-issues', text: RESOLVE, values: [shard, ids] });
}
