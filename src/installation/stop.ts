import { setTimeout as pause } from 'node:timers/promises';
import { InboxError } from '#base/inbox-error.ts';
import type { DataPlace, StopOutcome } from '#cli/parts.ts';
import { runningServer } from '#jobs/server-state.ts';
import { stopEmbeddedPostgres } from '#store/embedded/supervisor.ts';
import type { Host } from './host.ts';
import { dataDirectoryOf } from './installation.ts';

/** Ends the server and the database that run on these data. Throws `timeout`. */
export async function stop(host: Host, place: DataPlace): Promise<StopOutcome> {
  const { directory } = dataDirectoryOf(host, place);
  const server = await runningServer(directory, fetch);
  if (server !== null) {
    process.kill(server.pid, 'SIGTERM');
    await gone(server.pid);
  }
  const hadDatabase = host.config.databaseUrl === null && (await stopEmbeddedPostgres(directory));
  const what = [
    server === null ? null : `the server at ${server.publicUrl}`,
    hadDatabase ? 'the database' : null,
  ].filter((part) => part !== null);
  if (what.length === 0) return { isStopped: false, sentence: `Nothing runs on ${directory}.` };
  return { isStopped: true, sentence: `Stopped ${what.join(' and ')} on ${directory}.` };
}

const STOP_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Until a process has ended. Throws `timeout`. */
async function gone(pid: number): Promise<void> {
  for (let waited = 0; waited < STOP_WITHIN_MS; waited += LOOK_EVERY_MS) {
    try {
      process.kill(pid, 0);
    } catch {
      // There is no such process any more.
      return;
    }
    await pause(LOOK_EVERY_MS);
  }
  throw new InboxError(
    'timeout',
    `Process ${pid} was asked to end and still runs after ${STOP_WITHIN_MS / 1000} seconds.`,
  );
}
