import type { Instant } from '#base/instant.ts';
import {
  CODE_FLAWS,
  codeWeaknessesOf,
  cweOfTriedCheck,
  TRIED_FLAWS,
} from '#domain/attackpath/code-weakness.ts';
import type { Weakness } from '#domain/attackpath/path-facts.ts';
import type { FindingSummary } from '#domain/finding/finding-state.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import { partsOfMark } from '#domain/finding/identify-finding.ts';
import type { ResourceIdentity } from '#domain/resource/resource-key.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { keysOfNames } from '../resource-names.ts';
import { loadResourceContexts } from '../resources.ts';
import { loadServiceRunners } from '../service-runners.ts';
import type { CappedRows } from './capped-rows.ts';

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

/** Beyond these nobody mends one by one; that some were left out is told. */
const ROWS_MAX = 20_000;

/** Open findings about code whose services run on these workloads, by which whoever reaches one gains something there. */
export async function loadCodeWeaknesses(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  workloads: readonly string[],
  caps: CappedRows,
): Promise<readonly Weakness[]> {
  if (workloads.length === 0) return [];
  const { shard } = organisation;
  const { rows } = await connection.query<CodeRow>({
    name: 'flaws-of-code',
    text: `select fingerprint, issue_id, type, mark, resource_key, resource_kind, resource_name, summary from finding
      where shard = $1 and is_open and type = 'code_vulnerability' and summary ->> 'severity' in ('critical', 'high')
        and split_part(mark, '|', 2) = any($2::text[]) order by fingerprint limit $3`,
    values: [shard, CODE_FLAWS, ROWS_MAX + 1],
  });
  const tried = await connection.query<CodeRow & { readonly tool_check: string }>({
    name: 'flaws-that-were-tried',
    text: `select fingerprint, issue_id, type, tool_check, mark, resource_key, resource_kind, resource_name, summary from finding
      where shard = $1 and is_open and type = 'api_finding' and tool_check = any($2::text[]) order by fingerprint limit $3`,
    values: [shard, TRIED_FLAWS, ROWS_MAX + 1],
  });
  const code = caps.take(rows, ROWS_MAX, 'flaws of code');
  const weaknesses = code.length === 0 ? [] : await ofCode(connection, organisation, now, code, workloads);
  const probed = caps.take(tried.rows, ROWS_MAX, 'flaws that were tried');
  return [...weaknesses, ...(await ofTried(connection, organisation, probed, workloads))];
}

async function ofCode(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  rows: readonly CodeRow[],
  workloads: readonly string[],
): Promise<readonly Weakness[]> {
  const { shard } = organisation;
  const contexts = await loadResourceContexts(connection, organisation, now, [
    ...new Set(rows.map((row) => row.resource_key)),
  ]);
  const runners = await loadServiceRunners(connection, shard, rows, (key) => contexts.get(key));
  const reachable = new Set(workloads);
  return rows.flatMap((row) => {
    const on = runners.of(row, contexts.get(row.resource_key)).filter((key) => reachable.has(key));
    if (on.length === 0) return [];
    return codeWeaknessesOf({
      fingerprint: row.fingerprint,
      issueId: row.issue_id,
      cwe: partsOfMark(row.mark).cwe,
      summary: row.summary,
      flawed: { key: row.resource_key, kind: row.resource_kind, name: row.resource_name },
      on,
    });
  });
}

/** What was tried is the flaw of what bears the name of the host, or of what runs the services that the report was about. */
async function ofTried(
  connection: Connection,
  organisation: Organisation,
  rows: readonly (CodeRow & { readonly tool_check: string })[],
  workloads: readonly string[],
): Promise<readonly Weakness[]> {
  if (rows.length === 0) return [];
  const reachable = new Set(workloads);
  const hosts = new Map(rows.map((row) => [row.fingerprint, hostOf(row.resource_name)]));
  const named = await keysOfNames(connection, organisation, [
    ...new Set([...hosts.values()].flatMap((host) => host ?? [])),
  ]);
  const asCode = rows.map((row) => ({
    ...row,
    type: 'code_vulnerability' as const,
    resource_kind: 'repository',
  }));
  const runners = await loadServiceRunners(connection, organisation.shard, asCode, () => undefined);
  return rows.flatMap((row, index) => {
    const host = hosts.get(row.fingerprint) ?? null;
    const key = host === null ? undefined : named.get(host);
    const on = [
      ...(key === undefined ? [] : [key]),
      ...runners.of(asCode[index] as (typeof asCode)[number], undefined),
    ].filter((each) => reachable.has(each));
    if (on.length === 0) return [];
    return codeWeaknessesOf({
      fingerprint: row.fingerprint,
      issueId: row.issue_id,
      cwe: cweOfTriedCheck(row.tool_check),
      isTried: true,
      summary: row.summary,
      flawed: { key: row.resource_key, kind: row.resource_kind, name: row.resource_name },
      on: [...new Set(on)],
    });
  });
}

function hostOf(address: string): string | null {
  return URL.canParse(address) ? new URL(address).hostname : null;
}
