import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { LaunchError } from './launch-error.mjs';
import { processMark } from './process-mark.mjs';

const POLL_MS = 100;
const RELEASED = 'released';

/**
 * Runs `work` while no other process does under the same folder. Survives `kill -9` of its owner.
 *
 * The lock is a row of numbered files, of which the highest counts. It names the processes that hold it;
 * when all are gone, or it says `released`, whoever first creates the next number owns the lock (a link
 * to a new name fails if it exists). The highest file is never removed, so a number is never used twice,
 * and a waiter that judged an old state finds a higher number and waits on.
 *
 * `work` receives `hold(pid)`: a child that would go on working after its parent was killed keeps the
 * lock held as well.
 */
export async function withLock(folder, work, onWait) {
  const number = await acquire(folder, onWait);
  const holders = [processMark(process.pid)];
  const hold = (pid) => {
    holders.push(processMark(pid));
    rewrite(folder, number, holders.join('\n'));
  };
  try {
    return await work(hold);
  } finally {
    rewrite(folder, number, RELEASED);
  }
}

async function acquire(folder, onWait) {
  writing(() => mkdirSync(folder, { recursive: true }));
  for (let waited = false; ; waited = true) {
    const current = highest(folder);
    if (current === 0 || !isHeld(folder, current)) {
      if (writing(() => claim(folder, current + 1))) return current + 1;
      continue;
    }
    if (!waited) onWait();
    await pause(POLL_MS);
  }
}

function writing(step) {
  try {
    return step();
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code)) throw error;
    throw new LaunchError(
      `This installation has to be completed, and may not be written to by this user: ${error.message}`,
    );
  }
}

/** Tries to own the lock under this number. True when the file is ours and no higher one exists. */
export function claim(folder, number) {
  const draft = join(folder, `draft-${process.pid}-${randomBytes(4).toString('hex')}`);
  const path = join(folder, String(number));
  writeFileSync(draft, processMark(process.pid));
  try {
    linkSync(draft, path);
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  if (highest(folder) !== number) {
    rmSync(path, { force: true });
    return false;
  }
  for (const lower of numbers(folder))
    if (lower < number) rmSync(join(folder, String(lower)), { force: true });
  return true;
}

function isHeld(folder, number) {
  let text;
  try {
    text = readFileSync(join(folder, String(number)), 'utf8');
  } catch (error) {
    // Cleared by a newer owner: look again.
    if (error.code === 'ENOENT') return true;
    throw error;
  }
  return (
    text !== RELEASED && text.split('\n').some((mark) => mark === processMark(Number.parseInt(mark, 10)))
  );
}

function rewrite(folder, number, text) {
  const draft = join(folder, `draft-${process.pid}-${randomBytes(4).toString('hex')}`);
  writeFileSync(draft, text);
  renameSync(draft, join(folder, String(number)));
}

function highest(folder) {
  return Math.max(0, ...numbers(folder));
}

function numbers(folder) {
  return readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}
