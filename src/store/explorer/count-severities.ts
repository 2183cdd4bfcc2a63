import type { SeverityCounts } from '#domain/severity/severity.ts';
import type { Queryable } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { severityOf } from './severity-of.ts';

interface CountRecord {
  readonly resource_key: string;
  readonly severity: number;
  readonly findings: number;
}

/** Open findings by resource and severity, those of the images that it runs among them; worst first. */
export async function countSeverities(
  db: Queryable,
  { shard }: Organisation,
  keys: readonly string[],
): Promise<ReadonlyMap<string, SeverityCounts>> {
  const found = await db.query<CountRecord>({
    name: 'severities-on-resources',
    text: `select places.resource_key, issue.severity, count(*)::integer as findings
      from (select key as resource_key, key as found_on from unnest($2::text[]) as asked (key)
            union select relation.from_key, relation.to_key from relation where relation.shard = $1 and relation.kind in ('runs-image', 'part-of') and relation.from_key = any($2::text[])) as places
      join finding on finding.shard = $1 and finding.resource_key = places.found_on and finding.is_open and finding.type <> 'attack_path'
      join issue on issue.shard = $1 and issue.id = finding.issue_id and not issue.is_muted
      group by places.resource_key, issue.severity order by places.resource_key, issue.severity desc`,
    values: [shard, keys],
  });
  const counts = new Map<string, Record<string, number>>();
  for (const { resource_key, severity, findings } of found.rows) {
    const known = counts.get(resource_key) ?? {};
    counts.set(resource_key, known);
    known[severityOf(severity)] = findings;
  }
  return counts;
}
