import { isDeepStrictEqual } from 'node:util';
import { type Instant, instantTextOrNull } from '#base/instant.ts';
import type { ChangedResource } from '#domain/exposure/aws-affected.ts';
import type { CorporateNetwork } from '#domain/exposure/corporate-network.ts';
import { hasIdentity, type KnownPrivileges, NO_PRIVILEGES } from '#domain/risk/aws-privileged-access.ts';
import { NOT_DESCRIBED } from '#domain/risk/deployment.ts';
import type { EstateResource, EvaluateEstate, InventoryRisks, Surroundings } from '#domain/risk/estate.ts';
import { estateValidUntil } from '#domain/risk/estate-valid-until.ts';
import { evaluateAwsChanges, evaluateAwsEstate } from '#domain/risk/evaluate-aws-estate.ts';
import { evaluateAzureEstate } from '#domain/risk/evaluate-azure-estate.ts';
import { evaluateGcpEstate } from '#domain/risk/evaluate-gcp-estate.ts';
import { evaluateKubernetesEstate } from '#domain/risk/evaluate-kubernetes-estate.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { type OrganisationByAccount, readOrganisation } from './aws-organisation.ts';
import { readPrivileges, savePrivileges } from './aws-privileges.ts';
import { clustersAtDoors, doorsOfCluster } from './cloud-doors.ts';
import { clustersOfIdentities, identitiesOfCluster } from './cloud-identities.ts';
import { withCompleteLists } from './complete-lists.ts';
import { evaluatedWith } from './estate-of.ts';
import { type DescribedBefore, ESTATE_COLUMNS, type EstateRow, estateResource } from './estate-row.ts';
import { ownNetworks } from './own-networks.ts';
import { answersIn, estatesWithAddresses } from './seen-answers.ts';
import { readTargetsElsewhere, type TargetsByAccount } from './targets-elsewhere.ts';
import { clustersOfWorkloads } from './workload-identities.ts';

interface VerdictRow {
  readonly key: string;
  readonly publicly_accessible: InventoryRisks['publiclyAccessible'];
  readonly privileged_access: InventoryRisks['privilegedAccess'];
  readonly exposure: InventoryRisks['exposure'];
  readonly privilege: InventoryRisks['privilege'];
  readonly valid_until: Instant | null;
}
type EvaluatedRow = EstateRow & VerdictRow;

const VERDICT = 'key, publicly_accessible, privileged_access, exposure, privilege, valid_until';

/** Columns of what is described in an estate, by key; of some of it where `keys` are given. */
async function readRows<Row extends object>(
  connection: Connection,
  shard: bigint,
  { estate, isPrefix }: ReturnType<typeof evaluatedWith>,
  columns: string,
  keys: ReadonlySet<string> | null = null,
): Promise<readonly Row[]> {
  const result = await connection.query<Row>(
    `select ${columns} from resource
     where shard = $1 and (estate = $2 or ($3 and estate > $2 and estate < $4)) and facts is not null and gone_at is null
       and ($5::text[] is null or key = any($5::text[])) order by key`,
    // The next text behind all that begin with the prefix.
    [shard, estate, isPrefix, `${estate.slice(0, -1)};`, keys === null ? null : [...keys]],
  );
  return result.rows;
}

/** What a scan described of an estate. Lists and parts that say what they said before tell nothing, nor when they do. */
function changesOf(
  described: readonly EstateResource[],
  before: DescribedBefore,
): readonly ChangedResource[] {
  return described.flatMap((after): ChangedResource[] => {
    const old = before.get(after.key);
    if (old === undefined) return [];
    const isSame = old !== null && isDeepStrictEqual(old.facts, after.facts);
    if (isSame && (after.type === 'inventory-listing' || after.type === 'resource-part')) return [];
    return [{ before: old === null ? null : estateResource(old), after }];
  });
}

/** What is evaluated of accounts of AWS: where nothing moved on which privileges rest, exposure alone. */
export type EvaluatedPart = 'all' | 'exposure';

/**
 * Evaluates accounts and clusters anew, whole, and answers the keys of the resources whose risks are other ones
 * now. Evidence is dated by the latest inventory: a verdict with newer evidence is stored, and moves no issue. Who is
 * privileged in AWS is a matter of all accounts together: what changed in one is judged anew in the others too, and in
 * the clusters whose service accounts act as its roles, or that have load balancers and machines there.
 */
export async function evaluateEstates(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  estates: ReadonlySet<string>,
  part: EvaluatedPart,
  before: DescribedBefore | null = null,
): Promise<readonly string[]> {
  const { shard } = organisation;
  const networks = await ownNetworks(connection, organisation);
  const changed: string[] = [];
  const rewritten: string[] = [];
  const found: Found = { changed, rewritten, networks };
  const followed = part === 'exposure' ? before : null;
  const groups = new Map([...estates].map((each) => [evaluatedWith(each).estate, evaluatedWith(each)]));
  const accounts = [...groups.keys()].filter(isAws);
  let privileges: KnownPrivileges | null = null;
  if (accounts.length > 0 && part === 'all') {
    const known = await readPrivileges(connection, shard, now);
    privileges = known.privileges;
    const elsewhere = await savePrivileges(connection, shard, known, estates);
    changed.push(...elsewhere);
    rewritten.push(...elsewhere);
  }
  const above: OrganisationByAccount =
    accounts.length === 0 ? new Map() : await readOrganisation(connection, shard);
  const targets: TargetsByAccount =
    accounts.length === 0 ? new Map() : await readTargetsElsewhere(connection, shard);
  const moved = accounts.flatMap((estate) => (targets.get(estate) ?? []).map(({ address }) => address));
  const others = (await estatesWithAddresses(connection, shard, moved)).filter(
    (estate) => isAws(estate) && !accounts.includes(estate),
  );
  for (const estate of [...accounts, ...others])
    await evaluateEstate(
      connection,
      shard,
      now,
      { estate, isPrefix: false },
      (resources, around, changes) => {
        const surroundings = {
          ...around,
          organisation: ofOthers(above, estate),
          targetsElsewhere: ofOthers(targets, estate).filter(({ isRegistered }) => isRegistered),
        };
        const known = privileges ?? NO_PRIVILEGES;
        return changes === null
          ? { affected: null, risks: evaluateAwsEstate(resources, surroundings, known) }
          : evaluateAwsChanges(resources, changes, surroundings, known);
      },
      privileges === null ? 'exposure' : 'all',
      found,
      // What changed is elsewhere.
      others.includes(estate) ? null : followed,
    );
  // What acts as a role of AWS comes after the roles.
  if (privileges !== null)
    for (const estate of await clustersOfIdentities(connection, shard, accounts, rewritten))
      groups.set(estate, { estate, isPrefix: false });
  const evaluated = [...groups.values()].filter(({ estate }) => !isCluster(estate));
  for (const group of evaluated) {
    const evaluate = evaluatorOf(group.estate);
    if (evaluate !== null) await evaluateEstate(connection, shard, now, group, whole(evaluate), 'all', found);
  }
  const places = evaluated.map(({ estate }) => estate);
  for (const estate of await clustersOfWorkloads(connection, shard, places))
    groups.set(estate, { estate, isPrefix: false });
  // What stands behind load balancers and on machines comes after those.
  for (const estate of await clustersAtDoors(connection, shard, evaluated))
    groups.set(estate, { estate, isPrefix: false });
  for (const group of groups.values()) {
    if (!isCluster(group.estate)) continue;
    const evaluate = evaluatorOf(group.estate);
    if (evaluate !== null) await evaluateEstate(connection, shard, now, group, whole(evaluate), 'all', found);
  }
  return changed;
}

/** What the other accounts tell; an account's own is among its resources. */
function ofOthers<T>(byAccount: ReadonlyMap<string, readonly T[]>, own: string): readonly T[] {
  return [...byAccount].flatMap(([estate, told]) => (estate === own ? [] : told));
}

/** What evaluation is told beside the estate, and what it found. */
interface Found {
  /** Keys of the resources whose risks are other ones now. */
  readonly changed: string[];
  /** Keys of those of which anything is said otherwise. */
  readonly rewritten: string[];
  /** What the organisation calls its own. */
  readonly networks: readonly CorporateNetwork[];
}

/** What is judged anew (keys; null for everything), and how. */
type Judge = (
  resources: readonly EstateResource[],
  surroundings: Surroundings,
  changes: readonly ChangedResource[] | null,
) => { readonly affected: ReadonlySet<string> | null; readonly risks: ReturnType<EvaluateEstate> };

function whole(evaluate: EvaluateEstate): Judge {
  return (resources, surroundings) => ({ affected: null, risks: evaluate(resources, surroundings) });
}

async function evaluateEstate(
  connection: Connection,
  shard: bigint,
  now: Instant,
  group: ReturnType<typeof evaluatedWith>,
  judge: Judge,
  part: EvaluatedPart,
  found: Found,
  before: DescribedBefore | null = null,
): Promise<void> {
  const { estate } = group;
  const rowsOfEstate = await readRows<EstateRow>(connection, shard, group, ESTATE_COLUMNS);
  const described = rowsOfEstate.map(estateResource);
  const resources = isAws(estate) ? await withCompleteLists(connection, shard, estate, described) : described;
  const cloud = isCluster(estate)
    ? {
        cloud: await identitiesOfCluster(connection, shard, estate, described),
        doors: await doorsOfCluster(connection, shard, estate, described),
      }
    : {};
  const { affected, risks: answers } = judge(
    resources,
    { now, networks: found.networks, answers: await answersIn(connection, shard, group), ...cloud },
    before === null ? null : changesOf(described, before),
  );
  const verdicts = await readRows<VerdictRow>(connection, shard, group, VERDICT, affected);
  const byKey = new Map(rowsOfEstate.map((row) => [row.key, row]));
  const rows = verdicts.flatMap((verdict) => {
    const row: EvaluatedRow = { ...(byKey.get(verdict.key) as EstateRow), ...verdict };
    // About what the estate no longer says anything, nothing is known any more.
    const answer = answers.get(row.key) ?? UNDESCRIBED;
    const risks =
      part === 'exposure' && hasIdentity(row.type) ? { ...answer, ...storedPrivilege(row) } : answer;
    const validUntil = estateValidUntil(estate, estateResource(row), now);
    if (isMoved(risks, row)) found.changed.push(row.key);
    if (isSame(risks, row) && validUntil === row.valid_until) return [];
    found.rewritten.push(row.key);
    return [
      {
        key: row.key,
        publicly_accessible: risks.publiclyAccessible,
        privileged_access: risks.privilegedAccess,
        exposure: risks.exposure,
        privilege: risks.privilege,
        valid_until: instantTextOrNull(validUntil),
      },
    ];
  });
  if (rows.length === 0) return;
  await connection.query(
    `update resource set publicly_accessible = row.publicly_accessible, privileged_access = row.privileged_access, exposure = row.exposure, privilege = row.privilege, valid_until = row.valid_until
     from jsonb_to_recordset($2) as row (key text, publicly_accessible jsonb, privileged_access jsonb, exposure jsonb, privilege jsonb, valid_until timestamptz)
     where resource.shard = $1 and resource.key = row.key`,
    [shard, JSON.stringify(rows)],
  );
}

/** What was found before, with the date of the description that says the same again. */
function storedPrivilege(row: EvaluatedRow): Pick<InventoryRisks, 'privilegedAccess' | 'privilege'> {
  const { privileged_access: verdict, privilege, source_id, seen_at } = row;
  const evidence = verdict.evidence.map((each) => ({ ...each, provenance: source_id, at: seen_at }));
  return { privilegedAccess: { ...verdict, evidence }, privilege };
}

const UNDESCRIBED: InventoryRisks = {
  publiclyAccessible: NOT_DESCRIBED,
  privilegedAccess: NOT_DESCRIBED,
  exposure: [],
  privilege: { level: 'unknown', reasons: [] },
};

/** Of all but accounts of AWS, which have privileges in common. */
function evaluatorOf(estate: string): EvaluateEstate | null {
  if (isCluster(estate)) return evaluateKubernetesEstate;
  if (estate.startsWith('azure:')) return evaluateAzureEstate;
  if (estate.startsWith('gcp:')) return evaluateGcpEstate;
  return null;
}

function isCluster(estate: string): boolean {
  return estate.startsWith('k8s:');
}

export function isAws(estate: string): boolean {
  return estate.startsWith('aws:');
}

function isMoved(risks: InventoryRisks, row: EvaluatedRow): boolean {
  return (
    risks.publiclyAccessible.state !== row.publicly_accessible.state ||
    risks.privilegedAccess.state !== row.privileged_access.state
  );
}

function isSame(risks: InventoryRisks, row: EvaluatedRow): boolean {
  return (
    isDeepStrictEqual(risks.publiclyAccessible, row.publicly_accessible) &&
    isDeepStrictEqual(risks.privilegedAccess, row.privileged_access) &&
    isDeepStrictEqual(risks.exposure, row.exposure) &&
    isDeepStrictEqual(risks.privilege, row.privilege)
  );
}
