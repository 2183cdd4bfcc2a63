/**
 * Imports every file that the `counts.json` of a folder names, with the command line and a database of its own, and fails on
 * a file that is not read or whose count differs:
 *
 *   npm run samples:check -- FOLDER
 *
 * A file without content names no tool: it is read as the format that its folder is named after.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FORMATS } from '../src/formats/formats.ts';
import { type CountedSample, countedSamples, type ImportLine, sampleVerdict } from './samples-verdict.ts';

const PROGRAM = resolve(import.meta.dirname, '../bin/security-inbox');
/** Argument lists have an end. */
const FILES_AT_ONCE = 200;

const [named] = process.argv.slice(2);
if (named === undefined) {
  process.stderr.write('Say which folder: npm run samples:check -- FOLDER\n');
  process.exit(64);
}
const folder = resolve(named);
const samples = countedSamples(readFileSync(join(folder, 'counts.json'), 'utf8'));
const data = mkdtempSync(join(tmpdir(), 'samples-check-'));
let failed = 0;
try {
  const lines = new Map<string, ImportLine[]>();
  for (const [format, group] of Map.groupBy(samples, formatToName))
    for (let from = 0; from < group.length; from += FILES_AT_ONCE)
      await importAll(group.slice(from, from + FILES_AT_ONCE), format, lines);
  for (const sample of samples) {
    const { path, sentence } = sampleVerdict(sample, lines.get(join(folder, sample.path)) ?? []);
    if (sentence === null) continue;
    failed++;
    process.stdout.write(`${path}: ${sentence}\n`);
  }
} finally {
  rmSync(data, { recursive: true, force: true });
}
process.stdout.write(`${samples.length - failed} of ${samples.length} files are as they were counted.\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** The format to say for a file without content; null where the content says it. */
function formatToName({ path }: CountedSample): string | null {
  if (statSync(join(folder, path)).size > 0) return null;
  const [first] = path.split('/');
  return FORMATS.find(({ id }) => id === first)?.id ?? null;
}

async function importAll(
  group: readonly CountedSample[],
  format: string | null,
  lines: Map<string, ImportLine[]>,
): Promise<void> {
  const files = group.map(({ path }) => join(folder, path));
  const options = [
    'import',
    '--json',
    '--separate',
    '--data',
    data,
    ...(format === null ? [] : ['--format', format]),
  ];
  const child = spawn(PROGRAM, [...options, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((done, refused) => child.once('error', refused).once('close', () => done()));
  for (const text of Buffer.concat(chunks).toString('utf8').split('\n')) {
    if (!text.startsWith('{')) continue;
    const line = JSON.parse(text) as ImportLine;
    // Members of an archive are named behind it.
    const file = files.find((each) => line.file === each || line.file.startsWith(`${each}!`)) ?? line.file;
    lines.set(file, [...(lines.get(file) ?? []), line]);
  }
}
