import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SECOND_MS } from '#base/instant.ts';
import { START, StandingClock } from '../../test/support/test-inbox.ts';
import { withSpooledUpload } from './spool-upload.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inbox-spool-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** A body of one chunk each so many seconds. */
function slowly(clock: StandingClock, chunks: number, bytes: number, seconds: number): Readable {
  let sent = 0;
  return new Readable({
    highWaterMark: 0,
    read() {
      if (sent === chunks) {
        this.push(null);
        return;
      }
      sent += 1;
      clock.set(START + sent * seconds * SECOND_MS);
      this.push(Buffer.alloc(bytes, 'x'));
    },
  });
}

test.each([
  ['a pause of a minute', 1, 10, 60, null],
  ['a pause of more', 1, 10, 61, 'timeout'],
  ['64 KB a second for five minutes', 300, 64_000, 1, null],
  ['half of that for five minutes', 300, 32_000, 1, 'timeout'],
  // A minute ahead, it loses a fifth of a second in each.
  ['four fifths of that for five minutes', 300, 51_200, 1, null],
  ['and for one second more', 301, 51_200, 1, 'timeout'],
])('%s', async (_name, chunks, bytes, seconds, code) => {
  const clock = new StandingClock(START);
  const spooled = withSpooledUpload(
    slowly(clock, chunks, bytes, seconds),
    folder,
    { maxBytes: 1e9, clock, count: () => undefined },
    async (path) => (await readFile(path)).length,
  );
  if (code === null) expect(await spooled).toBe(chunks * bytes);
  else await expect(spooled).rejects.toMatchObject({ code });
  expect(await readdir(folder)).toEqual([]);
});

test('a sender who goes away leaves nothing behind', async () => {
  const body = Readable.from(
    (function* () {
      yield Buffer.from('half');
      throw new Error('aborted');
    })(),
  );
  const spooled = withSpooledUpload(
    body,
    folder,
    { maxBytes: 1e9, clock: new StandingClock(START), count: () => undefined },
    async () => 'read',
  );
  await expect(spooled).rejects.toThrow('aborted');
  expect(await readdir(folder)).toEqual([]);
});
