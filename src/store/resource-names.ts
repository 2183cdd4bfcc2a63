import { aliasText } from '#domain/resource/alias-text.ts';
import type { CloudProvider } from '#domain/resource/resource-description.ts';
import { identifyResource, type Naming } from '#domain/resource/resource-key.ts';
import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';

/** Parts of a machine: who names its address or id means the machine. */
const PARTS = ['network-interface', 'elastic-ip', 'resource-part'];

/**
 * The keys of the resources that people mean by these names (attack-paths §1.1): bare ids, host names, addresses. Of several
 * that bear one the surest, things of a cloud before those that run on them, whole machines before their parts; where
 * two are left none is meant.
 */
export async function keysOfNames(
  db: Queryable,
  { shard }: Organisation,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map(
    names.flatMap((name) => {
      const alias = aliasText(name);
      return alias === null ? [] : [[name, alias] as const];
    }),
  );
  if (texts.size === 0) return new Map();
  const result = await db.query<{ alias: string; key: string; standing: string }>({
    name: 'keys-of-names',
    text: `select named.alias, named.key, format('%s %s %s', to_char(1 - named.confidence, '0.000'), resource.type = any($3::text[]), resource.kind <> 'cloud') as standing
      from resource_alias as named join resource on resource.shard = named.shard and resource.key = named.key and resource.gone_at is null
      where named.shard = $1 and named.alias = any($2::text[]) and named.until_at is null order by named.alias, standing, named.key`,
    values: [shard, [...new Set(texts.values())], PARTS],
  });
  const bearers = Map.groupBy(result.rows, (row) => row.alias);
  return new Map(
    [...texts].flatMap(([name, alias]) => {
      const [first, second] = bearers.get(alias) ?? [];
      return first === undefined || first.standing === second?.standing ? [] : [[name, first.key] as const];
    }),
  );
}

/** The keys in use for resources that are known by another one of their names, by that name (design: identity, aliases). */
export async function keysInUse(
  db: Queryable,
  { id }: Organisation,
  keys: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const result = await db.query<{ name: string; target: string }>({
    name: 'keys-in-use',
    text: `select name, min(target) as target from alias where organisation = $1 and kind = 'resource' and name = any($2::text[]) and withdrawn_at is null
      group by name having count(*) = 1`,
    values: [id, keys],
  });
  return new Map(result.rows.map(({ name, target }) => [name, target]));
}

/**
 * The keys that an id may stand for: an ARN in any spelling, a resource id of Azure or a name of Google Cloud means the key
 * with the cloud in front, the address of a repository that of the repository.
 */
export function keySpellings(id: string): readonly string[] {
  if (id.startsWith('arn:')) return [id, cloudKey('aws', id)];
  if (id.startsWith('//')) return [id, cloudKey('gcp', id)];
  if (id.startsWith('/')) return [id, cloudKey('azure', id)];
  return id.includes('/') ? [id, identifyResource({ kind: 'repository', name: id }, NOBODYS).key] : [id];
}

function cloudKey(provider: CloudProvider, id: string): string {
  return identifyResource({ kind: 'cloud', provider, id }, NOBODYS).key;
}

/** Ids of clouds mean the same in every source. */
const NOBODYS: Naming = { sourceId: '', cluster: null, repository: null, artifact: null };
