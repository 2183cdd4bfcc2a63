import { asText } from '#base/json-value.ts';
import type { EstateResource } from '#domain/risk/estate.ts';
import type { Connection } from '../database.ts';
import { loadInventoryCoverage } from './inventory-coverage.ts';

const LISTING = 'inventory-listing';

/**
 * The resources of an account of AWS (of all where `estate` is null), with the lists that are complete by their
 * coverage record (attack-paths §1.5). A record wins over what one answer said of itself: the last of several pages
 * looks like the only one, and a selection may have been declared to be everything.
 */
export async function withCompleteLists(
  connection: Connection,
  shard: bigint,
  estate: string | null,
  resources: readonly EstateResource[],
): Promise<readonly EstateResource[]> {
  const covers = await loadInventoryCoverage(connection, shard, estate);
  const recorded = new Set(covers.map(({ estate: of, place, type }) => unitOf(of, place, type)));
  const said = resources.filter(
    ({ type, account, region, facts }) =>
      type !== LISTING || !recorded.has(unitOf(`aws:${account}`, region, asText(facts['Of']))),
  );
  const complete = covers.flatMap((cover): EstateResource[] => {
    const { estate: of, place, type } = cover;
    if (cover.complete !== 'yes' || !of.startsWith('aws:')) return [];
    return [
      {
        key: unitOf(of, place, type),
        type: LISTING,
        name: `list of ${type}`,
        account: of.slice('aws:'.length),
        region: place === '' ? null : place,
        tags: {},
        facts: { Of: type },
        seenAt: cover.collectedAt,
        provenance: cover.sourceId,
      },
    ];
  });
  return [...said, ...complete];
}

function unitOf(estate: string, place: string | null, type: string | undefined): string {
  return `${estate}/${place ?? ''}/${LISTING}/${type}`;
}
