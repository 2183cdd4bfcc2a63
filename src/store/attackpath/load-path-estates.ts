import type { PathEstate } from '#domain/attackpath/path-facts.ts';
import type { Connection } from '../database.ts';

interface EstateStates {
  readonly estate: string;
  readonly production: bigint;
  readonly other: bigint;
  readonly unknown: bigint;
  readonly example: string | null;
}

/** Words for what an account of a cloud is called there. */
const WORDS: readonly (readonly [prefix: string, word: string])[] = [
  ['aws:', 'account '],
  ['azure:', 'subscription '],
  ['gcp:', 'project '],
  ['k8s:', 'cluster '],
];

/**
 * Accounts and clusters as a whole: production where anything in them is known to be, as whoever administers them rules
 * over that too; no production where all of it is known to be something else.
 */
export async function loadPathEstates(
  connection: Connection,
  shard: bigint,
  estates: readonly string[],
): Promise<ReadonlyMap<string, PathEstate>> {
  if (estates.length === 0) return new Map();
  const result = await connection.query<EstateStates>({
    name: 'path-estates',
    text: `select estate, count(*) filter (where production ->> 'state' = 'yes') as production, count(*) filter (where production ->> 'state' = 'no') as other,
        count(*) filter (where production ->> 'state' = 'unknown') as unknown, min(name) filter (where production ->> 'state' = 'yes') as example
      from resource where shard = $1 and estate = any($2::text[]) and facts is not null and gone_at is null
        and type <> all('{inventory-listing,inventory-coverage,resource-part}') group by estate order by estate`,
    values: [shard, estates],
  });
  return new Map(
    result.rows.map(({ estate, production, other, unknown, example }) => {
      const name = nameOf(estate);
      const state = production > 0n ? 'yes' : other > 0n && unknown === 0n ? 'no' : 'unknown';
      const evidence =
        state === 'unknown'
          ? []
          : [
              {
                sentence:
                  state === 'yes'
                    ? `In ${name} is what is known to be production: ${example}.`
                    : `Nothing in ${name} is production.`,
                provenance: 'environment',
                at: null,
              },
            ];
      return [estate, { name, production: state, evidence }] as const;
    }),
  );
}

function nameOf(estate: string): string {
  const [prefix, word] = WORDS.find(([each]) => estate.startsWith(each)) ?? ['', ''];
  return `${word}${estate.slice(prefix.length)}`;
}
