import { coverNumber } from '#domain/scan/cover-unit.ts';
import type { Connection } from '../database.ts';
import { copyInto, copyLine } from './copy-rows.ts';
import { fingerprintBytes, type KnownSightings } from './known-sightings.ts';

const WHOLE_SCOPE = coverNumber('');

/**
 * Sightings that belong to several units of coverage: one package in two lock files, one image in two
 * namespaces. Such a sighting goes only when all of its units were looked at and none shows it any more;
 * a scan that looks at some of them takes those away.
 */
export class SharedCovers {
  readonly #known: KnownSightings;
  /** All units of a stored sighting that has more than one. */
  readonly #stored = new Map<number, ReadonlySet<bigint>>();
  /** Sightings that are gone and of which units are stored: where one is back, it is in those units only that show it. */
  readonly #gone: string[] = [];
  /** The units in which the scan shows a sighting, where they are not just the stored one. */
  readonly #shown = new Map<number, Set<bigint>>();
  /** The units in which the scan says that a stored sighting has ended, where they are not just the stored one. */
  readonly #ended = new Map<number, Set<bigint>>();

  private constructor(known: KnownSightings) {
    this.#known = known;
  }

  static async read(
    connection: Connection,
    shard: bigint,
    scopeId: bigint,
    known: KnownSightings,
  ): Promise<SharedCovers> {
    const shared = new SharedCovers(known);
    const result = await connection.query<{ fingerprint: string; covers: string[] }>({
      name: 'shared-covers',
      text: 'select fingerprint, array_agg(cover::text) as covers from sighting_cover where shard = $1 and scope_id = $2 group by fingerprint',
      values: [shard, scopeId],
    });
    for (const { fingerprint, covers } of result.rows) {
      const index = known.find(fingerprintBytes(fingerprint));
      if (index >= 0) shared.#stored.set(index, new Set(covers.map(BigInt)));
      else shared.#gone.push(fingerprint);
    }
    return shared;
  }

  /** The scan shows the sighting in this unit. `isFirst`: it did not show it before. */
  show(index: number, cover: bigint, isFirst: boolean): void {
    let shown = this.#shown.get(index);
    if (shown === undefined) {
      if (!this.#stored.has(index) && cover === this.#known.coverAt(index)) return;
      shown = new Set(isFirst ? [] : [this.#known.coverAt(index)]);
      this.#shown.set(index, shown);
    }
    shown.add(cover);
  }

  /** The scan says that a stored sighting has ended in this unit. */
  end(index: number, cover: bigint): void {
    let ended = this.#ended.get(index);
    if (ended === undefined) {
      if (!this.#stored.has(index) && cover === this.#known.coverAt(index)) return;
      ended = new Set();
      this.#ended.set(index, ended);
    }
    ended.add(cover);
  }

  /**
   * Whether a sighting of which a record of the scan says that it has ended is gone with that: a record speaks of its own
   * unit, so all the others have to be ended too, or looked at. What it says of a unit that does not show the sighting ends nothing.
   */
  isEndedByRecords(index: number, covers: (cover: bigint) => boolean): boolean {
    const units = [...this.unitsOf(index)];
    const isEnded = this.#endOf(index);
    return units.some(isEnded) && units.every((unit) => isEnded(unit) || covers(unit));
  }

  /** Forgets that the scan shows sightings in these units. */
  forgetShown(isSettled: (cover: bigint) => boolean): void {
    forget(this.#shown, isSettled);
  }

  /** Forgets that the scan says that sightings have ended in these units. */
  forgetEnded(isSettled: (cover: bigint) => boolean): void {
    forget(this.#ended, isSettled);
  }

  /** The units to which a stored sighting belongs. */
  unitsOf(index: number): Iterable<bigint> {
    return this.#stored.get(index) ?? [this.#known.coverAt(index)];
  }

  /** Whether the scan looked at every unit of the sighting. */
  isLookedAt(index: number, covers: (cover: bigint) => boolean): boolean {
    const stored = this.#stored.get(index);
    return stored === undefined ? covers(this.#known.coverAt(index)) : [...stored].every(covers);
  }

  /** Sightings of which units remain that the scan did not look at: what is stored of those still stands. */
  *partlyLookedAt(covers: (cover: bigint) => boolean): Iterable<number> {
    for (const [index, stored] of this.#stored) if (![...stored].every(covers)) yield index;
  }

  /** The sightings whose units may change. */
  fingerprints(): readonly string[] {
    return [...new Set([...this.#stored.keys(), ...this.#shown.keys()])].map((index) =>
      this.#known.fingerprintAt(index),
    );
  }

  /** Stores the units of those sightings whose units changed. */
  async save(
    connection: Connection,
    shard: bigint,
    scopeId: bigint,
    covers: (cover: bigint) => boolean,
  ): Promise<void> {
    const changed = new Map<string, readonly bigint[]>();
    const back = this.#gone
      .map((fingerprint) => this.#known.findText(fingerprint))
      .filter((index) => index >= 0);
    for (const index of new Set([...this.#stored.keys(), ...this.#shown.keys(), ...back])) {
      const units = this.#unitsAfter(index, covers);
      if (units.size > 0)
        changed.set(
          this.#known.fingerprintAt(index),
          [...units].sort((a, b) => (a < b ? -1 : 1)),
        );
    }
    if (changed.size === 0) return;
    await connection.query(
      'delete from sighting_cover where shard = $1 and scope_id = $2 and fingerprint = any($3::uuid[])',
      [shard, scopeId, [...changed.keys()]],
    );
    const rows = [...changed]
      .filter(([, units]) => units.length > 1)
      .flatMap(([fingerprint, units]) => units.map((unit) => copyLine([shard, scopeId, fingerprint, unit])));
    if (rows.length > 0)
      await copyInto(connection, 'sighting_cover', ['shard', 'scope_id', 'fingerprint', 'cover'], rows);
    await connection.query(
      `update sighting set cover = changed.cover from unnest($3::uuid[], $4::bigint[]) as changed (fingerprint, cover)
       where sighting.shard = $1 and sighting.scope_id = $2 and sighting.fingerprint = changed.fingerprint and sighting.cover <> changed.cover`,
      [shard, scopeId, [...changed.keys()], [...changed.values()].map((units) => units[0])],
    );
  }

  /** What the scan did not look at, and where it shows it. */
  #unitsAfter(index: number, covers: (cover: bigint) => boolean): ReadonlySet<bigint> {
    const stored =
      this.#stored.get(index) ??
      (index < this.#known.knownCount ? new Set([this.#known.coverAt(index)]) : new Set<bigint>());
    const isEnded = this.#ended.has(index) ? this.#endOf(index) : () => false;
    return new Set([
      ...[...stored].filter((unit) => !covers(unit) && !isEnded(unit)),
      ...(this.#shown.get(index) ?? (this.#known.isSeen(index) ? [this.#known.coverAt(index)] : [])),
    ]);
  }

  /** Whether the scan says that a sighting has ended in a unit. A record or a sighting without a unit is of the whole scope. */
  #endOf(index: number): (unit: bigint) => boolean {
    const ended = this.#ended.get(index);
    return (unit) => ended === undefined || ended.has(unit) || ended.has(WHOLE_SCOPE) || unit === WHOLE_SCOPE;
  }
}

function forget(told: ReadonlyMap<number, Set<bigint>>, isSettled: (cover: bigint) => boolean): void {
  for (const units of told.values()) for (const unit of units) if (isSettled(unit)) units.delete(unit);
}
