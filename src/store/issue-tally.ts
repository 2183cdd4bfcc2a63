import type { Connection } from './database.ts';

/** What the counts of the inbox tell apart. What holds back an admitted issue is nobody's question. */
const KINDS =
  "status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, case when is_admitted then '{}' else held_back_by end as held_back_by";
const NAMES = 'status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, held_back_by';

/**
 * A statement that changes rows of `issue` and the tally with them. `before` is a select, or the beginning
 * of a delete, of the rows as they were; `after` the beginning of the insert or update that they go through,
 * null where they go away; `answer` what is selected in the end, from `before` and `after`. `$1` is the shard.
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
  const moves =
    after === null
      ? 'select -1 as change, * from before'
      : 'select -1 as change, * from before union all select 1, * from after';
  return `with ${sources}before as (${before(kinds)}), ${writes}tallied as (
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
