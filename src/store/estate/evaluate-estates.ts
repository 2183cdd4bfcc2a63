import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import { NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import type { RiskVerdict } from '#domain/risk/detected-risk.ts';
import type { EstateResource, EvaluateEstate } from '#domain/risk/estate.ts';
import { evaluateAwsEstate } from '#domain/risk/evaluate-aws-estate.ts';
import { evaluateKubernetesEstate } from '#domain/risk/evaluate-kubernetes-estate.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';

interface EstateRow {
  readonly key: string;
  readonly type: string;
  readonly name: string;
  readonly account: string | null;
  readonly region: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly facts: JsonObject;
  readonly seen_at: Instant;
  readonly source_id: string;
  readonly publicly_accessible: RiskVerdict;
  readonly privileged_access: RiskVerdict;
}

/** Evaluates accounts and clusters anew, whole, and answers the keys of the resources whose risks changed. */
export async function evaluateEstates(
  connection: Connection,
  { shard }: Organisation,
  estates: ReadonlySet<string>,
): Promise<readonly string[]> {
  const changed: string[] = [];
  for (const estate of estates) {
    const evaluate = evaluatorOf(estate);
    if (evaluate === null) continue;
    const result = await connection.query<EstateRow>(
      `select key, type, name, account, region, tags, facts, seen_at, source_id, publicly_accessible, privileged_access
       from resource where shard = $1 and estate = $2 and facts is not null and gone_at is null order by key`,
      [shard, estate],
    );
    const verdicts = evaluate(result.rows.map(estateResource));
    const rows = result.rows.flatMap((row) => {
      // About what the estate no longer says anything, nothing is known any more.
      const verdict = verdicts.get(row.key) ?? UNDESCRIBED;
      const isSame =
        sameVerdict(verdict.publiclyAccessible, row.publicly_accessible) &&
        sameVerdict(verdict.privilegedAccess, row.privileged_access);
      return isSame
        ? []
        : [
            {
              key: row.key,
              publicly_accessible: verdict.publiclyAccessible,
              privileged_access: verdict.privilegedAccess,
            },
          ];
    });
    if (rows.length === 0) continue;
    await connection.query(
      `update resource set publicly_accessible = row.publicly_accessible, privileged_access = row.privileged_access
       from jsonb_to_recordset($2) as row (key text, publicly_accessible jsonb, privileged_access jsonb)
       where resource.shard = $1 and resource.key = row.key`,
      [shard, JSON.stringify(rows)],
    );
    for (const { key } of rows) changed.push(key);
  }
  return changed;
}

const UNDESCRIBED = { publiclyAccessible: NOT_DESCRIBED, privilegedAccess: NOT_DESCRIBED };

function evaluatorOf(estate: string): EvaluateEstate | null {
  if (estate.startsWith('k8s:')) return evaluateKubernetesEstate;
  if (estate.startsWith('aws:')) return evaluateAwsEstate;
  return null;
}

function estateResource(row: EstateRow): EstateResource {
  const { key, type, name, account, region, tags, facts } = row;
  return { key, type, name, account, region, tags, facts, seenAt: row.seen_at, provenance: row.source_id };
}

function sameVerdict(a: RiskVerdict, b: RiskVerdict): boolean {
  return (
    a.state === b.state &&
    JSON.stringify(a.evidence) === JSON.stringify(b.evidence) &&
    JSON.stringify(a.missing) === JSON.stringify(b.missing)
  );
}
