import { addToList } from '#base/list-map.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import { CODE_RUNNERS } from '#domain/resource/code-runner.ts';
import { isDeployedWithServices, type ResourceContext, servicesOfCode } from '#domain/risk/deployment.ts';
import type { Queryable } from './database.ts';

/** What decides which services a finding is in the code of. */
interface AskedFinding {
  readonly type: FindingType;
  readonly resource_key: string;
  readonly resource_kind: string;
  readonly summary: Pick<FindingSummary, 'scopes'>;
}

/** What runs the services whose code findings are in. */
export interface ServiceRunners {
  readonly keys: readonly string[];
  /** The keys of what runs the services of one finding. */
  of(finding: AskedFinding, resource: Pick<ResourceContext, 'services'> | undefined): readonly string[];
}

/** What runs the services of those of these findings that are in code, as far as inventories tell. */
export async function loadServiceRunners(
  db: Queryable,
  shard: bigint,
  findings: readonly AskedFinding[],
  resources: (key: string) => Pick<ResourceContext, 'services'> | undefined,
): Promise<ServiceRunners> {
  const asked = new Set(findings.flatMap((finding) => servicesOf(finding, resources(finding.resource_key))));
  const byService = new Map<string, string[]>();
  if (asked.size > 0) {
    const result = await db.query<{ key: string; services: readonly string[] }>({
      name: 'service-runners',
      text: `select key, services from resource
        where shard = $1 and services && $2::text[] and type = any($3::text[]) and gone_at is null and (facts -> 'replicas') is distinct from '0'::jsonb
        order by key`,
      values: [shard, [...asked], CODE_RUNNERS],
    });
    for (const { key, services } of result.rows)
      for (const service of services) addToList(byService, service, key);
  }
  return {
    keys: [...new Set([...byService.values()].flat())],
    of: (finding, resource) =>
      byService.size === 0
        ? []
        : [...new Set(servicesOf(finding, resource).flatMap((service) => byService.get(service) ?? []))],
  };
}

function servicesOf(
  { type, resource_kind, summary }: AskedFinding,
  resource: Pick<ResourceContext, 'services'> | undefined,
): readonly string[] {
  return isDeployedWithServices(type, resource_kind) ? servicesOfCode(summary, resource?.services ?? []) : [];
}
