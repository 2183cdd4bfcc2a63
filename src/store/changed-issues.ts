import type { Instant } from '#base/instant.ts';
import type { Queryable } from './database.ts';
import { ROLLED_COLUMNS, type RolledColumns, type RolledIssue, RULED_COLUMNS } from './rolled-columns.ts';

/** What mends a finding, by its fingerprint: the package to upgrade or the control to meet. */
function fixOf(fingerprint: string): string {
  return `(select case when finding.control is not null then 'control:' || finding.control
      when finding.type in ('library_vulnerability', 'infrastructure_vulnerability') and finding.place like '%/%' then 'package:' || finding.place end
    from finding where finding.shard = $1 and finding.fingerprint = ${fingerprint})`;
}

/** The same of the lead of an issue of this row; of an attack path, that of the finding which opens it first, else the opening itself. */
export function fixOfIssue(row: string): string {
  return `case when ${row}.type <> 'attack_path' then ${fixOf(`${row}.lead`)}
  else (select coalesce(${fixOf("(attack_path.body #>> '{fixes,0,saidBy}')::uuid")}, 'opening:' || (attack_path.body #>> '{fixes,0,fix}'))
    from attack_path where attack_path.shard = $1 and attack_path.fingerprint = ${row}.lead) end`;
}

/** Those of these issues that are not stored as they are. */
interface ChangedIssues {
  /** Of which nothing but what rules and decisions change is another. */
  readonly ruled: readonly RolledIssue[];
  readonly others: readonly RolledIssue[];
  /** The ids of those that are called otherwise. */
  readonly retitled: ReadonlySet<string>;
}

/** What mends an issue follows from its lead, but for an attack path, which may be opened otherwise. */
export async function changedIssues(
  db: Queryable,
  shard: bigint,
  issues: readonly RolledIssue[],
): Promise<ChangedIssues> {
  const result = await db.query<StoredIssue>({
    name: 'issues-as-stored',
    text: `select id, first_seen, ${ROLLED_COLUMNS.join(', ')}, type = 'attack_path' and fix is distinct from ${fixOfIssue('issue')} as is_mended_otherwise
      from issue where shard = $1 and id = any($2::text[])`,
    values: [shard, issues.map(({ id }) => id)],
  });
  const stored = new Map(result.rows.map((row) => [row.id, row]));
  const retitled = new Set<string>();
  const ruled: RolledIssue[] = [];
  const others: RolledIssue[] = [];
  for (const issue of issues) {
    const before = stored.get(issue.id);
    if (before?.title !== issue.title) retitled.add(issue.id);
    if (
      before === undefined ||
      before.is_mended_otherwise ||
      issue.first_seen < before.first_seen ||
      OTHER_COLUMNS.some((column) => !isSame(column, before[column], issue[column]))
    )
      others.push(issue);
    else if (RULED_COLUMNS.some((column) => !isSame(column, before[column], issue[column])))
      ruled.push(issue);
  }
  return { ruled, others, retitled };
}

const OTHER_COLUMNS = ROLLED_COLUMNS.filter(
  (column) => !(RULED_COLUMNS as readonly string[]).includes(column),
);

interface StoredIssue extends RolledColumns {
  readonly id: string;
  readonly first_seen: Instant;
  readonly is_mended_otherwise: boolean;
}

function isSame(column: keyof RolledColumns, a: unknown, b: unknown): boolean {
  // The column keeps single precision.
  if (column === 'score') return Math.fround(a as number) === Math.fround(b as number);
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
