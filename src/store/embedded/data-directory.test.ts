import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseDataDirectory } from './data-directory.ts';

let base: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'inbox-choice-')));
  chmodSync(base, 0o711);
  mkdirSync(join(base, 'open'), { mode: 0o711 });
  mkdirSync(join(base, 'closed/inbox'), { recursive: true, mode: 0o755 });
  chmodSync(join(base, 'closed'), 0o700);
});

afterEach(() => rmSync(base, { recursive: true, force: true }));

const choose = (installRoot: string, requested?: string, isRoot = true) =>
  chooseDataDirectory({ requested, installRoot, isRoot });

test('an ordinary user has .data beside the code, or what was asked for', () => {
  const code = join(base, 'closed/inbox');
  expect(choose(code, undefined, false)).toEqual({ directory: join(code, '.data'), reason: null });
  expect(choose(code, join(base, 'else'), false)).toEqual({ directory: join(base, 'else'), reason: null });
});

describe.runIf(process.getuid?.() === 0)('root', () => {
  test('uses the folder when the way to it is open, even where the folder itself is not', () => {
    const code = join(base, 'open');
    mkdirSync(join(code, '.data'), { mode: 0o700 });
    expect(choose(code)).toEqual({ directory: join(code, '.data'), reason: null });
    expect(choose(code, join(base, 'open/not/yet'))).toEqual({
      directory: join(base, 'open/not/yet'),
      reason: null,
    });
  });

  test('goes below /var/lib where the way is closed, and says so', () => {
    const { directory, reason } = choose(join(base, 'closed/inbox'));
    expect(directory).toMatch(/^\/var\/lib\/security-inbox\/inbox-data-[0-9a-f]{8}$/);
    expect(reason).toContain(`cannot enter ${join(base, 'closed')}`);
    expect(reason).toContain(directory);
  });

  test('gives every wanted folder a place of its own, the same each time, by whatever path it is named', () => {
    const code = join(base, 'closed/inbox');
    symlinkSync(code, join(base, 'closed/link'));
    const places = [
      choose(code),
      choose(code, join(code, '.data-demo')),
      choose(join(base, 'closed/other')),
      choose(code, join(base, 'closed/link/.data')),
    ].map(({ directory }) => directory.slice(-8));
    expect(new Set(places.slice(0, 3)).size).toBe(3);
    expect(places[3]).toBe(places[0]);
  });

  test('keeps to the folder of a user whose cluster it is, closed to others or not', () => {
    const wanted = join(base, 'closed/inbox/.data');
    mkdirSync(join(wanted, 'postgres'), { recursive: true });
    for (const path of [join(base, 'closed'), join(wanted, 'postgres')]) chownSync(path, 12_345, 12_345);
    expect(choose(join(base, 'closed/inbox'))).toEqual({ directory: wanted, reason: null });
  });
});
