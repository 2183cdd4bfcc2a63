import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { importReports } from '../src/app/import-reports.ts';
import { runWatches } from '../src/app/run-watches.ts';
import { listWatches, unwatchLocation, watchLocation } from '../src/app/watch-location.ts';
import { watchChecks } from '../src/cli/source-checks.ts';
import { lookAtAddress } from '../src/jobs/look-at-address.ts';
import { lookAtFolder } from '../src/jobs/look-at-folder.ts';
import { NO_OPTIONS, openTestInbox, type TestInbox } from './support/test-inbox.ts';

/** Folders and addresses that are looked at on a schedule. */
const MAX_BYTES = 10_000;
const MINUTE_MS = 60_000;
const REPORT = JSON.stringify({ findings: [{ title: 'Bad', severity: 'High', file_path: 'a.js' }] });

let inbox: TestInbox;
let folder: string;
let server: Server;
let address: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const asked: IncomingMessage['headers'][] = [];

beforeAll(async () => {
  inbox = await openTestInbox(Date.now());
  folder = await mkdtemp(join(tmpdir(), 'watched-'));
  server = createServer((request, response) => {
    asked.push(request.headers);
    answer(request, response);
  }).listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  address = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(async () => {
  server.close();
  await inbox.close();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  asked.length = 0;
  for (const { id } of await listWatches(inbox.ctx)) await unwatchLocation(inbox.ctx, { id });
});

async function watch(location: string, allowsPrivate = true): Promise<void> {
  await watchLocation(inbox.ctx, {
    location,
    everyMinutes: 10,
    allowsPrivate,
    options: { ...NO_OPTIONS, source: 'w' },
  });
}

/** One look, as the server looks; what the place says afterwards. */
async function look(
  afterMinutes = 0,
): Promise<{ readonly looked: number; readonly state: unknown; readonly sentence: unknown }> {
  inbox.clock.set(inbox.clock.now() + afterMinutes * MINUTE_MS);
  const looked = await runWatches(inbox.ctx, {
    lookAt: (place) =>
      place.location.startsWith('http')
        ? lookAtAddress(place, folder, MAX_BYTES)
        : lookAtFolder(place, inbox.clock.now()),
    importFiles: ({ files, options, actor }) => importReports({ ...inbox.ctx, actor }, { files, options }),
  });
  const [place] = await listWatches(inbox.ctx);
  return { looked, state: place?.last?.state, sentence: place?.last?.sentence };
}

describe('a folder', () => {
  test('is read when its files have settled, and again only when one of them is another', async () => {
    const place = await mkdtemp(join(folder, 'reports-'));
    const file = join(place, 'a.json');
    await watch(place);
    expect(await look()).toEqual({
      looked: 1,
      state: 'same',
      sentence: 'Nothing is there that could be read.',
    });
    await writeFile(file, REPORT);
    const settled = new Date(inbox.clock.now() - MINUTE_MS);
    await utimes(file, settled, settled);
    expect(await look()).toMatchObject({ looked: 0 });
    expect(await look(10)).toEqual({ looked: 1, state: 'read', sentence: '1 file read, 1 finding in it.' });
    expect(await look(10)).toMatchObject({ looked: 1, state: 'same' });
    await writeFile(file, 'no report');
    const later = new Date(inbox.clock.now() - MINUTE_MS);
    await utimes(file, later, later);
    const unread = {
      looked: 1,
      state: 'unread',
      sentence: expect.stringMatching(/a\.json could not be read \(format_unknown\): .* Correct it there/),
    };
    expect(await look(10)).toEqual(unread);
    // It is told as long as it is there, and read when it is another.
    expect(await look(10)).toEqual(unread);
    await writeFile(file, `${REPORT} `);
    const corrected = new Date(inbox.clock.now() - MINUTE_MS);
    await utimes(file, corrected, corrected);
    expect(await look(10)).toMatchObject({ state: 'read' });
    expect(await look(10)).toMatchObject({ state: 'same' });
  });

  test('in which some cannot be read says how many, and doctor says so too', async () => {
    const place = await mkdtemp(join(folder, 'mixed-'));
    const settled = new Date(inbox.clock.now() - MINUTE_MS);
    for (const [name, text] of [
      ['a.txt', 'hello'],
      ['b.txt', 'hello'],
      ['c.json', REPORT],
    ] as const) {
      await writeFile(join(place, name), text);
      await utimes(join(place, name), settled, settled);
    }
    await watch(place);
    const told = expect.stringMatching(/a\.txt and 1 more of 3 files could not be read \(format_unknown\): /);
    expect(await look()).toEqual({ looked: 1, state: 'unread', sentence: told });
    expect(watchChecks(await listWatches(inbox.ctx))).toEqual([
      {
        title: `watched ${place}`,
        state: 'warning',
        sentence: expect.stringMatching(/^Not all read at .*a\.txt and 1 more/),
        remedy: expect.stringContaining('--format or --mapping'),
      },
    ]);
  });

  test('that is gone is an error at the place, and no end of watching', async () => {
    await watch(join(folder, 'nowhere'));
    expect(await look()).toMatchObject({ state: 'failed', sentence: expect.stringContaining('not_found') });
    expect(await look(10)).toMatchObject({ looked: 1, state: 'failed' });
    expect(watchChecks(await listWatches(inbox.ctx))).toEqual([
      expect.objectContaining({
        sentence: expect.stringMatching(/^Failed at .*not_found: There is no file/),
      }),
    ]);
  });

  test('that is read is nothing for doctor', async () => {
    await watch(await mkdtemp(join(folder, 'empty-')));
    expect(watchChecks(await listWatches(inbox.ctx))).toEqual([]);
    await look();
    expect(watchChecks(await listWatches(inbox.ctx))).toEqual([]);
  });
});

describe('an address', () => {
  test('is asked whether it has something new', async () => {
    answer = (request, response) => {
      if (request.headers['if-none-match'] === '"1"') response.writeHead(304).end();
      else response.writeHead(200, { etag: '"1"' }).end(REPORT);
    };
    await watch(`${address}/report.json`);
    expect(await look()).toMatchObject({ state: 'read' });
    expect(await look(10)).toMatchObject({ state: 'same' });
    expect(asked.map((headers) => headers['if-none-match'])).toEqual([undefined, '"1"']);
  });

  test('that knows no conditions is not read again while its bytes are the same', async () => {
    answer = (_request, response) => response.end(REPORT);
    await watch(`${address}/report.json`);
    expect(await look()).toMatchObject({ state: 'read' });
    expect(await look(10)).toMatchObject({ state: 'same' });
  });

  test.each([
    [
      'redirects',
      (response: ServerResponse) => response.writeHead(302, { location: 'http://other.example/' }).end(),
      'which is not followed',
    ],
    ['answers an error', (response: ServerResponse) => response.writeHead(500).end(), 'answers 500'],
    ['is too large', (response: ServerResponse) => response.end('x'.repeat(MAX_BYTES + 1)), 'too_large'],
    [
      'breaks off',
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-length': '100' }).write('x', () => response.destroy()),
      'broke off',
    ],
  ])('that %s is an error at the place', async (_, how, sentence) => {
    answer = (_request, response) => void how(response);
    await watch(`${address}/report.json`);
    expect(await look()).toMatchObject({ state: 'failed', sentence: expect.stringContaining(sentence) });
  });

  test('of this machine needs to be allowed, and nothing is asked', async () => {
    await watch(`${address}/report.json`, false);
    expect(await look()).toMatchObject({
      state: 'failed',
      sentence: expect.stringContaining('--allow-private'),
    });
    expect(asked).toEqual([]);
  });
});

test.each([
  'ftp://example.com/x',
  'file:///etc/passwd',
  'https://ann:secret@example.com/x',
  'reports',
  './reports',
])('%s cannot be watched', async (location) => {
  await expect(watch(location)).rejects.toMatchObject({ code: 'usage' });
});
