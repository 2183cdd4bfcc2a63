import type { Queryable } from '../database.ts';

/** Beside what is there, the words of the index `resource_served`. */
export const SERVED = `type = 'resource-part' and facts -> 'Facts' -> 'Website' = 'true'::jsonb`;

/** Keys that buckets of a name have, by partition of AWS. */
const PARTITIONS = ['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc'];

/** Keys of the buckets of which an answer of its own, and not their description, says that they serve a site. */
export async function loadServedBuckets(db: Queryable, shard: bigint): Promise<readonly string[]> {
  const { rows } = await db.query<{ name: string }>({
    name: 'served-buckets',
    text: `select distinct facts ->> 'Of' as name from resource where shard = $1 and gone_at is null and facts is not null and ${SERVED}`,
    values: [shard],
  });
  return rows.flatMap(({ name }) =>
    name.startsWith('arn:')
      ? [`aws:${name}`]
      : PARTITIONS.map((partition) => `aws:arn:${partition}:s3:::${name}`),
  );
}
