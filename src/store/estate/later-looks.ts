import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import { estateOf } from './estate-of.ts';

/**
 * A scan without what it says of units of which its source has listed all since: it adds nothing there. Only one that is older
 * than the latest of its scope can lose anything (design: identity, time).
 */
export async function withoutLaterLooks(
  connection: Connection,
  shard: bigint,
  scan: AppliedScan,
): Promise<AppliedScan> {
  const { isLate, listings, request, end } = scan;
  if (!isLate || listings.length === 0) return scan;
  const result = await connection.query<{ estate: string; place: string; type: string }>(
    `select estate, place, type from inventory_coverage where shard = $1 and source_id = $2 and complete = 'yes' and collected_at > $3`,
    [shard, request.source.id, new Date(end.reportAt)],
  );
  const later = new Set(result.rows.map(({ estate, place, type }) => `${estate}\n${place}\n${type}`));
  const isSettled = (estate: string | null, place: string, type: string) =>
    [place, ''].some((each) => later.has(`${estate}\n${each}\n${type}`));
  const resources = scan.resources.filter(({ resource, account, region, type, facts }) => {
    const of = type === 'inventory-listing' ? String(facts['Of']) : type;
    const estate = estateOf(resource, account ?? request.account, request.naming);
    return !isSettled(estate, region ?? '', of);
  });
  return {
    ...scan,
    resources,
    listings: listings.filter(
      ({ provider, account, region, type }) =>
        !isSettled(`${provider}:${account || (request.account ?? '')}`, region ?? '', type),
    ),
  };
}
