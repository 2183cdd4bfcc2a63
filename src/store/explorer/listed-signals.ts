import type { Instant } from '#base/instant.ts';
import type { ListedPage, ListedSignal, SignalRequest } from '#domain/ports/explorer-store.ts';
import type { Queryable } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { containsPattern } from './contains-pattern.ts';
import { severityOf } from './severity-of.ts';

interface SignalRecord {
  readonly resource_key: string;
  readonly id: string;
  readonly title: string;
  readonly tool: string;
  readonly rule: string;
  readonly severity: number | null;
  readonly source: string | null;
  readonly resource_name: string | null;
  readonly account: string | null;
  readonly first_at: Instant;
  readonly last_at: Instant;
  readonly count: bigint;
  readonly is_attack: boolean;
}

/** Signals, the latest first: the walk goes along the index of their times. */
export async function listSignals(
  db: Queryable,
  { id, shard }: Organisation,
  request: SignalRequest,
): Promise<ListedPage<ListedSignal>> {
  const values: unknown[] = [shard];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const parts = ['true'];
  if (request.isAttack) parts.push('signal.is_attack');
  if (request.resource !== null) parts.push(`signal.resource_key = ${bind(request.resource)}`);
  if (request.text !== null) {
    const pattern = bind(containsPattern(request.text));
    parts.push(
      `(signal.title ilike ${pattern} or signal.rule ilike ${pattern} or signal.resource_key ilike ${pattern})`,
    );
  }
  const total = await db.query<{ total: bigint }>(
    `select count(*)::bigint as total from signal where signal.shard = $1 and ${parts.join(' and ')}`,
    values,
  );
  if (request.after !== null) {
    const { at, resource, id: after } = request.after;
    parts.push(
      `(signal.last_at, signal.resource_key, signal.id) < (${bind(new Date(at))}::timestamptz, ${bind(resource)}, ${bind(after)})`,
    );
  }
  const found = await db.query<SignalRecord>(
    `select signal.resource_key, signal.id, signal.title, tool, rule, severity, first_at, last_at, count, is_attack, signal.account,
       (select source.name from source where source.organisation = ${bind(id)} and source.id = signal.source_id) as source,
       (select resource.name from resource where resource.shard = $1 and resource.key = signal.resource_key) as resource_name
     from signal where signal.shard = $1 and ${parts.join(' and ')}
     order by signal.last_at desc, signal.resource_key desc, signal.id desc limit ${bind(request.limit + 1)}`,
    values,
  );
  return { rows: found.rows.map(listed), total: Number(total.rows[0]?.total ?? 0) };
}

function listed(record: SignalRecord): ListedSignal {
  return {
    place: { at: record.last_at, resource: record.resource_key, id: record.id },
    title: record.title,
    tool: record.tool,
    rule: record.rule,
    severity: record.severity === null ? null : severityOf(record.severity),
    source: record.source ?? record.tool,
    resourceName: record.resource_name ?? record.resource_key,
    account: record.account,
    firstAt: record.first_at,
    count: Number(record.count),
    isAttack: record.is_attack,
  };
}
