import { boundedKey } from '#base/digest.ts';
import { parseImageName, runtimeReference } from '#domain/resource/image-name.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import type { Organisation } from '../organisation.ts';

/** Answers the images of which is now told that they run elsewhere than before. */
export async function saveRelations(
  connection: Connection,
  { shard }: Organisation,
  { request, end, relations }: AppliedScan,
  touched: Set<string>,
): Promise<Set<string>> {
  const images = new Set<string>();
  const rows = relations.map((relation) => {
    const from = identifyResource(relation.from, request.naming).key;
    // A runtime pulls a name without registry from Docker Hub.
    const to = identifyResource(
      relation.to.kind === 'image' ? { ...relation.to, inRegistry: true } : relation.to,
      request.naming,
    ).key;
    const image = relation.to.kind === 'image' ? relation.to : null;
    return {
      kind: relation.relation,
      from_key: from,
      to_key: to,
      // What names its digest runs that, whether or not anybody saw it run.
      digest: boundedKey(
        image === null ? '' : (image.digest ?? parseImageName(image.reference)?.digest ?? ''),
      ),
      image_id: boundedKey(image?.imageId ?? ''),
      reference: image === null ? '' : boundedKey(runtimeReference(image.reference)),
    };
  });
  if (rows.length === 0) return images;
  // What a workload runs is replaced as a whole, apart for those who know digests (pods, templates that name one) and those who know names only.
  const told = JSON.stringify(rows);
  const gone = await connection.query<RelationEnd>(
    `delete from relation using (select distinct kind, from_key, digest <> '' as has_digest from ${TOLD}) as told
     where relation.shard = $1 and relation.kind = told.kind and relation.from_key = told.from_key and (relation.digest <> '') = told.has_digest
       and not exists (select from ${TOLD} where ${SAME})
     returning relation.kind, relation.to_key`,
    [shard, told],
  );
  await connection.query(
    `update relation set source_id = $3, seen_at = $4 from ${TOLD} where relation.shard = $1 and ${SAME}`,
    [shard, told, request.source.id, new Date(end.reportAt)],
  );
  const added = await connection.query<RelationEnd>(
    `insert into relation (shard, kind, from_key, to_key, digest, image_id, reference, source_id, seen_at)
     select distinct $1::bigint, kind, from_key, to_key, digest, image_id, reference, $3, $4::timestamptz
     from ${TOLD} on conflict do nothing returning kind, to_key`,
    [shard, told, request.source.id, new Date(end.reportAt)],
  );
  for (const { kind, to_key } of [...gone.rows, ...added.rows]) {
    if (kind !== 'runs-image') continue;
    touched.add(to_key);
    images.add(to_key);
  }
  return images;
}

interface RelationEnd {
  readonly kind: string;
  readonly to_key: string;
}

const TOLD =
  'jsonb_to_recordset($2) as row (kind text, from_key text, to_key text, digest text, image_id text, reference text)';
const SAME = `relation.kind = row.kind and relation.from_key = row.from_key and relation.to_key = row.to_key
  and relation.digest = row.digest and relation.image_id = row.image_id and relation.reference = row.reference`;
