import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';

interface ShowingSource {
  readonly name: string;
  readonly tool: string;
}

/** The sources of all scopes, by the scope. */
export async function loadSourcesOfScopes(
  db: Queryable,
  { id }: Organisation,
): Promise<ReadonlyMap<string, ShowingSource>> {
  const result = await db.query<{ id: bigint; name: string; tool: string }>({
    name: 'sources-of-scopes',
    text: `select scope.id, source.name, source.tool from scope
      join source on source.organisation = scope.organisation and source.id = scope.source_id where scope.organisation = $1`,
    values: [id],
  });
  return new Map(result.rows.map(({ id: scope, ...source }) => [String(scope), source]));
}

/** The scopes that show a finding now, as one value of a row of `finding`. */
export const SHOWING_SCOPES = `array(select sighting.scope_id::text from sighting where sighting.shard = $1 and sighting.fingerprint = finding.fingerprint and sighting.gone_at is null order by sighting.scope_id)`;
