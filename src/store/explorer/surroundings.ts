import type { InventoryRisk, Neighbour, Surroundings } from '#domain/ports/explorer-store.ts';
import type { Queryable } from '../database.ts';
import type { Organisation } from '../organisation.ts';

/** Further away nothing explains an issue any more. */
const HOPS = 2;
/** More relations of one hop are not looked at. */
const RELATIONS_MAX = 1_000;
const KINDS = "('runs-image', 'part-of', 'runs-on', 'runs-as')";

interface RelationRecord {
  readonly relation: Neighbour['relation'];
  readonly from: string;
  readonly to: string;
}

interface ThingRecord {
  readonly key: string;
  readonly kind: string | null;
  readonly name: string | null;
  readonly account: string | null;
  readonly environment: string | null;
  readonly team: string | null;
  readonly is_public: boolean | null;
  readonly is_privileged: boolean | null;
  readonly is_production: boolean | null;
  readonly issues: readonly string[];
}

/** The graph around some resources: one hop after the other along the two indexes of relations, nearest first. */
export async function loadSurroundings(
  db: Queryable,
  { shard }: Organisation,
  keys: readonly string[],
  limit: number,
): Promise<Surroundings> {
  const columns = new Map(keys.slice(0, limit).map((key) => [key, 0]));
  const relations = new Map<string, RelationRecord>();
  const beside = new Set<string>();
  let edge = [...columns.keys()];
  for (let hop = 0; hop < HOPS && edge.length > 0; hop++) {
    const found = await db.query<RelationRecord>({
      name: 'relations-around',
      text: `select relation, "from", "to" from (
          select kind as relation, from_key as "from", to_key as "to" from relation where shard = $1 and kind in ${KINDS} and from_key = any($2::text[])
          union select kind, from_key, to_key from relation where shard = $1 and kind in ${KINDS} and to_key = any($2::text[])) as found
        where "from" <> '' and "to" <> '' order by relation, "from", "to" limit ${RELATIONS_MAX}`,
      values: [shard, edge],
    });
    const next: string[] = [];
    for (const each of found.rows) {
      const [from, to] = [columns.get(each.from), columns.get(each.to)];
      const [added, column] = from === undefined ? [each.from, (to ?? 0) - 1] : [each.to, from + 1];
      if (!columns.has(added)) {
        if (columns.size >= limit) {
          beside.add(added);
          continue;
        }
        columns.set(added, column);
        next.push(added);
      }
      relations.set(`${each.relation} ${each.from} ${each.to}`, each);
    }
    edge = next;
  }
  const things = await thingsOf(db, shard, [...columns.keys()]);
  return {
    things: [...columns].map(([key, column]) => {
      const thing = things.get(key);
      return {
        key,
        column,
        kind: thing?.kind ?? null,
        name: thing?.name ?? key,
        account: thing?.account ?? null,
        environment: thing?.environment ?? null,
        team: thing?.team ?? null,
        risks: risksOf(thing),
        issues: thing?.issues ?? [],
      };
    }),
    relations: [...relations.values()],
    hidden: beside.size,
  };
}

function risksOf(thing: ThingRecord | undefined): readonly InventoryRisk[] {
  const risks: InventoryRisk[] = [];
  if (thing?.is_public === true) risks.push('publicly_accessible');
  if (thing?.is_privileged === true) risks.push('privileged_access');
  if (thing?.is_production === true) risks.push('in_production');
  return risks;
}

async function thingsOf(
  db: Queryable,
  shard: bigint,
  keys: readonly string[],
): Promise<ReadonlyMap<string, ThingRecord>> {
  const found = await db.query<ThingRecord>({
    name: 'things-around',
    text: `select asked.key, resource.type as kind, resource.name, coalesce(resource.account, resource.estate) as account, resource.environment, resource.team, publicly_accessible ->> 'state' = 'yes' as is_public,
        privileged_access ->> 'state' = 'yes' as is_privileged, production ->> 'state' = 'yes' as is_production,
        array(select issue.id from issue where issue.shard = $1 and issue.is_admitted and not issue.is_muted and issue.status in ('open', 'in_progress')
          and issue.id in (select finding.issue_id from finding where finding.shard = $1 and finding.resource_key = asked.key and finding.is_open)
          order by issue.rank desc, issue.id desc limit 5) as issues
      from unnest($2::text[]) as asked (key) left join resource on resource.shard = $1 and resource.key = asked.key`,
    values: [shard, keys],
  });
  return new Map(found.rows.map((row) => [row.key, row]));
}
