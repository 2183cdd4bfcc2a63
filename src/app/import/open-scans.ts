import { createHash } from 'node:crypto';
import type { InboxError } from '#base/inbox-error.ts';
import { HOUR_MS, type Instant } from '#base/instant.ts';
import { toolName } from '#domain/control/tool-check.ts';
import type {
  ImportSession,
  ScanImport,
  ScanOutcome,
  ScanTally,
  SourceRef,
} from '#domain/ports/import-store.ts';
import type { FormatMemory, FormatsKept, ReportFormat } from '#domain/ports/report-format.ts';
import type { Naming } from '#domain/resource/resource-key.ts';
import { effectiveCoverage } from '#domain/scan/effective-coverage.ts';
import type { ScanDescription } from '#domain/scan/scan-description.ts';
import { type DeclaredScope, identifyScope, namingFrom, type ScopeIdentity } from '#domain/scan/scope-key.ts';
import type { AppContext } from '../context.ts';
import { checkBoundScope } from './bound-options.ts';
import { importFlags } from './import-flags.ts';
import type { ImportOptions } from './import-options.ts';
import type { FailedFile, ImportedFile, ImportResult } from './import-result.ts';

/** What `import undo` refuses. */
const NOT_TAKEN_BACK: readonly ScanDescription['scope']['is'][] = ['inventory', 'events'];

/** Files of one scope whose times lie within an hour of each other are one scan (design: identity, scope). */
const ONE_SCAN_MS = HOUR_MS;

/** A report that claims to be older states no time (design: identity, time). */
const YEAR_2000: Instant = Date.UTC(2000, 0, 1);

/** A scan that is being read, perhaps from several files. */
export interface OpenScan {
  readonly description: ScanDescription;
  readonly source: SourceRef;
  readonly scope: ScopeIdentity;
  readonly naming: Naming;
  readonly import: ScanImport;
  /** The latest time that one of its files states. */
  reportAt: Instant;
  readonly files: ScanFile[];
  /** What its part of the files holds, so far. */
  readonly tally: { -readonly [Count in keyof ScanTally]: number };
  passed: number;
  isBroken: boolean;
}

interface ScanFile {
  readonly name: string;
  readonly result: FileTally;
  sha256: string;
}

/** What one file holds and moved, while it is being counted. */
export interface FileTally {
  readonly file: string;
  readonly format: string;
  records: number;
  findings: number;
  passed: number;
  resources: number;
  relations: number;
  signals: number;
  /** Of VEX. */
  statements: number;
  readonly rejects: ImportedFile['rejects'][number][];
  error: ImportedFile['error'];
  source: string | null;
  scope: Readonly<Record<string, string>>;
  isComplete: boolean | null;
  readonly moved: {
    created: number;
    changed: number;
    unchanged: number;
    closed: number;
    held: number;
    regressed: number;
  };
  readonly sentences: string[];
}

/** The scans of one import command, joined where several files belong to one. */
export class OpenScans {
  /** What formats keep from one file to the next. */
  readonly kept: FormatsKept = new Map();
  readonly #remembering = new Map<string, FormatMemory>();
  readonly #ctx: AppContext;
  readonly #session: ImportSession;
  readonly #options: ImportOptions;
  readonly #open = new Map<string, OpenScan>();
  readonly #sources = new Map<string, SourceRef>();
  readonly #results: (FileTally | FailedFile)[] = [];

  constructor(ctx: AppContext, session: ImportSession, options: ImportOptions) {
    this.#ctx = ctx;
    this.#session = session;
    this.#options = options;
  }

  fail(file: string, format: string | null, error: InboxError): void {
    this.#results.push({ file, format, error: { code: error.code, message: error.message } });
  }

  beginFile(file: string, format: string): FileTally {
    const tally: FileTally = {
      file,
      format,
      records: 0,
      findings: 0,
      passed: 0,
      resources: 0,
      relations: 0,
      signals: 0,
      statements: 0,
      rejects: [],
      error: null,
      source: null,
      scope: {},
      isComplete: null,
      moved: { created: 0, changed: 0, unchanged: 0, closed: 0, held: 0, regressed: 0 },
      sentences: [],
    };
    this.#results.push(tally);
    return tally;
  }

  /** The scan that this part of a file belongs to: an open one of the same scope and hour, or a new one. `keys`: what was said of its scope. */
  async join(description: ScanDescription, file: FileTally, keys: ImportOptions['scope']): Promise<OpenScan> {
    const source = await this.#sourceOf(description);
    const declared: DeclaredScope = {
      isSourceNamed: source.isNamed,
      keys,
      environment: this.#options.environment,
    };
    const naming = namingFrom(source.id, declared);
    const scope = identifyScope(description, naming, declared);
    checkBoundScope(this.#ctx.actor, scope.keys);
    const arrivedAt = this.#ctx.clock.now();
    const statedAt = (description.time ?? 0) < YEAR_2000 ? null : description.time;
    const reportAt = Math.min(statedAt ?? arrivedAt, arrivedAt);
    file.source ??= source.name;
    if (Object.keys(file.scope).length === 0) file.scope = scope.keys;

    const key = `${source.id}\n${scope.key}`;
    const open = this.#open.get(key);
    if (open !== undefined && this.#belongsTo(open, file, reportAt)) {
      if (!open.files.some((each) => each.result === file))
        open.files.push({ name: file.file, result: file, sha256: '' });
      open.reportAt = Math.max(open.reportAt, reportAt);
      return open;
    }
    if (open !== undefined) await this.#finish(key, open);
    const begun: OpenScan = {
      description,
      source,
      scope,
      naming,
      reportAt,
      import: await this.#session.begin({
        source,
        scope,
        naming,
        format: file.format,
        toolVersion: description.toolVersion ?? null,
        arrivedAt,
        actor: this.#ctx.actor.name,
        environment: this.#options.environment,
        services: this.#options.services,
        team: this.#options.team,
        account: this.#options.account,
        flags: importFlags(this.#options, source),
      }),
      files: [{ name: file.file, result: file, sha256: '' }],
      tally: { records: 0, findings: 0, rejects: 0 },
      passed: 0,
      isBroken: false,
    };
    this.#open.set(key, begun);
    return begun;
  }

  /** The number under which a scan knows a file. */
  fileNumber(scan: OpenScan, file: FileTally): number {
    return scan.files.findIndex((each) => each.result === file);
  }

  /** Tells the scans of a file the hash of its bytes, once it was read. */
  endFile(file: FileTally, sha256: string): void {
    for (const scan of this.#open.values()) {
      const entry = scan.files.find((each) => each.result === file);
      if (entry !== undefined) entry.sha256 = sha256;
    }
  }

  /** Hands a format what it kept of the imports before this one, before its first file is read. */
  async remember({ id, memory }: ReportFormat): Promise<void> {
    if (memory === undefined || this.#remembering.has(id)) return;
    this.#remembering.set(id, memory);
    this.kept.set(id, memory.restore(await this.#session.formatMemory(id)));
  }

  async finishAll(): Promise<void> {
    for (const [key, scan] of this.#open) await this.#finish(key, scan);
    for (const [id, memory] of this.#remembering)
      await this.#session.keepFormatMemory(id, memory.tell(this.kept.get(id)));
  }

  results(): readonly ImportResult[] {
    return this.#results.map((result) => ('moved' in result ? importedFile(result) : result));
  }

  /**
   * An empty list is the same everywhere, and so are the members of two groups: of an inventory it counts what was said
   * of where it comes from, by options and by the names of its files.
   */
  #saidBeside({ description, files }: OpenScan): readonly string[] {
    if (description.scope.is !== 'inventory') return [];
    const names = files.map(({ name }) => name.replace(/^.*[/\\!]/, ''));
    return [this.#options.account, this.#options.region, ...names].flatMap((each) => each ?? []);
  }

  #belongsTo(open: OpenScan, file: FileTally, reportAt: Instant): boolean {
    if (open.files.some((each) => each.result === file)) return true;
    return !this.#options.separate && Math.abs(open.reportAt - reportAt) <= ONE_SCAN_MS;
  }

  async #sourceOf(description: ScanDescription): Promise<SourceRef> {
    const tool = toolName(description.tool);
    const name = this.#options.source ?? tool;
    const id = slug(name);
    const known = this.#sources.get(id);
    if (known !== undefined) return known;
    const source = await this.#session.sourceOf({ id, name, tool, isNamed: this.#options.source !== null });
    this.#sources.set(id, source);
    return source;
  }

  async #finish(key: string, scan: OpenScan): Promise<void> {
    this.#open.delete(key);
    const { coverage, note } = effectiveCoverage(scan.description, {
      borrowed: scan.scope.borrowed,
      passed: scan.passed,
      rejects: scan.tally.rejects,
      isBroken: scan.isBroken,
      isDeclaredComplete: this.#options.complete,
    });
    const { limits } = this.#ctx;
    const outcome = await scan.import.finish({
      reportAt: scan.reportAt,
      sha256: hashOf([...scan.files.map((file) => file.sha256), ...this.#saidBeside(scan)]),
      files: scan.files.map((file) => file.name),
      coverage,
      isDeclaredComplete: this.#options.complete,
      isConfirmed: this.#options.confirm,
      guard: { percent: limits['closing-percent'], findings: limits['closing-findings'] },
      tally: scan.tally,
    });
    this.#report(scan, outcome, coverage !== 'none', note);
  }

  #report(scan: OpenScan, outcome: ScanOutcome, isComplete: boolean, note: string | null): void {
    scan.files.forEach(({ result }, index) => {
      const counts = outcome.files[index];
      if (counts !== undefined) {
        result.moved.created += counts.created;
        result.moved.changed += counts.changed;
        result.moved.unchanged += counts.unchanged;
        result.moved.regressed += counts.regressed;
      }
      result.isComplete = (result.isComplete ?? true) && isComplete;
    });
    // What a scan of several files closes is told once, with the last of them.
    const last = scan.files.at(-1)?.result;
    if (last === undefined) return;
    last.moved.closed += outcome.closed;
    last.moved.held += outcome.held;
    last.sentences.push(
      outcome.sentence,
      ...(note === null ? [] : [note]),
      ...(outcome.scanId === null || NOT_TAKEN_BACK.includes(scan.description.scope.is)
        ? []
        : [`Scan ${outcome.scanId}: "import undo ${outcome.scanId}" takes it back.`]),
    );
  }
}

function importedFile(tally: FileTally): ImportedFile {
  const {
    moved,
    isComplete,
    file,
    format,
    source,
    scope,
    records,
    findings,
    passed,
    resources,
    relations,
    signals,
    rejects,
    error,
    sentences,
  } = tally;
  return {
    file,
    format,
    source,
    scope,
    complete: isComplete ?? false,
    records,
    findings,
    passed,
    resources,
    relations,
    signals,
    rejects,
    ...moved,
    error,
    sentences: [...new Set(sentences)],
  };
}

function hashOf(hashes: readonly string[]): string {
  const [only] = hashes;
  if (hashes.length === 1 && only !== undefined) return only;
  return createHash('sha256').update(hashes.join('\n')).digest('hex');
}

/** The id of a source: its first name in lower case, with dashes. */
function slug(name: string): string {
  const text = name
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  return text === '' ? `source-${createHash('sha256').update(name).digest('hex').slice(0, 8)}` : text;
}
