import type { Neighbour } from '#domain/ports/explorer-store.ts';
import type { Queryable } from '../database.ts';
import type { Organisation } from '../organisation.ts';

const NEIGHBOURS_MAX = 200;

interface NeighbourRecord {
  readonly relation: Neighbour['relation'];
  readonly is_from: boolean;
  readonly key: string;
  readonly kind: string | null;
  readonly name: string | null;
}

/** What is one relation away from a resource. The kinds are written out, as the index that leads back begins with them. */
export async function loadNeighbours(
  db: Queryable,
  { shard }: Organisation,
  key: string,
): Promise<readonly Neighbour[]> {
  const found = await db.query<NeighbourRecord>({
    name: 'neighbours-of-resource',
    text: `select beside.relation, beside.is_from, beside.key, resource.type as kind, resource.name
      from (select kind as relation, true as is_from, to_key as key from relation where shard = $1 and kind in ('runs-image', 'part-of', 'runs-on', 'runs-as') and from_key = $2
            union select kind, false, from_key from relation where shard = $1 and kind in ('runs-image', 'part-of', 'runs-on', 'runs-as') and to_key = $2) as beside
      left join resource on resource.shard = $1 and resource.key = beside.key
      where resource.gone_at is null and beside.key <> ''
      order by beside.relation, beside.is_from desc, beside.key limit ${NEIGHBOURS_MAX}`,
    values: [shard, key],
  });
  return found.rows.map(({ relation, is_from, key: beside, kind, name }) => ({
    relation,
    isFrom: is_from,
    key: beside,
    kind,
    name: name ?? beside,
  }));
}
