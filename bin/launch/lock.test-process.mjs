// A process of its own for the lock's tests. `count`: adds one to a number in a file, the given number
// of times, each under the lock. `hold`: takes the lock, lets a child hold it too, says so, and stays.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { withLock } from './lock.mjs';

const [mode, folder, file, times] = process.argv.slice(2);
const nothing = () => undefined;

if (mode === 'count') {
  for (let i = 0; i < Number(times); i += 1) {
    await withLock(
      folder,
      async () => {
        const before = Number(readFileSync(file, 'utf8'));
        // Others run in between, as they would during an installation.
        for (let j = 0; j < 20; j += 1) await turn();
        writeFileSync(file, String(before + 1));
      },
      nothing,
    );
  }
} else {
  await withLock(
    folder,
    (hold) => {
      const child = spawn('sleep', ['600'], { stdio: 'ignore' });
      if (mode === 'hold-with-child') hold(child.pid);
      console.log(child.pid);
      return new Promise(nothing);
    },
    nothing,
  );
}
