import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import type { KnownPrivileges } from '#domain/risk/aws-privileged-access.ts';
import { NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import type { EstateResource, EvaluateEstate, InventoryRisks } from '#domain/risk/estate.ts';
import { evaluateAwsEstate } from '#domain/risk/evaluate-aws-estate.ts';
import { evaluateAzureEstate } from '#domain/risk/evaluate-azure-estate.ts';
import { evaluateGcpEstate } from '#domain/risk/evaluate-gcp-estate.ts';
import { evaluateKubernetesEstate } from '#domain/risk/evaluate-kubernetes-estate.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { readPrivileges, savePrivileges } from './aws-privileges.ts';
import { withCompleteLists } from './complete-lists.ts';
import { evaluatedWith } from './estate-of.ts';

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
  readonly publicly_accessible: InventoryRisks['publiclyAccessible'];
  readonly privileged_access: InventoryRisks['privilegedAccess'];
  readonly exposure: InventoryRisks['exposure'];
  readonly privilege: InventoryRisks['privilege'];
}

/**
 * Evaluates accounts and clusters anew, whole, and answers the keys of the resources whose risks are other ones
 * now. Evidence is dated by the latest inventory: a verdict with newer evidence is stored, and moves no issue. Who is
 * privileged in AWS is a matter of all accounts together: what changed in one is judged anew in the others too.
 */
export async function evaluateEstates(
  connection: Connection,
  { shard }: Organisation,
  now: Instant,
  estates: ReadonlySet<string>,
): Promise<readonly string[]> {
  const changed: string[] = [];
  const accounts = [...estates].some(isAws) ? await readPrivileges(connection, shard, now) : null;
  if (accounts !== null) changed.push(...(await savePrivileges(connection, shard, accounts, estates)));
  const groups = new Map([...estates].map((each) => [evaluatedWith(each).estate, evaluatedWith(each)]));
  for (const { estate, isPrefix } of groups.values()) {
    const evaluate = evaluatorOf(estate, accounts?.privileges);
    if (evaluate === null) continue;
    const result = await connection.query<EstateRow>(
      `select key, type, name, account, region, tags, facts, seen_at, source_id, publicly_accessible, privileged_access, exposure, privilege
       from resource where shard = $1 and (estate = $2 or ($3 and estate > $2 and estate < $4)) and facts is not null and gone_at is null order by key`,
      // The next text behind all that begin with the prefix.
      [shard, estate, isPrefix, `${estate.slice(0, -1)};`],
    );
    const described = result.rows.map(estateResource);
    const resources = isAws(estate)
      ? await withCompleteLists(connection, shard, estate, described)
      : described;
    const answers = evaluate(resources, { now });
    const rows = result.rows.flatMap((row) => {
      // About what the estate no longer says anything, nothing is known any more.
      const risks = answers.get(row.key) ?? UNDESCRIBED;
      const { publiclyAccessible, privilegedAccess, exposure, privilege } = risks;
      if (isMoved(risks, row)) changed.push(row.key);
      return isSame(risks, row)
        ? []
        : [
            {
              key: row.key,
              publicly_accessible: publiclyAccessible,
              privileged_access: privilegedAccess,
              exposure,
              privilege,
            },
          ];
    });
    if (rows.length === 0) continue;
    await connection.query(
      `update resource set publicly_accessible = row.publicly_accessible, privileged_access = row.privileged_access, exposure = row.exposure, privilege = row.privilege
       from jsonb_to_recordset($2) as row (key text, publicly_accessible jsonb, privileged_access jsonb, exposure jsonb, privilege jsonb)
       where resource.shard = $1 and resource.key = row.key`,
      [shard, JSON.stringify(rows)],
    );
  }
  return changed;
}

const UNDESCRIBED: InventoryRisks = {
  publiclyAccessible: NOT_DESCRIBED,
  privilegedAccess: NOT_DESCRIBED,
  exposure: [],
  privilege: { level: 'unknown', reasons: [] },
};

function evaluatorOf(estate: string, privileges: KnownPrivileges | undefined): EvaluateEstate | null {
  if (estate.startsWith('k8s:')) return evaluateKubernetesEstate;
  if (isAws(estate))
    return (resources, surroundings) => evaluateAwsEstate(resources, surroundings, privileges);
  if (estate.startsWith('azure:')) return evaluateAzureEstate;
  if (estate.startsWith('gcp:')) return evaluateGcpEstate;
  return null;
}

function isAws(estate: string): boolean {
  return estate.startsWith('aws:');
}

function estateResource(row: EstateRow): EstateResource {
  const { key, type, name, account, region, tags, facts } = row;
  return { key, type, name, account, region, tags, facts, seenAt: row.seen_at, provenance: row.source_id };
}

function isMoved(risks: InventoryRisks, row: EstateRow): boolean {
  return (
    risks.publiclyAccessible.state !== row.publicly_accessible.state ||
    risks.privilegedAccess.state !== row.privileged_access.state
  );
}

function isSame(risks: InventoryRisks, row: EstateRow): boolean {
  return (
    isDeepStrictEqual(risks.publiclyAccessible, row.publicly_accessible) &&
    isDeepStrictEqual(risks.privilegedAccess, row.privileged_access) &&
    isDeepStrictEqual(risks.exposure, row.exposure) &&
    isDeepStrictEqual(risks.privilege, row.privilege)
  );
}
