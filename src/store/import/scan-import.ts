import { hash64 } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import type { RelationObservation, ResourceObservation, SignalObservation } from '#domain/finding/observation.ts';
import { contentHash } from '#domain/finding/sighting.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { ScanEnd, ScanImport, ScanOutcome, ScanRequest, SightingRecord } from '#domain/ports/import-store.ts';
import type { SightingTraits } from '#domain/scan/closing.ts';
import { coverNumber } from '#domain/scan/cover-unit.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { Connection } from '../database.ts';
import type { Organisation } from '../organisation.ts';
import { type AppliedScan, applyScan } from './apply-scan.ts';
import { copyInto, copyLine } from './copy-rows.ts';
import type { KnownSightings } from './known-sightings.ts';
import { readKnownSightings } from './read-known.ts';
import { STAGE_COLUMNS } from './stage.ts';

const STAGE_ROWS_MAX = 20_000;

/** What `unchanged` counts per file: sightings that the scan shows as they were. */
interface FileCount {
  seen: number;
}

/**
 * One scan while it is read: compared in memory with the open sightings of its scope, so that what did
 * not change costs no statement; what is new or different goes to the stage by COPY.
 */
export class PostgresScanImport implements ScanImport {
  readonly #connection: Connection;
  readonly #organisation: Organisation;
  readonly #clock: Clock;
  readonly #importId: bigint;
  readonly #request: ScanRequest;
  readonly #known: KnownSightings;
  readonly #scopeId: bigint;
  /** The report is older than the latest scan of its scope: it adds history and changes no state. */
  readonly #isOld: boolean;
  readonly #lastSha256: string | null;
  readonly #covers = new Set<bigint>();
  readonly #classes = new Set<string>();
  readonly #endedWhy = new Map<number, string>();
  readonly #resources: ResourceObservation[] = [];
  readonly #relations: RelationObservation[] = [];
  readonly #signals: SignalObservation[] = [];
  readonly #files: FileCount[] = [];
  #lines: string[] = [];
  #seq = 0n;

  private constructor(
    connection: Connection,
    organisation: Organisation,
    clock: Clock,
    importId: bigint,
    request: ScanRequest,
    scope: { readonly id: bigint; readonly lastReportAt: Instant | null; readonly lastSha256: string | null },
    known: KnownSightings,
  ) {
    this.#connection = connection;
    this.#organisation = organisation;
    this.#clock = clock;
    this.#importId = importId;
    this.#request = request;
    this.#known = known;
    this.#scopeId = scope.id;
    this.#isOld = scope.lastReportAt !== null && request.reportAt < scope.lastReportAt;
    this.#lastSha256 = scope.lastSha256;
  }

  static async begin(connection: Connection, organisation: Organisation, clock: Clock, importId: bigint, request: ScanRequest): Promise<PostgresScanImport> {
    const { source, scope } = request;
    const id = BigInt.asUintN(62, hash64(`${organisation.id}|${source.id}|${scope.key}`));
    const row = await connection.query<{ last_report_at: Instant; last_sha256: string | null }>({
      name: 'scope-state',
      text: 'select last_report_at, last_sha256 from scope where organisation = $1 and id = $2',
      values: [organisation.id, id],
    });
    const known = await readKnownSightings(connection, organisation.shard, id);
    const state = { id, lastReportAt: row.rows[0]?.last_report_at ?? null, lastSha256: row.rows[0]?.last_sha256 ?? null };
    return new PostgresScanImport(connection, organisation, clock, importId, request, state, known);
  }

  add(record: SightingRecord, file: number): Promise<void> | void {
    const count = this.#fileCount(file);
    const fingerprint = Buffer.from(record.identity.fingerprint.replaceAll('-', ''), 'hex');
    const cover = coverNumber(record.cover);
    if (record.cover !== '') this.#covers.add(cover);
    const { content, traits } = record;
    let index = this.#known.find(fingerprint);
    if (content === null) {
      if (index >= 0 && index < this.#known.knownCount) {
        this.#known.markEnded(index);
        this.#endedWhy.set(index, record.endedWhy ?? 'resolved');
      }
      return;
    }
    const hash = contentHash(content);
    if (index < 0) {
      index = this.#known.addNew(fingerprint, hash, cover, traits);
      count.seen++;
      return this.#stage(record, hash, cover, file);
    }
    const isFirst = !this.#known.isSeen(index);
    if (isFirst) {
      this.#known.markSeen(index);
      count.seen++;
    }
    const isSame = this.#known.hashAt(index) === hash;
    if (isSame && !this.#known.isMerged(index)) {
      this.#known.markMatched(index);
      return;
    }
    if (!isFirst || this.#known.isMerged(index)) this.#known.markAgain(index);
    return this.#stage(record, hash, cover, file);
  }

  cover(unit: string): void {
    this.#covers.add(coverNumber(unit));
  }

  listClass(findingClass: string): void {
    this.#classes.add(findingClass);
  }

  addResource(resource: ResourceObservation): void {
    this.#resources.push(resource);
  }

  addRelation(relation: RelationObservation): void {
    this.#relations.push(relation);
  }

  addSignal(signal: SignalObservation): void {
    this.#signals.push(signal);
  }

  async finish(end: ScanEnd): Promise<ScanOutcome> {
    await this.#flush();
    const scan: AppliedScan = {
      importId: this.#importId,
      request: this.#request,
      scopeId: this.#scopeId,
      end,
      isOld: this.#isOld,
      isSameBytes: this.#lastSha256 === end.sha256 && !end.isConfirmed && !end.isDeclaredComplete,
      known: this.#known,
      covers: this.#covers,
      classes: this.#classes,
      endedWhy: this.#endedWhy,
      resources: this.#resources,
      relations: this.#relations,
      signals: this.#signals,
      seenByFile: end.files.map((_, file) => this.#files[file]?.seen ?? 0),
    };
    return applyScan(this.#connection, this.#organisation, this.#clock.now(), scan);
  }

  async abandon(): Promise<void> {
    await this.#connection.query('delete from stage_sighting where shard = $1 and import_id = $2', [this.#organisation.shard, this.#importId]);
  }

  #fileCount(file: number): FileCount {
    let count = this.#files[file];
    if (count === undefined) {
      count = { seen: 0 };
      this.#files[file] = count;
    }
    return count;
  }

  #stage(record: SightingRecord, hash: bigint, cover: bigint, file: number): Promise<void> | void {
    const { identity, traits, content } = record;
    this.#lines.push(
      copyLine([
        this.#organisation.shard,
        this.#importId,
        this.#seq++,
        file,
        identity.fingerprint,
        identity.issueId,
        identity.issueKey,
        identity.type,
        identity.advisory,
        identity.control,
        identity.toolCheck,
        identity.resource.key,
        identity.resource.kind,
        identity.resource.name,
        identity.place,
        hash,
        1,
        cover,
        traits.findingClass,
        severityNumber(traits),
        traits.fixable,
        traits.rule,
        JSON.stringify(content),
      ]),
    );
    if (this.#lines.length >= STAGE_ROWS_MAX) return this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#lines.length === 0) return;
    const lines = this.#lines;
    this.#lines = [];
    await copyInto(this.#connection, 'stage_sighting', STAGE_COLUMNS, lines);
  }
}

function severityNumber(traits: SightingTraits): number | null {
  return traits.severity === null ? null : severityRank(traits.severity);
}
