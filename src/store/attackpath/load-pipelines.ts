import type { PipelineFlaw } from '#domain/attackpath/path-facts.ts';
import { PIPELINE_CHECKS, pipelineFlawOf } from '#domain/attackpath/pipeline-flaw.ts';
import type { Builds } from '#domain/attackpath/pipeline-steps.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import { builtFrom } from '#domain/resource/catalogue.ts';
import type { Connection } from '../database.ts';
import type { CappedRows } from './capped-rows.ts';

interface PipelineRow {
  readonly fingerprint: string;
  readonly issue_id: string;
  readonly tool_check: string | null;
  readonly advisory: string | null;
  readonly resource_key: string;
  readonly resource_name: string;
  readonly summary: FindingSummary;
}

/** Beside `is_open`, the words of the index `finding_pipeline`. */
export const PIPELINE_FLAW = `resource_kind = 'repository' and (tool_check ~ '(${PIPELINE_CHECKS.join('|')})' or advisory like 'MAL-%')`;

const ROWS_MAX = 5_000;

/** Flaws of pipelines that let somebody in from outside. */
export async function loadPipelines(
  connection: Connection,
  shard: bigint,
  caps: CappedRows,
): Promise<readonly PipelineFlaw[]> {
  const { rows } = await connection.query<PipelineRow>({
    name: 'flaws-of-pipelines',
    text: `select fingerprint, issue_id, tool_check, advisory, resource_key, resource_name, summary from finding
      where shard = $1 and is_open and ${PIPELINE_FLAW} order by fingerprint limit $2`,
    values: [shard, ROWS_MAX + 1],
  });
  return caps.take(rows, ROWS_MAX, 'flaws of pipelines').flatMap(
    (row) =>
      pipelineFlawOf({
        fingerprint: row.fingerprint,
        issueId: row.issue_id,
        toolCheck: row.tool_check,
        advisory: row.advisory,
        summary: row.summary,
        repository: { key: row.resource_key, kind: 'repository', name: row.resource_name },
      }) ?? [],
  );
}

/** What runs images that say that they were built from these repositories. */
export async function loadBuilds(
  connection: Connection,
  shard: bigint,
  repositories: readonly string[],
): Promise<Builds> {
  if (repositories.length === 0) return new Map();
  const { rows } = await connection.query<{ tags: Record<string, string>; keys: readonly string[] }>({
    name: 'images-with-a-source',
    text: `select tags, array_agg(distinct from_key order by from_key) as keys
      from resource join relation on relation.shard = resource.shard and relation.kind = 'runs-image' and relation.to_key = resource.key
      where resource.shard = $1 and type = 'image' and gone_at is null and tags ? 'org.opencontainers.image.source' group by tags`,
    values: [shard],
  });
  const builds = new Map<string, string[]>();
  for (const { tags, keys } of rows) {
    const repository = builtFrom(tags);
    if (repository === null || !repositories.includes(repository)) continue;
    builds.set(repository, [...new Set([...(builds.get(repository) ?? []), ...keys])].sort());
  }
  return builds;
}
