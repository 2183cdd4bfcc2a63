import { createHash } from 'node:crypto';
import { storable } from '#base/json-value.ts';
import { counted, oneLine } from '#base/text.ts';
import { controlById } from '#domain/control/control-catalogue.ts';
import { impliedRisks } from '#domain/control/implied-risks.ts';
import { aliasesOfAdvisory } from '#domain/finding/aliases.ts';
import { type FindingIdentity, identifyFinding, observedCheck } from '#domain/finding/identify-finding.ts';
import type { FindingObservation, Observation } from '#domain/finding/observation.ts';
import { sightingContent } from '#domain/finding/sighting.ts';
import type { EntryKey } from '#domain/ports/entry-memory.ts';
import type { ReadContext, ReportFormat } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { AppContext } from '../context.ts';
import { boundTags } from './bound-tags.ts';
import { boundTimes } from './bound-times.ts';
import { catalogueUnit } from './catalogue-unit.ts';
import { countFinding } from './finding-limit.ts';
import type { ImportOptions } from './import-options.ts';
import { countRepeats, isNumbered, numberByArrival, type Repeats } from './number-repeats.ts';
import type { FileTally, OpenScan, OpenScans } from './open-scans.ts';
import { refusal } from './refusal.ts';
import { ReportEntries } from './report-entries.ts';

const REJECTS_SHOWN_MAX = 1_000;

/** Reads one report to its end, or as far as it goes, into the scans that it is about. */
export async function readReport(
  ctx: AppContext,
  scans: OpenScans,
  input: ReportInput,
  format: ReportFormat,
  options: ImportOptions,
): Promise<void> {
  const file = scans.beginFile(input.name, format.id);
  const hashed = new HashedInput(input);
  const context = {
    root: options.root,
    account: options.account,
    region: options.region,
    cluster: options.scope['cluster'] ?? null,
    repository: options.scope['repository'] ?? null,
    artifact: options.scope['artifact'] ?? null,
    from: options.scope['from'] ?? null,
  } satisfies ReadContext;
  const reading = [
    format.id,
    ...Object.values(context),
    createHash('sha256').update(ctx.secretKey).digest('hex'),
  ];
  const memory = new ReportEntries(scans, file, reading, ctx.limits);
  let scan: OpenScan | null = null;
  let repeats: Repeats = numberByArrival();
  let isCounted = false;
  let unit = '';
  try {
    await scans.remember(format);
    for await (const item of format.read(hashed, { ...context, memory, kept: scans.kept })) {
      switch (item.kind) {
        case 'scan':
          scan = await scans.join(storable(item.scan), file, options.scope);
          memory.open(scan);
          if (item.scan.scope.is === 'catalogue') {
            unit = storable({ unit: item.scan.scope.unit ?? catalogueUnit(input.name, options.root) }).unit;
            scan.import.listCatalogue(unit);
          }
          if (item.scan.scope.is === 'feed')
            unit = storable({ unit: catalogueUnit(input.name, options.root) }).unit;
          if (item.scan.scope.is === 'code' && !isCounted) {
            const identityContext = { naming: scan.naming, secretKey: ctx.secretKey };
            repeats = await countRepeats(
              format.read(input, context),
              (observation) => identifyFinding(observation, identityContext).fingerprint,
            );
            isCounted = true;
          }
          break;
        case 'record':
          file.records++;
          if (scan !== null) scan.tally.records++;
          await observeAll(
            ctx,
            scans,
            scan,
            file,
            item.observations,
            repeats,
            options,
            unit,
            item.key ?? null,
          );
          break;
        case 'beside':
          await observeAll(ctx, scans, scan, file, item.observations, repeats, options, unit, null);
          if (item.remark !== undefined) file.sentences.push(oneLine(item.remark, 500));
          break;
        case 'reject':
          file.records++;
          if (scan !== null) {
            scan.tally.records++;
            scan.tally.rejects++;
          }
          if (file.rejects.length < REJECTS_SHOWN_MAX)
            file.rejects.push({
              at: oneLine(item.at, 300),
              code: item.code,
              message: oneLine(item.message, 500),
            });
          break;
      }
    }
    // A document that says less than before takes back what it said; one that breaks off says nothing.
    if (format.isVex === true && scan !== null) scan.import.listCatalogue(unit);
  } catch (error) {
    const refused = refusal(error);
    file.error = { code: refused.code, message: refused.message };
    if (scan !== null) scan.isBroken = true;
  }
  if (file.statements > 0) file.sentences.push(vexSentence(file.statements));
  scans.endFile(file, await hashed.digest());
}

/** What a statement says is seen in the inbox, where it is about what is in it. */
function vexSentence(statements: number): string {
  return `${counted(statements, 'statement')} of VEX ${statements === 1 ? 'was' : 'were'} read; findings of products that are not affected or fixed by ${statements === 1 ? 'it' : 'them'} are muted.`;
}

async function observeAll(
  ctx: AppContext,
  scans: OpenScans,
  scan: OpenScan | null,
  file: FileTally,
  observations: readonly Observation[],
  repeats: Repeats,
  options: ImportOptions,
  unit: string,
  key: EntryKey | null,
): Promise<void> {
  if (scan === null) {
    if (observations.length > 0)
      throw new Error(`${file.format} gives observations before it says what was scanned`);
    return;
  }
  const now = ctx.clock.now();
  for (const observed of observations) {
    const observation = boundTimes(observed, now);
    switch (observation.kind) {
      case 'finding':
        await observeFinding(
          ctx,
          scans,
          scan,
          file,
          observation,
          repeats,
          // What the clock or other entries decide is not remembered.
          observation === observed && observations.length === 1 && !isNumbered(observation) ? key : null,
        );
        break;
      case 'coverage':
        if (observation.cover !== undefined) scan.import.cover(observation.cover);
        if (observation.findingClass !== undefined) scan.import.listClass(observation.findingClass);
        if (observation.listing !== undefined)
          scan.import.listInventory(
            storable({
              ...observation.listing,
              account: observation.listing.account ?? options.account ?? undefined,
            }),
          );
        break;
      case 'gone':
        scan.import.addGone(storable(observation));
        break;
      case 'resource':
        file.resources++;
        scan.import.addResource(
          storable(boundTags(observation, file.rejects.length < REJECTS_SHOWN_MAX ? file.rejects : [])),
        );
        break;
      case 'catalogue':
      case 'code-owners':
        scan.import.addCatalogue(storable(observation), unit);
        break;
      case 'data':
        scan.import.addData(storable(observation));
        break;
      case 'creator':
        scan.import.addCreator(storable(observation));
        break;
      case 'bom':
        scan.import.listPackages(storable(observation));
        break;
      case 'package':
        scan.import.addPackage(observation);
        break;
      case 'vex':
        file.statements++;
        scan.import.addCatalogue(storable(observation), unit);
        break;
      case 'relation':
        file.relations++;
        scan.import.addRelation(storable(observation));
        break;
      case 'signal':
        file.signals++;
        scan.import.addSignal(
          storable(
            options.account === null || observation.account !== undefined
              ? observation
              : { ...observation, account: options.account },
          ),
        );
        break;
    }
  }
}

async function observeFinding(
  ctx: AppContext,
  scans: OpenScans,
  scan: OpenScan,
  file: FileTally,
  observation: FindingObservation,
  repeats: Repeats,
  entry: EntryKey | null,
): Promise<void> {
  const { state } = observation;
  const identity = identify(ctx, scan, observation, repeats);
  if (state.is === 'ended') {
    if (state.passed) {
      file.passed++;
      scan.passed++;
    }
  } else {
    countFinding(file, ctx.limits);
    scan.tally.findings++;
  }
  const control = identity.control === null ? null : controlById(identity.control);
  const implied =
    control === null || identity.toolCheck === null || identity.type === 'iac_misconfiguration'
      ? []
      : impliedRisks(control, identity.toolCheck).map((risk) => ({ ...risk, state: 'yes' as const }));
  await scan.import.add(
    {
      identity,
      traits: {
        findingClass: observation.findingClass ?? null,
        severity: observation.severity,
        fixable: observation.fixable ?? null,
        rule: identity.advisory === null ? (identity.toolCheck ?? identity.control) : null,
      },
      check: observedCheck(observation),
      cover: observation.cover ?? '',
      content: state.is === 'ended' ? null : sightingContent(observation, implied),
      endedWhy: state.is === 'ended' ? oneLine(state.why, 200) : null,
      aliases: observation.subject.is === 'advisory' ? aliasesOfAdvisory(observation.subject) : [],
      entry,
    },
    scans.fileNumber(scan, file),
  );
}

function identify(
  ctx: AppContext,
  scan: OpenScan,
  observation: FindingObservation,
  repeats: Repeats,
): FindingIdentity {
  const context = { naming: scan.naming, secretKey: ctx.secretKey };
  const identity = identifyFinding(observation, context);
  if (!isNumbered(observation)) return identity;
  const ordinal = repeats.ordinalOf(identity.fingerprint, observation);
  return ordinal === 1 ? identity : identifyFinding(observation, context, ordinal);
}

/** Hashes the bytes of a report while they are read, so that it need not be read once more for that. */
class HashedInput implements ReportInput {
  readonly #input: ReportInput;
  #digest: string | null = null;

  constructor(input: ReportInput) {
    this.#input = input;
  }

  get name(): string {
    return this.#input.name;
  }

  async *open(): AsyncIterable<Uint8Array> {
    const hash = createHash('sha256');
    for await (const chunk of this.#input.open()) {
      hash.update(chunk);
      yield chunk;
    }
    this.#digest = hash.digest('hex');
  }

  /** Of the whole file; where the reader stopped early, it is read to the end. */
  async digest(): Promise<string> {
    if (this.#digest === null) {
      try {
        for await (const chunk of this.open()) void chunk;
      } catch {
        // A file that breaks off has no hash that another could equal.
        return `broken:${this.name}:${Math.random()}`;
      }
    }
    return this.#digest as string;
  }
}
