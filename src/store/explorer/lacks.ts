import type { DetectedRisk } from '#domain/risk/detected-risk.ts';
import type { Lack } from '#domain/risk/missing-inputs.ts';
import { natureOf } from '#domain/risk/nature.ts';
import type { Queryable } from '../database.ts';

interface LackRecord {
  readonly risk: DetectedRisk;
  readonly told: string;
  readonly kind: string;
  readonly sample: string;
  readonly resources: number;
}

/** Of each risk so many unknown resources are looked at: a page is answered as fast over a million. */
const LOOKED_AT_MAX = 20_000;
const GROUPS_MAX = 2_000;

const unknown = (risk: DetectedRisk, column: string) =>
  `(select '${risk}' as risk, key, kind, type, ${column} -> 'missing' as missing from resource
    where shard = $1 and gone_at is null and ${column} ->> 'state' = 'unknown' and jsonb_array_length(${column} -> 'missing') > 0 limit ${LOOKED_AT_MAX})`;

/** Why risks of resources are unknown, with how many; what cannot be, whatever anybody supplies, is left out. */
export async function loadLacks(db: Queryable, shard: bigint): Promise<readonly Lack[]> {
  const found = await db.query<LackRecord>({
    name: 'lacks-of-resources',
    text: `select risk, told, kind, min(key collate "C") as sample, count(*)::integer as resources
      from (${unknown('publicly_accessible', 'publicly_accessible')} union all ${unknown('privileged_access', 'privileged_access')} union all ${unknown('in_production', 'production')}) as unknown
      cross join lateral jsonb_array_elements_text(missing) as told
      group by risk, told, kind, type order by count(*) desc limit ${GROUPS_MAX}`,
    values: [shard],
  });
  return found.rows.filter(({ risk, kind, sample }) => {
    const { isNoPlace, actsAsNobody } = natureOf(sample, kind);
    if (risk === 'publicly_accessible') return isNoPlace === null;
    return risk !== 'privileged_access' || actsAsNobody === null;
  });
}
