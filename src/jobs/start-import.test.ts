import { describe, expect, test } from 'vitest';
import type { ImportJob } from './import-job.ts';
import { startImport } from './start-import.ts';

const JOB: ImportJob = {
  actor: { name: 'ann', role: 'triage' },
  files: [],
  options: {
    format: null,
    source: null,
    scope: {},
    complete: false,
    confirm: false,
    separate: false,
    root: null,
    account: null,
    region: null,
    environment: null,
    services: [],
    team: null,
  },
};
const MB = 1024 ** 2;
const BOUNDS = { heapMb: 64, baseMs: 60_000, per100MbMs: 60_000 };

/** A process that does what a worker might do. */
const run = (script: string, bounds = BOUNDS) =>
  startImport({ program: process.execPath, args: ['-e', script] }, JOB, bounds);

const ANSWER = `process.stdout.write('{"results":[]}')`;
const LOOP = 'while (true);';

describe('a worker', () => {
  test('that answers is believed', async () => {
    expect(
      await run(`process.send({ bytesRead: 0, workedMs: 0 }, () => { ${ANSWER}; process.disconnect(); })`),
    ).toEqual([]);
  });

  test('that refuses is believed too', async () => {
    const refusing = `process.stdout.write('{"error":{"code":"forbidden","message":"No."}}')`;
    await expect(run(refusing)).rejects.toMatchObject({ code: 'forbidden', message: 'No.' });
  });

  test('that loops is ended once its time is over', async () => {
    const looping = `process.send({ bytesRead: 0, workedMs: 0 }, () => { ${LOOP} })`;
    await expect(run(looping, { ...BOUNDS, baseMs: 100 })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('nothing of it was stored'),
    });
  });

  test('that waits for its turn is waited for, and what it reads buys it time', async () => {
    const slow = `setTimeout(() => process.send({ bytesRead: ${1_000 * MB}, workedMs: 0 }, () => setTimeout(() => { ${ANSWER}; process.disconnect(); }, 50)), 50)`;
    expect(await run(slow, { ...BOUNDS, baseMs: 1 })).toEqual([]);
  });

  test('has the memory that it is given and no more', async () => {
    const telling = `const { heap_size_limit } = require('node:v8').getHeapStatistics();
      process.stdout.write(JSON.stringify({ error: { code: 'forbidden', message: String(heap_size_limit / ${MB}) } }))`;
    const heapOf = (heapMb: number) =>
      run(telling, { ...BOUNDS, heapMb }).then(
        () => Number.NaN,
        (told: Error) => Number(told.message),
      );
    // The young generation comes on top.
    expect((await heapOf(1_064)) - (await heapOf(64))).toBe(1_000);
  });

  test('that fills its memory is ended', async () => {
    const filling = 'const kept = []; while (true) kept.push({ at: kept.length, text: [kept.length] });';
    await expect(run(filling)).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('more than 64 MB of memory'),
    });
  });

  test('that ends without an answer is a defect', async () => {
    await expect(run('process.exitCode = 3')).rejects.toMatchObject({ code: 'internal' });
  });
});
