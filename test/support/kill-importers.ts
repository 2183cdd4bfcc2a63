import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImportedFile, type ImportResult, isImported } from '../../src/app/import/import-result.ts';
import { HOUR_MS } from '../../src/base/instant.ts';
import { LOCK } from '../../src/store/database.ts';
import { imported, START, type TestInbox } from './test-inbox.ts';
import { flaws, imageReport, type Vulnerability } from './trivy-report.ts';

const IMPORTER = join(import.meta.dirname, 'import.test-process.ts');
const COMPILED = join(import.meta.dirname, '../../.cache/compiled');
const KEPT = 160;
const FIXED = 40;
const NEW = 60;

/** What became of one importer, and what was found afterwards that must not be. */
export interface KilledImport {
  readonly message: number;
  readonly isAcknowledged: boolean;
  /** None of its scans, all of them, or some. */
  readonly applied: number;
  readonly faults: readonly string[];
}

/** A run of an importer in a process of its own. */
export async function runImporter(
  inbox: TestInbox,
  files: readonly string[],
  dieAt: number | null,
): Promise<{ readonly messages: number; readonly results: readonly ImportResult[] } | null> {
  const child = spawn(
    process.execPath,
    [IMPORTER, JSON.stringify(inbox.database.address), String(dieAt ?? 'never'), ...files],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      // What the first one compiles the others need not; the launcher keeps it at the same place.
      env: { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? COMPILED },
    },
  );
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the importer ended with ${code ?? signal}`);
  return output.endsWith('\n') ? JSON.parse(output) : null;
}

/**
 * Kills importers in the middle of their work, spread evenly over the messages that they send: while they
 * stage, while they apply, and after. Each imports two scans: one of a scope that is new, and one that
 * changes, closes and adds findings of a scope that is known. Answers what was found after each.
 */
export async function killImporters(
  inbox: TestInbox,
  times: number,
  random: () => number,
  told: (killed: KilledImport, number: number) => void = () => undefined,
): Promise<readonly KilledImport[]> {
  const folder = await mkdtemp(join(tmpdir(), 'kill-importers-'));
  try {
    const rounds = Array.from({ length: times + 1 }, (_, number) => new Round(inbox, folder, number));
    const whole = await (rounds[0] as Round).run(null);
    const messages = whole.messages ?? 0;
    const killed: KilledImport[] = [];
    for (const [index, round] of rounds.slice(1).entries()) {
      // One stratum of the messages per importer, a random one in it; the last dies with its last message.
      const dieAt = index === times - 1 ? messages : 1 + Math.floor(((index + random()) / times) * messages);
      const result = await round.run(dieAt);
      killed.push(result.killed);
      told(result.killed, index + 1);
    }
    return killed;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Two images of their own: one that is new, and one of which a scan is known. */
class Round {
  readonly #inbox: TestInbox;
  readonly #folder: string;
  readonly #number: number;

  constructor(inbox: TestInbox, folder: string, number: number) {
    this.#inbox = inbox;
    this.#folder = folder;
    this.#number = number;
  }

  async run(
    dieAt: number | null,
  ): Promise<{ readonly messages: number | null; readonly killed: KilledImport }> {
    const known = flaws(KEPT + FIXED);
    const later = [...flaws(KEPT, { title: 'Told otherwise' }), ...flaws(NEW, {}, 1_000)];
    await this.#inbox.importReport(this.#report('known', 0, known), { source: 'importer' });
    const files = await Promise.all([this.#write('new', later), this.#write('known', later)]);
    const acknowledged = await runImporter(this.#inbox, files, dieAt);
    // The server ends what it was told last before it notices that nobody is there any more.
    await this.#inbox.database.pool.query('select pg_advisory_xact_lock($1, 1)', [LOCK.importer]);
    const open = { fresh: await this.#open('new'), known: await this.#open('known') };
    const faults = [
      ...(open.fresh === 0 || open.fresh === later.length
        ? []
        : [`${open.fresh} of ${later.length} findings of the new image`]),
      ...(open.known === known.length || open.known === later.length
        ? []
        : [`${open.known} findings of the known image`]),
    ];
    const applied = Number(open.fresh === later.length) + Number(open.known === later.length);
    if (acknowledged !== null && applied !== 2)
      faults.push(`acknowledged, but ${applied} of 2 scans are there`);
    faults.push(...(await this.#importAgain(files, later.length)));
    return {
      messages: acknowledged?.messages ?? null,
      killed: { message: dieAt ?? 0, isAcknowledged: acknowledged !== null, applied, faults },
    };
  }

  /** The next import of the same reports brings everything, once. */
  async #importAgain(files: readonly string[], findings: number): Promise<readonly string[]> {
    const faults: string[] = [];
    const results = (await this.#inbox.importFiles(files, { source: 'importer' })).filter(isImported);
    for (const result of results)
      if (seen(result) !== findings)
        faults.push(`importing again shows ${seen(result)} of ${findings} findings`);
    if (results.length !== files.length)
      faults.push(`importing again reads ${results.length} of ${files.length} reports`);
    for (const image of ['new', 'known'] as const) {
      const open = await this.#open(image);
      if (open !== findings) faults.push(`after importing again ${open} of ${findings} findings are open`);
    }
    const staged = await this.#count('select count(*) from stage_sighting');
    if (staged > 0) faults.push(`${staged} rows are left in the stage`);
    return faults;
  }

  #image(name: string): string {
    return `registry.example.com/${name}${this.#number}`;
  }

  #report(name: string, hour: number, vulnerabilities: readonly Vulnerability[]): unknown {
    return imageReport({
      image: `${this.#image(name)}:1`,
      digest: name,
      at: START + (hour - 10) * HOUR_MS,
      vulnerabilities,
    });
  }

  async #write(name: string, vulnerabilities: readonly Vulnerability[]): Promise<string> {
    const path = join(this.#folder, `${name}-${this.#number}.json`);
    await writeFile(path, JSON.stringify(this.#report(name, 1, vulnerabilities)));
    return path;
  }

  /** Counted in findings, in sightings and in the issues' own numbers: they have to agree. */
  async #open(name: string): Promise<number> {
    const key = `image:${this.#image(name)}`;
    const findings = await this.#count(
      'select count(*) from finding where is_open and resource_key = $1',
      key,
    );
    const sightings = await this.#count(
      'select count(*) from sighting join scope on scope.id = sighting.scope_id where gone_at is null and image_key = $1',
      key,
    );
    const wrong = await this.#count(
      `select count(*) from issue where open_findings <> (select count(*) from finding where issue_id = issue.id and is_open)`,
    );
    return findings === sightings && wrong === 0 ? findings : Number.NaN;
  }

  async #count(sql: string, ...values: readonly string[]): Promise<number> {
    const result = await this.#inbox.database.pool.query<{ count: bigint }>(sql, [...values]);
    return Number(result.rows[0]?.count);
  }
}

function seen(result: ImportedFile): number {
  const { created, changed, unchanged, regressed } = imported(result);
  return created + changed + unchanged + regressed;
}

/** Random numbers of a seed, the same on every machine (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
