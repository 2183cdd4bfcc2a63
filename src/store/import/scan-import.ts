import { hash64 } from '#base/digest.ts';
import type { Instant } from '#base/instant.ts';
import { storableJson } from '#base/json-value.ts';
import { isCve } from '#domain/finding/advisory-name.ts';
import type { Alias } from '#domain/finding/aliases.ts';
import {
  likenessOf,
  type OpenSighting,
  type ScopeContext,
  summariseFinding,
} from '#domain/finding/finding-state.ts';
import { markOf } from '#domain/finding/identify-finding.ts';
import type {
  BomObservation,
  CatalogueObservation,
  CodeOwnersObservation,
  CreatorObservation,
  DataObservation,
  GoneObservation,
  InventoryListing,
  ObservedPackage,
  PackageObservation,
  RelationObservation,
  ResourceObservation,
  SignalObservation,
  VexObservation,
} from '#domain/finding/observation.ts';
import { contentHash, contentText, type SightingContent } from '#domain/finding/sighting.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { EntryKey } from '#domain/ports/entry-memory.ts';
import type {
  ScanEnd,
  ScanImport,
  ScanOutcome,
  ScanRequest,
  SightingRecord,
} from '#domain/ports/import-store.ts';
import { type DeclaredPlace, NOTHING_DECLARED } from '#domain/resource/place-resource.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { identifyResource } from '#domain/resource/resource-key.ts';
import type { SightingTraits } from '#domain/scan/closing.ts';
import { coverNumber } from '#domain/scan/cover-unit.ts';
import { severityRank } from '#domain/severity/severity.ts';
import type { Connection } from '../database.ts';
import { saysAnything, saysOtherwise } from '../estate/declared-words.ts';
import type { Organisation } from '../organisation.ts';
import { aliasesInFeeds } from '../rekey/feed-aliases.ts';
import { learnAliases } from '../rekey/learn-aliases.ts';
import type { Rekeyed } from '../rekey/rekeyed.ts';
import { aliasesOfEstate } from '../rekey/resource-aliases.ts';
import type { AppliedScan } from './applied-scan.ts';
import { applyScan, KEPT_MAX } from './apply-scan.ts';
import { copyLine } from './copy-rows.ts';
import type { KnownAliases } from './known-aliases.ts';
import { KnownEntries } from './known-entries.ts';
import { fingerprintBytes, KnownSightings } from './known-sightings.ts';
import { readOpenSightings } from './read-known.ts';
import { settleFindings } from './settle-findings.ts';
import { SharedCovers } from './shared-covers.ts';
import { SightingDigest } from './sighting-digest.ts';
import { SignalTally } from './signal-tally.ts';
import type { StageWriter } from './stage-writer.ts';

const NO_COVER = coverNumber('');

/** A scope as the scans before left it. */
interface ScopeState {
  readonly environment: string | null;
  readonly services: readonly string[];
  readonly team: string | null;
  readonly image_key: string | null;
  readonly image_digest: string | null;
  readonly image_id: string | null;
  readonly image_reference: string | null;
  readonly last_report_at: Instant;
  readonly last_sha256: string | null;
  readonly retired_at: Instant | null;
}

/**
 * One scan while it is read: compared in memory with the open sightings of its scope, so that what did
 * not change costs no statement; what is new or different goes to the stage by COPY.
 */
export class PostgresScanImport implements ScanImport {
  readonly #connection: Connection;
  readonly #organisation: Organisation;
  readonly #clock: Clock;
  readonly #stageWriter: StageWriter;
  readonly #sourceName: string;
  readonly #scopeContext: ScopeContext;
  readonly #importId: bigint;
  readonly #request: ScanRequest;
  readonly #known: KnownSightings;
  readonly #digest: SightingDigest;
  readonly #shared: SharedCovers;
  readonly #entries: KnownEntries;
  readonly #aliases: KnownAliases;
  readonly #learned = new Map<string, Alias>();
  /** Advisories under names that are no CVE, for feeds to tell others. */
  readonly #namedOtherwise = new Set<string>();
  readonly #rekeyed = new Map<string, Rekeyed>();
  readonly #scopeId: bigint;
  /** Null for a scope that was never scanned. */
  readonly #before: ScopeState | null;
  readonly #covers = new Set<bigint>();
  /** The units of an inventory in words: what is not in them was not looked at. */
  readonly #inventoryCovers = new Set<string>();
  readonly #classes = new Set<string>();
  #hasSuppressed = false;
  #hasHistory = false;
  readonly #endedWhy = new Map<number, string>();
  readonly #endedUnseen = new Set<string>();
  /** The import says something, and of the resources that it tells of alone: its scope is of many things. */
  readonly #isOfResources: boolean;
  /** By the names in use: what its findings are on, where it says something of these. */
  readonly #spokenOf = new Set<string>();
  readonly #resources: ResourceObservation[] = [];
  readonly #relations: RelationObservation[] = [];
  readonly #catalogue: AppliedScan['catalogue'][number][] = [];
  readonly #data: DataObservation[] = [];
  readonly #creators: CreatorObservation[] = [];
  readonly #catalogueUnits = new Set<string>();
  readonly #listings: InventoryListing[] = [];
  readonly #gone: GoneObservation[] = [];
  #bom: { readonly resource: ResourceDescription; readonly packages: ObservedPackage[] } | null = null;
  readonly #signals = new SignalTally();
  #seq = 0n;

  private constructor(
    connection: Connection,
    organisation: Organisation,
    clock: Clock,
    stageWriter: StageWriter,
    importId: bigint,
    request: ScanRequest,
    sourceName: string,
    scopeId: bigint,
    before: ScopeState | null,
    known: KnownSightings,
    digest: SightingDigest,
    shared: SharedCovers,
    entries: KnownEntries,
    aliases: KnownAliases,
  ) {
    this.#connection = connection;
    this.#organisation = organisation;
    this.#clock = clock;
    this.#stageWriter = stageWriter;
    this.#sourceName = sourceName;
    this.#scopeContext = scopeContext(request, before);
    this.#importId = importId;
    this.#request = request;
    this.#known = known;
    this.#digest = digest;
    this.#shared = shared;
    this.#entries = entries;
    this.#aliases = aliases;
    this.#scopeId = scopeId;
    this.#before = before;
    this.#isOfResources = !request.scope.isOfOneThing && saysAnything(request);
  }

  static async begin(
    connection: Connection,
    organisation: Organisation,
    clock: Clock,
    stageWriter: StageWriter,
    importId: bigint,
    request: ScanRequest,
    aliases: KnownAliases,
  ): Promise<PostgresScanImport> {
    const { source, scope } = request;
    const id = BigInt.asUintN(62, hash64(`${organisation.id}|${source.id}|${scope.key}`));
    const state = await connection.query<ScopeState>({
      name: 'scope-state',
      text: 'select environment, services, team, image_key, image_digest, image_id, image_reference, last_report_at, last_sha256, retired_at from scope where organisation = $1 and id = $2',
      values: [organisation.id, id],
    });
    // The name that a person gave it stands.
    const named = await connection.query<{ name: string }>(
      'select name from source where organisation = $1 and id = $2',
      [organisation.id, source.id],
    );
    const digest = await SightingDigest.read(connection, organisation.shard, id);
    let known = digest.sightings();
    if (known === null) {
      const read = new KnownSightings();
      await readOpenSightings(connection, organisation.shard, id, (each) => read.addKnown(each));
      known = read;
    }
    const shared = await SharedCovers.read(connection, organisation.shard, id, known);
    const entries = await KnownEntries.read(connection, organisation.shard, id, clock.now());
    return new PostgresScanImport(
      connection,
      organisation,
      clock,
      stageWriter,
      importId,
      request,
      named.rows[0]?.name ?? source.name,
      id,
      state.rows[0] ?? null,
      known,
      digest,
      shared,
      entries,
      aliases,
    );
  }

  add(record: SightingRecord, file: number): Promise<void> | void {
    const fingerprint = fingerprintBytes(record.identity.fingerprint);
    const cover = coverNumber(record.cover);
    if (record.cover !== '') this.#covers.add(cover);
    const { content, traits } = record;
    for (const alias of record.aliases) this.#learn(alias);
    const { advisory } = record.identity;
    if (advisory !== null && !isCve(this.#aliases.aliases.advisory(advisory)))
      this.#namedOtherwise.add(advisory);
    const index = this.#known.find(fingerprint);
    if (content === null) {
      if (index >= 0 && index < this.#known.knownCount) {
        this.#known.markEnded(index);
        this.#shared.end(index, cover);
        this.#endedWhy.set(index, record.endedWhy ?? 'resolved');
      } else if (this.#endedUnseen.size <= KEPT_MAX) this.#endedUnseen.add(record.identity.fingerprint);
      return;
    }
    if (this.#isOfResources) this.#spokenOf.add(this.#aliases.aliases.resource(record.identity.resource).key);
    const text = contentText(content);
    const hash = contentHash(text);
    if (record.entry !== null)
      this.#entries.learn(record.entry, { fingerprint, hash, cover: record.cover === '' ? null : cover });
    if (index < 0) {
      const added = this.#known.addNew(fingerprint, hash, cover, traits, file);
      return this.#stage(added, record, content, text, hash, cover, file);
    }
    const isFirst = this.#show(index, cover, file);
    const isMerged = this.#known.isMerged(index);
    if (!isMerged && this.#known.hashAt(index) === hash) {
      this.#match(index, isFirst);
      return;
    }
    if (!isFirst || isMerged) this.#known.markAgain(index);
    return this.#stage(index, record, content, text, hash, cover, file);
  }

  recall(key: EntryKey, file: number): boolean {
    // What is remembered of an entry does not tell which resource it is about.
    if (this.#isOfResources) return false;
    const entry = this.#entries.find(key);
    if (entry === null) return false;
    const index = this.#known.find(entry.fingerprint);
    if (index < 0 || this.#known.isMerged(index) || this.#known.hashAt(index) !== entry.hash) return false;
    this.#entries.keep(key);
    if (entry.cover !== null) this.#covers.add(entry.cover);
    this.#match(index, this.#show(index, entry.cover ?? NO_COVER, file));
    return true;
  }

  /** An entry of the scan shows a sighting that was met before; answers whether it is the first one. */
  #show(index: number, cover: bigint, file: number): boolean {
    const isFirst = !this.#known.isSeen(index);
    this.#shared.show(index, cover, isFirst);
    if (isFirst) this.#known.markSeen(index, file);
    return isFirst;
  }

  /** The entry is just as it is stored. */
  #match(index: number, isFirst: boolean): void {
    // After an entry that is not.
    if (!isFirst && index < this.#known.knownCount && !this.#known.isMatched(index))
      this.#known.markAgain(index);
    this.#known.markMatched(index);
  }

  cover(unit: string): void {
    this.#covers.add(coverNumber(unit));
    if (this.#request.scope.key.startsWith('inventory|')) this.#inventoryCovers.add(unit);
  }

  listClass(findingClass: string): void {
    this.#classes.add(findingClass);
  }

  addResource(resource: ResourceObservation): void {
    this.#resources.push(resource);
  }

  listCatalogue(unit: string): void {
    this.#catalogueUnits.add(unit);
  }

  addCatalogue(entry: CatalogueObservation | CodeOwnersObservation | VexObservation, unit: string): void {
    this.#catalogue.push({ unit, entry });
  }

  addRelation(relation: RelationObservation): void {
    this.#relations.push(relation);
  }

  listInventory(listing: InventoryListing): void {
    this.#listings.push(listing);
  }

  addGone(gone: GoneObservation): void {
    this.#gone.push(gone);
  }

  addData(data: DataObservation): void {
    this.#data.push(data);
  }

  addCreator(creator: CreatorObservation): void {
    this.#creators.push(creator);
  }

  listPackages({ resource }: BomObservation): void {
    this.#bom ??= { resource, packages: [] };
  }

  addPackage({ installed }: PackageObservation): void {
    this.#bom?.packages.push(installed);
  }

  addSignal(signal: SignalObservation): void {
    this.#signals.add(signal);
  }

  async finish(end: ScanEnd): Promise<ScanOutcome> {
    await this.#stageWriter.end();
    const ofEstate = await aliasesOfEstate(
      this.#connection,
      this.#organisation,
      this.#request,
      this.#resources,
      this.#relations,
    );
    const inFeeds = await aliasesInFeeds(this.#connection, this.#namedOtherwise);
    for (const alias of [...ofEstate, ...inFeeds]) this.#learn(alias);
    await learnAliases(
      this.#connection,
      this.#organisation,
      this.#clock.now(),
      [...this.#learned.values()],
      `source:${this.#request.source.id}`,
    );
    const isLate = this.#before !== null && end.reportAt < this.#before.last_report_at;
    const unseen = isLate ? await this.#onlyUnseenUnits(end) : true;
    const isOld = isLate && !unseen;
    const isRetired = (this.#before?.retired_at ?? null) !== null;
    const scan: AppliedScan = {
      importId: this.#importId,
      request: this.#request,
      scopeId: this.#scopeId,
      declared: declaredOf(this.#request, this.#request.scope.isOfOneThing ? this.#before : null),
      spokenOf: this.#spokenOf,
      end,
      openSighting: (content) => this.#openSighting(content),
      isFirst: this.#before === null,
      lastReportAt: this.#before?.last_report_at ?? null,
      isLate,
      isOld,
      isSameBytes:
        this.#before?.last_sha256 === end.sha256 &&
        !end.isConfirmed &&
        !end.isDeclaredComplete &&
        !(await this.#saysOtherwise()),
      isScopeChanged: this.#before !== null && isChanged(this.#before, this.#request),
      isTakenUp: isRetired && !isOld,
      staysRetired: isRetired && isOld,
      stagedRows: this.#stageWriter.lines,
      known: this.#known,
      digest: this.#digest,
      shared: this.#shared,
      entries: this.#entries,
      aliases: this.#aliases.aliases,
      aliasVersion: this.#aliases.version,
      rekeyed: [...this.#rekeyed.values()],
      covers: this.#covers,
      inventoryCovers: this.#inventoryCovers,
      classes: this.#classes,
      hasSuppressed: this.#hasSuppressed,
      hasHistory: this.#hasHistory,
      endedWhy: this.#endedWhy,
      endedUnseen: this.#endedUnseen,
      resources: this.#resources,
      relations: this.#relations,
      catalogue: this.#catalogue,
      data: this.#data,
      creators: this.#creators,
      bom: this.#bom,
      catalogueUnits: this.#catalogueUnits,
      listings: this.#listings,
      gone: this.#gone,
      signals: this.#signals.values(),
    };
    const outcome = await applyScan(this.#connection, this.#organisation, this.#clock.now(), scan);
    const created = outcome.files.reduce((sum, file) => sum + file.created, 0);
    await settleFindings(this.#connection, created);
    return outcome;
  }

  async abandon(): Promise<void> {
    await this.#stageWriter.end();
    await this.#connection.query('delete from stage_sighting where shard = $1 and import_id = $2', [
      this.#organisation.shard,
      this.#importId,
    ]);
  }

  /**
   * A report that is older than the latest scan of its scope still tells of the units that no later scan looked at, and
   * of those at which later ones looked in part it tells what nobody knows: a part says nothing of what it does not show.
   * What it says beside that is dropped, and what a later part says to have ended. False where nothing is left.
   */
  async #onlyUnseenUnits({ coverage, reportAt }: ScanEnd): Promise<boolean> {
    if (coverage !== 'listed' && coverage !== 'none') return false;
    const { id, shard } = this.#organisation;
    const later = await this.#connection.query<{ is_complete: boolean; covers: string[] | null }>(
      `select is_complete, covers::text[] as covers from scan where organisation = $1 and scope_id = $2 and report_at > $3`,
      [id, this.#scopeId, new Date(reportAt)],
    );
    const [wholly, partly] = [true, false].map((is) => later.rows.filter((row) => row.is_complete === is));
    const isPartOfAll = partly?.some((row) => row.covers === null) === true;
    if (wholly?.some((row) => row.covers === null) === true) return false;
    const settled = new Set(wholly?.flatMap((row) => row.covers ?? []).map(BigInt));
    const unseen = new Set([...this.#covers].filter((cover) => !settled.has(cover) && !isPartOfAll));
    for (const row of partly ?? []) for (const cover of row.covers ?? []) unseen.delete(BigInt(cover));
    if (unseen.size === 0 && partly?.length === 0) return false;
    this.#shared.forgetShown((cover) => settled.has(cover));
    this.#shared.forgetEnded((cover) => !unseen.has(cover));
    for (const cover of this.#covers) if (!unseen.has(cover)) this.#covers.delete(cover);
    await this.#connection.query(
      `delete from stage_sighting as staged where shard = $1 and import_id = $2 and (not (cover = any($3::bigint[])) and (cover = any($4::bigint[]) or not $5
         or exists (select from sighting where sighting.shard = $1 and sighting.scope_id = $6 and sighting.fingerprint = staged.fingerprint and (sighting.gone_at is null or sighting.gone_at > $7)))
         or fingerprint in (select unnest(ended) from scan where scan.organisation = $8 and scan.scope_id = $6 and scan.report_at > $7))`,
      [
        shard,
        this.#importId,
        [...unseen].map(String),
        [...settled].map(String),
        partly?.length !== 0,
        this.#scopeId,
        new Date(reportAt),
        id,
      ],
    );
    return true;
  }

  /** Whether the import says of a resource what nobody said of it before. */
  async #saysOtherwise(): Promise<boolean> {
    if (!this.#isOfResources) return false;
    const { naming } = this.#request;
    const described = this.#resources.map(({ resource }) => identifyResource(resource, naming).key);
    const keys = new Set([...this.#spokenOf, ...described]);
    return saysOtherwise(this.#connection, this.#organisation.shard, keys, this.#request);
  }

  #learn(alias: Alias): void {
    if (this.#aliases.aliases.has(alias)) return;
    const target = alias.kind === 'advisory' ? alias.target : alias.target.key;
    this.#learned.set(`${alias.kind}\n${alias.name}\n${target}`, alias);
  }

  #openSighting(content: SightingContent): OpenSighting {
    return { source: this.#sourceName, scope: this.#scopeContext, seenAt: 0, content };
  }

  #stage(
    index: number,
    record: SightingRecord,
    content: SightingContent,
    text: string,
    hash: bigint,
    cover: bigint,
    file: number,
  ): Promise<void> | void {
    const { identity: own, traits } = record;
    const finding = this.#aliases.aliases.rekeyed(own);
    if (finding !== null) this.#rekeyed.set(own.fingerprint, { own, finding });
    const identity = finding ?? own;
    const summary = summariseFinding([this.#openSighting(content)]);
    this.#known.markStaged(index, true);
    if (content.suppressed !== null) this.#hasSuppressed = true;
    if (content.history !== undefined) this.#hasHistory = true;
    return this.#stageWriter.write(
      copyLine([
        this.#organisation.shard,
        this.#importId,
        this.#seq++,
        file,
        own.fingerprint,
        finding === null ? null : finding.fingerprint,
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
        markOf(identity),
        hash,
        1,
        cover,
        traits.findingClass,
        severityNumber(traits),
        traits.fixable,
        traits.rule,
        record.check === null ? null : storableJson(JSON.stringify([record.check])),
        text,
        storableJson(JSON.stringify(summary)),
        likenessOf(summary),
      ]),
    );
  }
}

/** What a person says now counts, and what was said before stands where nothing is said now. */
function declaredOf(request: DeclaredPlace, before: DeclaredPlace | null): DeclaredPlace {
  return {
    environment: request.environment ?? before?.environment ?? null,
    services: request.services.length > 0 ? request.services : (before?.services ?? []),
    team: request.team ?? before?.team ?? null,
  };
}

/** What the scope will say once this scan is applied: its image is that of its first scan. */
function scopeContext(request: ScanRequest, before: ScopeState | null): ScopeContext {
  const { image } = request.scope;
  const first =
    before === null
      ? image && { digest: image.digest, imageId: image.imageId, reference: image.reference }
      : before.image_key === null
        ? null
        : { digest: before.image_digest, imageId: before.image_id, reference: before.image_reference };
  const words = request.scope.isOfOneThing ? declaredOf(request, before) : NOTHING_DECLARED;
  return { ...words, image: first };
}

/**
 * Whether the scope comes back, or a person now says of it what nobody said before, or what an earlier version kept of a scope of
 * many things is let go: that is about all of its findings.
 */
function isChanged(before: ScopeState, { scope, environment, services, team }: ScanRequest): boolean {
  if (before.retired_at !== null) return true;
  if (!scope.isOfOneThing) return saysAnything(before);
  if (environment !== null && environment !== before.environment) return true;
  if (team !== null && team !== before.team) return true;
  return services.length > 0 && services.join('\n') !== before.services.join('\n');
}

function severityNumber(traits: SightingTraits): number | null {
  return traits.severity === null ? null : severityRank(traits.severity);
}
