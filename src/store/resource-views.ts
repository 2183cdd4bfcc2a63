import type { FindingSummary } from '#domain/finding/finding-state.ts';
import { type FindingType, isVulnerabilityOfComponent } from '#domain/finding/finding-type.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { ResourceStore, ResourceView } from '#domain/ports/resource-store.ts';
import { unknownAdvisory } from '#domain/risk/advisory-facts.ts';
import { assumedVerdict } from '#domain/risk/assumed-place.ts';
import type { ResourceContext } from '#domain/risk/deployment.ts';
import type { RiskVerdict } from '#domain/risk/detected-risk.ts';
import { exploitAvailable } from '#domain/risk/exploit-available.ts';
import { exploitOfFindings } from '#domain/risk/exploit-of-findings.ts';
import { byNature } from '#domain/risk/nature.ts';
import { loadAdvisories, loadFeedDates } from './advisories.ts';
import type { Pool } from './database.ts';
import type { Organisation } from './organisation.ts';
import { keySpellings, keysInUse, keysOfNames } from './resource-names.ts';
import { loadResourceContexts } from './resources.ts';
import { loadRunningWorkloads, runningOf } from './workloads.ts';

type EstateColumns = Pick<ResourceView, 'key' | 'exposure' | 'privilege' | 'attribution'>;

/** Of what is gone nothing is said. */
const NO_PRIVILEGE: ResourceView['privilege'] = { level: 'unknown', reasons: [] };

/** An open finding on a resource, or on an image that it runs. */
interface FindingRow {
  readonly resource_key: string;
  readonly found_on: string;
  readonly is_run: boolean;
  readonly issue_id: string;
  readonly type: FindingType;
  readonly advisory: string | null;
  readonly summary: FindingSummary;
  readonly rank: bigint;
}

/** One of them, with what was taken as given to say that it is on the resource; null where that is known. */
interface JoinedFinding extends FindingRow {
  readonly assumed: string | null;
}

/** The resources in PostgreSQL. */
export class PostgresResourceStore implements ResourceStore {
  readonly #pool: Pool;
  readonly #organisation: Organisation;
  readonly #clock: Clock;

  constructor(pool: Pool, organisation: Organisation, clock: Clock) {
    this.#pool = pool;
    this.#organisation = organisation;
    this.#clock = clock;
  }

  async view(ids: readonly string[]): Promise<readonly (ResourceView | null)[]> {
    const now = this.#clock.now();
    const meant = await keysOfNames(this.#pool, this.#organisation, ids);
    const used = await keysInUse(this.#pool, this.#organisation, ids.flatMap(keySpellings));
    const keysOf = (id: string) => [
      ...keySpellings(id).flatMap((key) => used.get(key) ?? []),
      ...keySpellings(id),
      ...(meant.has(id) ? [meant.get(id) as string] : []),
    ];
    const estate = await this.#pool.query<EstateColumns>({
      name: 'resource-views',
      text: `select key, exposure, privilege, attribution from resource
        where shard = $1 and key = any($2::text[]) and type <> 'inventory-coverage'`,
      values: [this.#organisation.shard, [...new Set(ids.flatMap(keysOf))]],
    });
    const rows = new Map(estate.rows.map((row) => [row.key, row]));
    const keys = [...rows.keys()];
    const contexts = await loadResourceContexts(this.#pool, this.#organisation, now, keys);
    const findings = await this.#findingsOn(keys);
    const exploits = await this.#exploits(findings, now);
    return ids.map((id) => {
      const key = keysOf(id).find((each) => rows.has(each));
      const row = key === undefined ? undefined : rows.get(key);
      const context = key === undefined ? undefined : contexts.get(key);
      if (row === undefined || context === undefined) return null;
      const own = findings.filter((finding) => finding.resource_key === key);
      const issues = own.toSorted((a, b) => (a.rank === b.rank ? 0 : a.rank > b.rank ? -1 : 1));
      return {
        ...context,
        ...(context.goneAt === null ? asItIs(context, row) : { exposure: [], privilege: NO_PRIVILEGE }),
        attribution: row.attribution,
        exploitAvailable: exploitOfFindings(own.flatMap((finding) => exploits.get(finding) ?? [])),
        issues: [...new Set(issues.map((finding) => finding.issue_id))],
      };
    });
  }

  async #findingsOn(keys: readonly string[]): Promise<readonly JoinedFinding[]> {
    const { shard } = this.#organisation;
    const result = await this.#pool.query<FindingRow>({
      name: 'findings-on-resources',
      text: `select places.resource_key, places.found_on, places.is_run, finding.issue_id, finding.type, finding.advisory, finding.summary, issue.rank
        from (select key as resource_key, key as found_on, false as is_run from unnest($2::text[]) as asked (key)
              union select relation.from_key, relation.to_key, relation.kind = 'runs-image' from relation where relation.shard = $1 and relation.kind in ('runs-image', 'part-of') and relation.from_key = any($2::text[])) as places
        join finding on finding.shard = $1 and finding.resource_key = places.found_on and finding.is_open
        join issue on issue.shard = $1 and issue.id = finding.issue_id
        order by places.resource_key, issue.rank desc, issue.id desc`,
      values: [shard, keys],
    });
    const images = result.rows.flatMap((row) => (row.is_run ? [row.found_on] : []));
    const workloads = await loadRunningWorkloads(this.#pool, shard, [...new Set(images)]);
    // Of an image only what was found in what the resource runs is its own.
    return result.rows.flatMap((row): readonly JoinedFinding[] => {
      if (!row.is_run) return [{ ...row, assumed: null }];
      const own = workloads.get(row.found_on)?.filter(({ key }) => key === row.resource_key);
      return runningOf(own, row.summary.scopes).map(({ assumed }) => ({ ...row, assumed }));
    });
  }

  async #exploits(
    findings: readonly JoinedFinding[],
    now: number,
  ): Promise<ReadonlyMap<JoinedFinding, RiskVerdict>> {
    const components = findings.filter((each) => isVulnerabilityOfComponent(each.type));
    const feeds = await loadFeedDates(this.#pool);
    const advisories = await loadAdvisories(
      this.#pool,
      [...new Set(components.flatMap((each) => each.advisory ?? []))],
      feeds,
    );
    return new Map(
      components.map((finding) => {
        const id = finding.advisory ?? '';
        const facts = advisories.get(id) ?? unknownAdvisory(id);
        return [
          finding,
          assumedVerdict(exploitAvailable(facts, finding.summary, feeds, now), finding.assumed),
        ];
      }),
    );
  }
}

/** What cannot be true by what it is, is not unknown. */
function asItIs(
  { publiclyAccessible, privilegedAccess, nature }: ResourceContext,
  { exposure, privilege }: EstateColumns,
): Pick<ResourceView, 'exposure' | 'privilege' | 'publiclyAccessible' | 'privilegedAccess'> {
  const isUnknown = privilege.level === 'unknown' && nature.actsAsNobody !== null;
  return {
    exposure,
    privilege: isUnknown ? { level: 'none', reasons: [nature.actsAsNobody] } : privilege,
    publiclyAccessible: byNature(publiclyAccessible, nature.isNoPlace),
    privilegedAccess: byNature(privilegedAccess, nature.actsAsNobody),
  };
}
