import type { Instant } from '#base/instant.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { AssessedMember } from '#domain/inbox/assess-issue.ts';
import { isMuted } from '#domain/inbox/decisions.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { ExportedFinding, ExportedMute, ExportStore } from '#domain/ports/export-store.ts';
import type { IssueRow, MuteReason } from '#domain/ports/inbox-store.ts';
import { assessFindings } from './assess-issues.ts';
import type { Pool } from './database.ts';
import type { Organisation } from './organisation.ts';

const FINDINGS_PER_PART = 2_000;
/** With the reason of each: that is worked out and not only read. */
const ASSESSED_PER_PART = 500;

interface ExportRow {
  readonly fingerprint: string;
  readonly issue_id: string;
  readonly place_of_issue: number;
  readonly advisory: string | null;
  readonly control: string | null;
  readonly tool_check: string | null;
  readonly resource_key: string;
  readonly resource_kind: string;
  readonly resource_name: string;
  readonly place: string;
  readonly summary: Pick<FindingSummary, 'title' | 'fix' | 'locations'>;
  readonly first_seen: Instant;
  readonly because: MuteReason | null;
}

/** Findings for exports, in PostgreSQL. */
export class PostgresExportStore implements ExportStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async *findings(issues: readonly IssueRow[]): AsyncGenerator<readonly ExportedFinding[]> {
    for await (const rows of this.#parts(issues, '', FINDINGS_PER_PART))
      yield rows.map((row) => exportedOf(row, null));
  }

  async *muted(issues: readonly IssueRow[]): AsyncGenerator<readonly ExportedFinding[]> {
    const now = this.#clock.now();
    for await (const rows of this.#parts(issues, 'and finding.advisory is not null', ASSESSED_PER_PART)) {
      const assessed = await assessFindings(
        this.#pool,
        this.#organisation,
        now,
        rows.map(({ fingerprint }) => fingerprint),
      );
      const members = new Map(
        assessed.flatMap(({ assessed: { members: own } }) =>
          own.map((member) => [member.finding.fingerprint, member] as const),
        ),
      );
      yield rows.flatMap((row) => {
        const member = members.get(row.fingerprint);
        return member?.isMuted === true ? [exportedOf(row, muteOf(member, row.because, now))] : [];
      });
    }
  }

  async *#parts(
    issues: readonly IssueRow[],
    condition: string,
    size: number,
  ): AsyncGenerator<readonly ExportRow[]> {
    let after: readonly [place: number, fingerprint: string] = [0, '00000000-0000-0000-0000-000000000000'];
    for (;;) {
      const result = await this.#pool.query<ExportRow>(
        `select finding.fingerprint, finding.issue_id, wanted.place_of_issue::integer as place_of_issue, advisory, control, tool_check, resource_key, resource_kind, resource_name, finding.place,
           jsonb_build_object('title', summary -> 'title', 'fix', summary -> 'fix', 'locations', summary -> 'locations') as summary, first_seen, decision.value ->> 'because' as because
         from unnest($2::text[]) with ordinality as wanted (id, place_of_issue)
         join finding on finding.shard = $1 and finding.issue_id = wanted.id and finding.is_open
         left join decision on decision.shard = $1 and decision.fingerprint = finding.fingerprint and decision.kind = 'mute'
         where (wanted.place_of_issue, finding.fingerprint) > ($3::bigint, $4::uuid) ${condition}
         order by wanted.place_of_issue, finding.fingerprint limit $5`,
        [this.#organisation.shard, issues.map(({ id }) => id), ...after, size],
      );
      const last = result.rows.at(-1);
      if (last === undefined) return;
      yield result.rows;
      if (result.rows.length < size) return;
      after = [last.place_of_issue, last.fingerprint];
    }
  }
}

/** Of a person before a statement, and of a statement before a rule: what is said by whom knows most. */
function muteOf(
  { decisions, vex, automation }: AssessedMember,
  because: MuteReason | null,
  now: Instant,
): ExportedMute {
  if (isMuted(decisions, now) && decisions.mute !== null) {
    const { reason, until, at } = decisions.mute;
    return { vex: null, because, reason, until, at };
  }
  if (vex !== undefined)
    return { vex, because: null, reason: vex.statement ?? '', until: null, at: vex.statedAt };
  const action = automation.mute?.action;
  return {
    vex: null,
    because: action?.reason ?? null,
    reason: action?.description ?? automation.mute?.name ?? '',
    until: action?.until ?? null,
    at: null,
  };
}

function exportedOf(row: ExportRow, mute: ExportedMute | null): ExportedFinding {
  return {
    fingerprint: row.fingerprint,
    issueId: row.issue_id,
    title: row.summary.title,
    advisory: row.advisory,
    control: row.control,
    toolCheck: row.tool_check,
    resource: { key: row.resource_key, kind: row.resource_kind, name: row.resource_name },
    place: row.place,
    locations: row.summary.locations ?? [],
    fix: row.summary.fix,
    firstSeen: row.first_seen,
    mute,
  };
}
