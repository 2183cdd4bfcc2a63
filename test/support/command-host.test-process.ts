/**
 * Runs one command line after the other, each as `src/main.ts` runs it, in one process that has loaded the program
 * once. It is asked and answers over its channel, and ends with whoever started it.
 */
import { Writable } from 'node:stream';
import type { HostedCommand } from './command-host.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url);

class Collected extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

let number = 0;
let last = Promise.resolve();

async function run({ args, cwd }: HostedCommand) {
  const [stdout, stderr] = [new Collected(), new Collected()];
  Object.defineProperty(process, 'stdout', { configurable: true, value: stdout });
  Object.defineProperty(process, 'stderr', { configurable: true, value: stderr });
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
  process.chdir(cwd);
  process.exitCode = undefined;
  number += 1;
  // The same module under another name is evaluated anew; what it imports is there already.
  await import(`${MAIN}?${number}`);
  return { code: Number(process.exitCode), stdout: stdout.text, stderr: stderr.text };
}

process.on('message', (command: HostedCommand) => {
  last = last
    .then(() => run(command))
    .then(
      (ran) => void process.send?.({ id: command.id, ran }),
      (error: unknown) => void process.send?.({ id: command.id, failure: String(error) }),
    );
});
process.on('disconnect', () => process.exit());
