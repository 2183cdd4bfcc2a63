import type { Instant } from '#base/instant.ts';
import { CODE_FLAWS, codeWeaknessOf } from '#domain/attackpath/code-weakness.ts';
import type { Weakness } from '#domain/attackpath/path-facts.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import { partsOfMark } from '#domain/finding/identify-finding.ts';
import type { ResourceIdentity } from '#domain/resource/resource-key.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { loadResourceContexts } from '../resources.ts';
import { loadServiceRunners } from '../service-runners.ts';

interface CodeRow {
  readonly fingerprint: string;
  readonly issue_id: string;
  readonly type: FindingType;
  readonly mark: string | null;
  readonly resource_key: string;
  readonly resource_kind: ResourceIdentity['kind'];
  readonly resource_name: string;
  readonly summary: FindingSummary;
}

/** Beyond these nobody mends the worst first: they are the worst of all. */
const ROWS_MAX = 20_000;

/** Open findings about code whose services run on these workloads, by which whoever reaches one gains something there. */
export async function loadCodeWeaknesses(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  workloads: readonly string[],
): Promise<readonly Weakness[]> {
  if (workloads.length === 0) return [];
  const { shard } = organisation;
  const { rows } = await connection.query<CodeRow>({
    name: 'flaws-of-code',
    text: `select fingerprint, issue_id, type, mark, resource_key, resource_kind, resource_name, summary from finding
      where shard = $1 and is_open and type = 'code_vulnerability' and summary ->> 'severity' in ('critical', 'high')
        and split_part(mark, '|', 2) = any($2::text[]) order by fingerprint limit $3`,
    values: [shard, CODE_FLAWS, ROWS_MAX],
  });
  if (rows.length === 0) return [];
  const contexts = await loadResourceContexts(connection, organisation, now, [
    ...new Set(rows.map((row) => row.resource_key)),
  ]);
  const runners = await loadServiceRunners(connection, shard, rows, (key) => contexts.get(key));
  const reachable = new Set(workloads);
  return rows.flatMap((row) => {
    const on = runners.of(row, contexts.get(row.resource_key)).filter((key) => reachable.has(key));
    if (on.length === 0) return [];
    const weakness = codeWeaknessOf({
      fingerprint: row.fingerprint,
      issueId: row.issue_id,
      cwe: partsOfMark(row.mark).cwe,
      summary: row.summary,
      flawed: { key: row.resource_key, kind: row.resource_kind, name: row.resource_name },
      on,
    });
    return weakness === null ? [] : [weakness];
  });
}
