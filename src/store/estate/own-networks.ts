import { parseAddresses } from '#base/address-set.ts';
import type { CorporateNetwork } from '#domain/exposure/corporate-network.ts';
import type { Queryable } from '../database.ts';
import type { Organisation } from '../organisation.ts';

/** The ranges that an organisation calls its own, as evaluation wants them. */
export async function ownNetworks(db: Queryable, { id }: Organisation): Promise<readonly CorporateNetwork[]> {
  const result = await db.query<{ cidr: string; label: string }>(
    'select cidr, label from network where organisation = $1 order by label, cidr',
    [id],
  );
  return result.rows.flatMap(({ cidr, label }) => {
    const addresses = parseAddresses(cidr);
    return addresses === null ? [] : [{ label, addresses }];
  });
}
