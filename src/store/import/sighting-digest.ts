import { storableJson } from '#base/json-value.ts';
import type { SightingTraits } from '#domain/scan/closing.ts';
import type { Connection } from '../database.ts';
import { copyRowsOut } from './copy-out.ts';
import { DigestPacker, type DigestPart, readPart, recordsOf } from './digest-part.ts';
import { KnownSightings } from './known-sightings.ts';
import { readOpenSightings, readSightings } from './read-known.ts';
import { ShownCount } from './shown-count.ts';

const CHUNK = 5_000;
/** With more parts than this besides those that are full, all of them are written anew. */
const LOOSE_PARTS_MAX = 16;

/**
 * What is stored in short of the open sightings of a scope: 37 bytes each, what later scans changed behind what is
 * stored already. Whatever changes sightings otherwise than by a scan of their scope has to forget the digest.
 */
export class SightingDigest {
  readonly #parts: readonly DigestPart[];

  private constructor(parts: readonly DigestPart[]) {
    this.#parts = parts;
  }

  static async read(connection: Connection, shard: bigint, scopeId: bigint): Promise<SightingDigest> {
    const parts: DigestPart[] = [];
    // Numbers of ours; COPY takes no parameters.
    await copyRowsOut(
      connection,
      `select entries, convert_to(traits::text, 'UTF8') from sighting_digest where shard = ${shard} and scope_id = ${scopeId} order by part`,
      (buffer, start) => {
        const end = start + 4 + buffer.readInt32BE(start);
        const traitsEnd = end + 4 + buffer.readInt32BE(end);
        parts.push({
          entries: Buffer.from(buffer.subarray(start + 4, end)),
          traits: JSON.parse(buffer.toString('utf8', end + 4, traitsEnd)) as SightingTraits[],
        });
      },
    );
    return new SightingDigest(parts);
  }

  /** The open sightings of the scope; null where nothing is stored in short. */
  sightings(): KnownSightings | null {
    if (this.#parts.length === 0) return null;
    const known = new KnownSightings(Math.ceil(this.#records() * 1.05));
    const gone = new Set<string>();
    // Of the last part first: what it says of a sighting stands.
    for (const part of this.#parts.toReversed())
      readPart(
        part,
        (each) => {
          if (known.find(each.fingerprint) >= 0) return;
          if (gone.size === 0 || !gone.has(nameOf(each.fingerprint))) known.addKnown(each);
        },
        (fingerprint) => gone.add(nameOf(fingerprint)),
      );
    return known;
  }

  /**
   * Stores what became of the sightings of the scope, which were `known` when the digest was read: those that may have
   * `changed` since, or all of them where nothing is stored any more or most of what is stored is worn. What is stored
   * last says how many of them are open and held now.
   */
  async save(
    connection: Connection,
    shard: bigint,
    scopeId: bigint,
    known: KnownSightings,
    changed: Iterable<string>,
  ): Promise<void> {
    const stored = await connection.query<{ parts: number }>({
      name: 'digest-parts',
      text: 'select count(*)::integer as parts from sighting_digest where shard = $1 and scope_id = $2',
      values: [shard, scopeId],
    });
    // Somebody may have forgotten it since it was read.
    const isThere = this.#parts.length > 0 && stored.rows[0]?.parts === this.#parts.length;
    const packer = new DigestPacker();
    let first = this.#parts.length;
    let shown: ShownCount;
    if (isThere && !this.#isWorn(known.size)) {
      shown = ShownCount.before(known);
      await packChanged(connection, shard, scopeId, changed, packer, shown);
    } else {
      await forgetDigests(connection, shard, [scopeId]);
      first = 0;
      shown = new ShownCount();
      await readOpenSightings(connection, shard, scopeId, (each) => {
        packer.add(each);
        shown.add(each.isHeld);
      });
    }
    for (const [index, { entries, traits }] of packer.parts().entries())
      await connection.query({
        name: 'save-digest',
        text: 'insert into sighting_digest (shard, scope_id, part, entries, traits, open, held) values ($1, $2, $3, $4, $5, $6, $7)',
        values: [
          shard,
          scopeId,
          first + index,
          entries,
          storableJson(JSON.stringify(traits)),
          shown.open,
          shown.held,
        ],
      });
  }

  #isWorn(openCount: number): boolean {
    const full = openCount / CHUNK;
    return this.#records() > openCount * 1.5 + CHUNK || this.#parts.length > full * 1.5 + LOOSE_PARTS_MAX;
  }

  #records(): number {
    return this.#parts.reduce((sum, part) => sum + recordsOf(part), 0);
  }
}

async function packChanged(
  connection: Connection,
  shard: bigint,
  scopeId: bigint,
  changed: Iterable<string>,
  packer: DigestPacker,
  shown: ShownCount,
): Promise<void> {
  let chunk: string[] = [];
  const pack = () =>
    readSightings(
      connection,
      shard,
      scopeId,
      chunk,
      (each) => {
        packer.add(each);
        shown.changed(each.fingerprint, true, each.isHeld);
      },
      (fingerprint) => {
        packer.addGone(fingerprint);
        shown.changed(fingerprint, false, false);
      },
    );
  for (const fingerprint of changed) {
    chunk.push(fingerprint);
    if (chunk.length < CHUNK) continue;
    await pack();
    chunk = [];
  }
  if (chunk.length > 0) await pack();
}

/** The next scans of these scopes read their sightings themselves. To be called by whatever changes sightings that are open, or opens them, otherwise than by a scan of their scope, in its transaction. */
export async function forgetDigests(
  connection: Connection,
  shard: bigint,
  scopeIds: readonly bigint[],
): Promise<void> {
  await connection.query('delete from sighting_digest where shard = $1 and scope_id = any($2::bigint[])', [
    shard,
    scopeIds,
  ]);
}

function nameOf(fingerprint: Uint8Array): string {
  return Buffer.from(fingerprint).toString('latin1');
}
