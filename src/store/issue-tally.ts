import type { Connection } from './database.ts';

/** What the counts of the inbox tell apart. What holds back an admitted issue is nobody's question. */
const KINDS =
  "status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, case when is_admitted then '{}' else held_back_by end as held_back_by";
const NAMES = 'status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, held_back_by';

/** The version that a statement made by `talliedStatement` gives to the issues that it stores. */
export const NEXT_VERSION = '(select version from counted)';

/**
 * A statement that changes rows of `issue`, and the tally and the version of the inbox with them. `before` is a select, or the beginning
 * of a delete, of the rows as they were; `after` the beginning of the insert or update that they go through,
 * with `NEXT_VERSION`, null where they go away; `answer` what is selected in the end, from `before` and `after`. `$1` is the shard.
 * `kinds` stands where the columns go. Whoever writes holds the organisation's lock, so that no row changes
 * between being looked at and being written.
 */
export function talliedStatement(parts: {
  readonly sources?: string;
  readonly before: (kinds: string) => string;
  readonly after: ((kinds: string) => string) | null;
  readonly answer: string;
}): string {
  const { sources = '', before, after, answer } = parts;
  const kinds = `id, open_findings, ${KINDS}`;
  const writes = after === null ? '' : `after as (${after(kinds)}), `;
  if (after !== null && !writes.includes(NEXT_VERSION))
    throw new Error('a statement that stores issues has to give them their version');
  const moves =
    after === null
      ? 'select -1 as change, * from before'
      : 'select -1 as change, * from before union all select 1, * from after';
  const version = 'version = inbox_version.version + 1';
  const counted =
    after === null
      ? `insert into inbox_version (shard, version, forgotten) select $1, 1, 1 where exists (select from before)
         on conflict (shard) do update set ${version}, forgotten = inbox_version.version + 1`
      : `insert into inbox_version (shard, version, forgotten) values ($1, 1, 0) on conflict (shard) do update set ${version}`;
  return `with ${sources}before as (${before(kinds)}), counted as (${counted} returning version), ${writes}tallied as (
      insert into issue_tally (shard, ${NAMES}, issues, open_findings)
      select $1, ${NAMES}, sum(change), sum(change * open_findings) from (${moves}) as moved group by ${NAMES}
      having sum(change) <> 0 or sum(change * open_findings) <> 0
      on conflict (shard, ${NAMES}) do update set
        issues = issue_tally.issues + excluded.issues, open_findings = issue_tally.open_findings + excluded.open_findings)
    ${answer}`;
}

/** Kinds of which no issue is left. */
export async function dropEmptyTallies(connection: Connection, shard: bigint): Promise<void> {
  await connection.query({
    name: 'drop-empty-tallies',
    text: 'delete from issue_tally where shard = $1 and issues = 0',
    values: [shard],
  });
}
