/**
 * Uploads one large report to a server of its own and tells what the server and the process that reads it needed. Ends with 1
 * where either held more than 512 MB (another bound with `--resident-mb`), or the report was not read to its end:
 *
 *     node bin/launch.mjs --run tools/bench-upload.ts --megabytes 1024
 *
 * Memory is read from `/proc`, so it is measured on Linux only.
 */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { makeScratch, type RunningServer, runJson, startServer } from '../test/support/run-server.ts';
import { seconds, timed } from './bench/measure.ts';
import { writeTrivyReport } from './bench/report.ts';

/** What a finding of the report takes, in bytes; more or less. */
const FINDING_BYTES = 1_250;

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '300' },
    'resident-mb': { type: 'string', default: '512' },
  },
});
/** What a process may hold, whatever it reads. */
const residentMaxMb = Number(values['resident-mb']);
const findings = Math.ceil((Number(values.megabytes) * 1024 ** 2) / FINDING_BYTES);
const scratch = await makeScratch();
const data = join(scratch.folder, 'data');
const report = join(scratch.folder, 'report.json');

let server: RunningServer | null = null;
try {
  await writeTrivyReport(report, findings);
  const { size } = await stat(report);
  server = await startServer(['--data', data]);
  const { url } = server;
  // Somebody has to have signed in: a token acts as the first administrator.
  await fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ token: server.link.split('#')[1] }),
  });
  const { token } = await runJson<{ token: string }>(['token', 'create', '--name', 'bench', '--data', data]);
  const peaks = new Map<string, number>();
  const watch = setInterval(() => void notePeaks(peaks), 200);
  let answer = '';
  const time = await timed(async () => {
    // `fetch` waits no longer than five minutes for an answer.
    const asked = request(`${url}/api/v1/imports?name=report.json`, {
      method: 'POST',
      headers: { 'content-type': 'application/octet-stream', authorization: `Bearer ${token}` },
    });
    const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
    await pipeline(createReadStream(report), asked);
    const [response] = await answered;
    answer = `${response.statusCode} ${(await text(response)).slice(0, 600)}`;
  });
  clearInterval(watch);
  console.log(`${Math.round(size / 1024 ** 2)} MB, ${findings} findings: ${seconds(time)}`);
  for (const [name, kilobytes] of peaks) {
    const isWithin = kilobytes <= residentMaxMb * 1024;
    console.log(
      `${name}: ${Math.round(kilobytes / 1024)} MB resident at most, ${isWithin ? 'within' : 'BEYOND'} ${residentMaxMb} MB`,
    );
    if (!isWithin) process.exitCode = 1;
  }
  console.log(answer);
  const isRead = answer.startsWith('200 ') && answer.includes(`"findings":${findings}`);
  if (!isRead || peaks.size < 2) process.exitCode = 1;
} finally {
  await server?.stop();
  await scratch.remove();
}

/** Of each process of ours below this one, by what it does, the most memory that it has held so far. */
async function notePeaks(peaks: Map<string, number>): Promise<void> {
  for (const id of await readdir('/proc')) {
    if (!/^\d+$/.test(id)) continue;
    // A process may end while it is looked at.
    const told = await Promise.all(
      ['cmdline', 'status'].map((name) => readFile(`/proc/${id}/${name}`, 'utf8').catch(() => '')),
    );
    const [command = '', status = ''] = told;
    if (!command.includes(data)) continue;
    const name = command.includes('--max-old-space-size')
      ? 'the importer'
      : command.includes('serve')
        ? 'the server'
        : null;
    const peak = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0);
    if (name !== null) peaks.set(name, Math.max(peaks.get(name) ?? 0, peak));
  }
}
