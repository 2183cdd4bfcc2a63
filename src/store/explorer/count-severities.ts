import type { SeverityCounts } from '#domain/severity/severity.ts';
import type { Queryable } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { FINDING_PLACES, findingPlaces, IS_AT_PLACE } from './finding-places.ts';
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
  const places = await findingPlaces(db, shard, keys);
  const found = await db.query<CountRecord>({
    name: 'severities-on-resources',
    text: `select places.resource_key, issue.severity, count(distinct finding.fingerprint)::integer as findings
      from ${FINDING_PLACES} join finding on finding.shard = $1 and ${IS_AT_PLACE} and finding.type <> 'attack_path'
      join issue on issue.shard = $1 and issue.id = finding.issue_id and not issue.is_muted
      group by places.resource_key, issue.severity order by places.resource_key, issue.severity desc`,
    values: [shard, places.resources, places.foundOn, places.scopes],
  });
  const counts = new Map<string, Record<string, number>>();
  for (const { resource_key, severity, findings } of found.rows) {
    const known = counts.get(resource_key) ?? {};
    counts.set(resource_key, known);
    known[severityOf(severity)] = findings;
  }
  return counts;
}
