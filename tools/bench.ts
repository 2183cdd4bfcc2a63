// Measures the first figures of the design as ratios taken in one run, so that they mean the same on any machine:
//
//   npm run bench                 10 k findings, 100 k findings, pages of both and of 100 k issues
//   npm run bench -- --full       the same with 1 M findings, and graphs and attack paths of 1 M nodes as well
//   npm run bench -- --findings N the same with another number of findings
//   npm run bench -- --rules      rules over all findings alone; with --findings N over another number
//   npm run bench -- --iam        privileges in AWS alone, and the steps of its identities
//   npm run bench -- --graph      the graph kernel alone
//   npm run bench -- --paths      attack paths alone, from steps to issues; --paths --large those of 1 M nodes alone
//   npm run bench -- --formats    reading each format, against JSON.parse; --formats trivy one of them

import { createReadStream } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { sliceJson } from '../src/base/slice-json.ts';
import { openPool, type Pool } from '../src/store/database.ts';
import { startEmbeddedPostgres } from '../src/store/embedded/supervisor.ts';
import { migrate } from '../src/store/migrate.ts';
import { measureExposure } from './bench/exposure.ts';
import { measureFlips } from './bench/flips.ts';
import { measureFormats } from './bench/formats.ts';
import { measureGraph } from './bench/graph.ts';
import { measureIam } from './bench/iam.ts';
import { measureIdentitySteps } from './bench/identity-steps.ts';
import { machineFacts } from './bench/machine.ts';
import { copyIssues } from './bench/many-issues.ts';
import { percentile, seconds, timed } from './bench/measure.ts';
import { type MeasuredInbox, measuredInbox } from './bench/measured-inbox.ts';
import { measurePaths } from './bench/paths.ts';
import { writeTrivyReport } from './bench/report.ts';
import { measureRules } from './bench/rules.ts';

const isFull = process.argv.includes('--full');

if (process.argv.includes('--graph')) {
  measureGraph(isFull);
  process.exit();
}
if (process.argv.includes('--paths')) {
  await measurePaths({ isFull, isLarge: process.argv.includes('--large') });
  process.exit();
}
if (process.argv.includes('--formats')) {
  const [only] = process.argv.slice(process.argv.indexOf('--formats') + 1);
  console.log((await measureFormats(only)).join('\n'));
  process.exit();
}
const isRulesAlone = process.argv.includes('--rules');
const iam = isRulesAlone
  ? []
  : [...(await measureIam(10_000, 40)), ...measureIdentitySteps(10_000, 40, 2_000, 6)];
if (process.argv.includes('--iam')) {
  console.log(iam.join('\n'));
  process.exit();
}
const folder = await mkdtemp(join(tmpdir(), 'inbox-bench-'));
// As root, the database's own user has to be able to pass.
await chmod(folder, 0o711);
const server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data') });

const smallFlips = new Map<string, number>();

try {
  console.log(machineFacts(server.version).join('\n'));
  const count = isFull ? 1_000_000 : findingsAsked();
  if (isRulesAlone) await benchRules(count);
  else {
    console.log(iam.join('\n'));
    measureExposure();
    measureGraph(isFull);
    await measurePaths({ isFull, isLarge: false });
    await benchSmallReport();
    await benchLargeReport(count);
  }
} finally {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
}

function findingsAsked(): number {
  const at = process.argv.indexOf('--findings');
  const count = at < 0 ? 100_000 : Number(process.argv[at + 1]);
  if (!Number.isInteger(count) || count < 1_000)
    throw new Error('--findings: a number of at least 1000 was expected.');
  return count;
}

async function freshDatabase(name: string): Promise<Pool> {
  const admin = openPool({ ...server.connection }, { max: 1 });
  await admin.query(`create database ${name}`);
  await admin.end();
  const pool = openPool({ ...server.connection, database: name });
  await migrate(pool);
  return pool;
}

/**
 * What no import can do without: parsing the file at once, and copying the rows that came of it, as they
 * are, into tables of the same columns and indexes.
 */
async function floorOf(path: string, filled: Pool): Promise<number> {
  const connection = await filled.connect();
  const rows = new Map<string, Buffer>();
  for (const table of ['finding', 'sighting', 'issue']) {
    rows.set(table, await buffer(connection.query(copyTo(`copy ${table} to stdout (format binary)`))));
    await connection.query(`create table floor_${table} (like ${table} including all)`);
  }
  const time = await timed(async () => {
    JSON.parse(await readFile(path, 'utf8'));
    for (const [table, bytes] of rows)
      await pipeline([bytes], connection.query(copyFrom(`copy floor_${table} from stdin (format binary)`)));
  });
  connection.release(true);
  return time;
}

async function benchSmallReport(): Promise<void> {
  const path = join(folder, 'small.json');
  await writeTrivyReport(path, 10_000);
  // The first import in a process also compiles the program: it is measured on its own.
  const cold = await freshDatabase('cold');
  const first = await timed(async () => measuredInbox(cold).importFile(path));
  await cold.end();
  const pool = await freshDatabase('small');
  const inbox = measuredInbox(pool);
  const created = await timed(() => inbox.importFile(path));
  const floor = await floorOf(path, pool);
  await writeTrivyReport(path, 10_000, { createdAt: '2026-10-02T00:00:00Z' });
  const again = await timed(() => inbox.importFile(path));
  console.log(
    `10 k findings, file to ranked inbox: new ${seconds(created)} = ${(created / floor).toFixed(1)} x (JSON.parse + COPY, ${seconds(floor)}); again ${seconds(again)} = ${(again / floor).toFixed(1)} x; the first in a fresh process ${seconds(first)}`,
  );
  await benchPages(inbox, '10 k findings');
  await benchFlips(pool, inbox, 10_000, '10 k');
  await pool.end();
}

async function benchRules(count: number): Promise<void> {
  const path = join(folder, 'large.json');
  await writeTrivyReport(path, count);
  const pool = await freshDatabase('large');
  const inbox = measuredInbox(pool);
  await inbox.importFile(path);
  for (const line of await measureRules(inbox, `${Math.round(count / 1000)} k`)) console.log(line);
  await pool.end();
}

async function benchLargeReport(count: number): Promise<void> {
  const path = join(folder, 'large.json');
  await writeTrivyReport(path, count);
  const { size } = await stat(path);
  const pool = await freshDatabase('large');
  const inbox = measuredInbox(pool);
  const created = await timed(() => inbox.importFile(path));
  await writeTrivyReport(path, count, { changedEvery: 100, createdAt: '2026-10-02T00:00:00Z' });
  let records = 0;
  const sliced = await timed(async () => {
    for await (const event of sliceJson(createReadStream(path), {
      patterns: ['Results.*.Vulnerabilities.*'],
    }))
      if (event.kind === 'element') records++;
  });
  const again = await timed(() => inbox.importFile(path));
  const label = `${Math.round(count / 1000)} k`;
  console.log(
    `${label} findings (${Math.round(size / 1024 / 1024)} MB), 1 % changed: again ${seconds(again)}, ${Math.round(records / (again / 1000))} findings/s, ${(sliced / again).toFixed(2)} x the speed of only slicing (${seconds(sliced)}); new ${seconds(created)}; resident ${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most`,
  );
  await benchPages(inbox, `${label} findings`);
  await benchFlips(pool, inbox, count, label);
  for (const line of await measureRules(inbox, label)) console.log(line);
  // One issue has a twentieth of all findings now; the first look at it compiles.
  await inbox.openLargest();
  console.log(
    `${label} findings: opening an issue of ${Math.round(count / 20 / 1000)} k findings ${seconds(await timed(() => inbox.openLargest()))}`,
  );
  await copyIssues(pool, 100_000);
  await benchPages(inbox, '100 k issues');
  await pool.end();
}

/** What a flip costs should follow what it moves: the same at any number of findings. */
async function benchFlips(pool: Pool, inbox: MeasuredInbox, count: number, label: string): Promise<void> {
  for (const { name, first, then, issues } of await measureFlips(pool, inbox, folder, count)) {
    const time = then ?? first;
    const before = smallFlips.get(name);
    const ratio = before === undefined ? '' : `, ${(time / before).toFixed(1)} x that at 10 k`;
    if (before === undefined) smallFlips.set(name, time);
    const when = then === null ? '' : ` at the median, ${first.toFixed(0)} ms the first time`;
    console.log(
      `${label} findings: ${name}: list right after ${time.toFixed(0)} ms${when}${ratio}, ${issues} issues`,
    );
  }
}

async function benchPages(inbox: MeasuredInbox, label: string): Promise<void> {
  for (const [kind, filters] of Object.entries(inbox.filters())) {
    const pages: number[] = [];
    const counts: number[] = [];
    for (let round = 0; round < 40; round++) {
      for (const filter of filters) {
        pages.push(await timed(() => inbox.firstPage(filter)));
        counts.push(await timed(() => inbox.counts(filter)));
      }
    }
    console.log(
      `${label}: first page, ${filters.length} filters by ${kind}: p50 ${percentile(pages, 0.5).toFixed(1)} ms, p95 ${percentile(pages, 0.95).toFixed(1)} ms; its counts p50 ${percentile(counts, 0.5).toFixed(1)} ms, p95 ${percentile(counts, 0.95).toFixed(1)} ms`,
    );
  }
}
