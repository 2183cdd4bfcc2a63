import type { ToldOwners } from '#domain/ports/owner-store.ts';
import type { OwnerSource } from '#domain/resource/owner.ts';
import type { Queryable } from './database.ts';

interface PreferenceRow {
  readonly kind: 'tag' | 'exclusion' | 'accepted';
  readonly subject: string;
  readonly value: string;
  readonly owner: string | null;
  readonly note: string | null;
  readonly actor: string;
}

/** What the organisation that lies in this shard says about owners. */
export async function loadToldOwners(db: Queryable, shard: bigint): Promise<ToldOwners> {
  const result = await db.query<PreferenceRow>({
    name: 'owner-preferences',
    text: 'select kind, subject, value, owner, note, actor from owner_preference where organisation = $1::bigint / 1024 order by kind, subject, value',
    values: [shard],
  });
  const of = (kind: PreferenceRow['kind']) => result.rows.filter((row) => row.kind === kind);
  return {
    tags: of('tag').map(({ subject, value, owner, note }) => ({
      tag: subject,
      value,
      owner: owner ?? '',
      note,
    })),
    exclusions: of('exclusion').map(({ subject, value, note }) => ({
      owner: subject,
      from: value === '' ? null : (value as OwnerSource),
      note,
    })),
    accepted: of('accepted').map(({ subject, owner, actor }) => ({
      resource: subject,
      owner: owner ?? '',
      by: actor,
    })),
  };
}
