import { isCve, isGhsa } from '#domain/finding/advisory-name.ts';
import { type Alias, aliasesOfAdvisory } from '#domain/finding/aliases.ts';
import type { Queryable } from '../database.ts';

/** Databases name each other's records, and one of them the CVE. */
const STEPS_MAX = 3;

/**
 * What the feeds of advisories say of other names of these (design: identity, aliases: a feed may bring one). Names that no feed
 * has a record of are left out, and so are records that are withdrawn.
 */
export async function aliasesInFeeds(db: Queryable, names: Iterable<string>): Promise<readonly Alias[]> {
  const asked = new Set<string>();
  const found: Alias[] = [];
  let next = [...names].filter((name) => !isCve(name));
  for (let step = 0; step < STEPS_MAX && next.length > 0; step++) {
    for (const name of next) asked.add(name);
    const result = await db.query<{ record: string; aliases: string[] }>({
      name: 'aliases-in-feeds',
      text: `select distinct record, body -> 'aliases' as aliases from feed_ghsa where record = any($1::text[]) and package <> ''
        union select record, body -> 'aliases' from feed_osv where record = any($1::text[]) and package <> ''`,
      values: [next.map(recordOf)],
    });
    const aliases = result.rows.flatMap(({ record, aliases }) =>
      aliasesOfAdvisory({ is: 'advisory', id: record, aliases }),
    );
    found.push(...aliases);
    next = aliases.flatMap((alias) =>
      alias.kind === 'advisory' && !isCve(alias.target) && !asked.has(alias.target) ? alias.target : [],
    );
  }
  return found;
}

/** GitHub writes the letters of its ids small. */
function recordOf(name: string): string {
  return isGhsa(name) ? `GHSA-${name.slice('GHSA-'.length).toLowerCase()}` : name;
}
