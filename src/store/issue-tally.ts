import { getOrMake } from '#base/get-or-make.ts';
import type { Connection } from './database.ts';
import { declared, type RolledIssue } from './rolled-columns.ts';

/** What the counts of the inbox tell apart. What holds back an admitted issue is nobody's question. */
const KINDS =
  "status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, case when is_admitted then '{}' else held_back_by end as held_back_by";
const NAMES = 'status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, held_back_by';

/** The version that a statement made by `talliedStatement` or `movedStatement` gives to the issues that it stores. */
export const NEXT_VERSION = '(select version from counted)';

const VERSION = 'version = inbox_version.version + 1';
const COUNTED = `insert into inbox_version (shard, version, forgotten) values ($1, 1, 0) on conflict (shard) do update set ${VERSION} returning version`;

/** Adds to the tally how many more issues and open findings are of these kinds, which `moves` selects. */
function tallied(moves: string): string {
  return `insert into issue_tally (shard, ${NAMES}, issues, open_findings) ${moves}
      on conflict (shard, ${NAMES}) do update set
        issues = issue_tally.issues + excluded.issues, open_findings = issue_tally.open_findings + excluded.open_findings`;
}

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
  const counted =
    after === null
      ? `insert into inbox_version (shard, version, forgotten) select $1, 1, 1 where exists (select from before)
         on conflict (shard) do update set ${VERSION}, forgotten = inbox_version.version + 1 returning version`
      : COUNTED;
  const sums = `select $1, ${NAMES}, sum(change), sum(change * open_findings) from (${moves}) as moved group by ${NAMES}
      having sum(change) <> 0 or sum(change * open_findings) <> 0`;
  return `with ${sources}before as (${before(kinds)}), counted as (${counted}), ${writes}tallied as (${tallied(sums)}) ${answer}`;
}

/**
 * The same where it is known how the rows were: `$3` is what `writtenMoves` makes of that. `change` is the insert or update that
 * they go through, with `NEXT_VERSION`.
 */
export function movedStatement(sources: string, change: string): string {
  if (!change.includes(NEXT_VERSION))
    throw new Error('a statement that stores issues has to give them their version');
  const moves = `select $1, ${NAMES}, issues, open_findings from json_to_recordset($3) as row (type text, ${declared(MOVED_COLUMNS)}, issues bigint, open_findings bigint)`;
  return `with ${sources}, counted as (${COUNTED}), tallied as (${tallied(moves)}) ${change}`;
}

const MOVED_COLUMNS = [
  'status',
  'is_muted',
  'is_admitted',
  'severity',
  'risks_yes',
  'risks_unknown',
  'held_back_by',
] as const;

type TalliedIssue = Pick<RolledIssue, 'type' | (typeof MOVED_COLUMNS)[number] | 'open_findings'>;

/** How these issues move between the kinds of the tally: from what they were, where they were there, to what they are. */
export function writtenMoves(
  issues: Iterable<readonly [before: TalliedIssue | undefined, after: TalliedIssue]>,
): string {
  const moves = new Map<string, { issues: number; open_findings: number }>();
  const move = (issue: TalliedIssue, change: 1 | -1) => {
    const { status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown } = issue;
    const held_back_by = is_admitted ? [] : issue.held_back_by;
    const kind = { status, is_muted, is_admitted, type, severity, risks_yes, risks_unknown, held_back_by };
    const sums = getOrMake(moves, Object.values(kind).join(' '), () => ({
      ...kind,
      issues: 0,
      open_findings: 0,
    }));
    sums.issues += change;
    sums.open_findings += change * issue.open_findings;
  };
  for (const [before, after] of issues) {
    if (before !== undefined) move(before, -1);
    move(after, 1);
  }
  return JSON.stringify([...moves.values()].filter((sums) => sums.issues !== 0 || sums.open_findings !== 0));
}

/** Kinds of which no issue is left. */
export async function dropEmptyTallies(connection: Connection, shard: bigint): Promise<void> {
  await connection.query({
    name: 'drop-empty-tallies',
    text: 'delete from issue_tally where shard = $1 and issues = 0',
    values: [shard],
  });
}
