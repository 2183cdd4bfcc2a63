import { type ChildProcess, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { ImportResult } from '#app/import/import-result.ts';
import { InboxError, type InboxErrorCode, REFUSALS } from '#base/inbox-error.ts';
import type { ImportAnswer, ImportJob, ImportProgress } from './import-job.ts';
import { leftMs, type WorkerBounds } from './worker-bounds.ts';

/** How a worker process is started: Node and its arguments. */
export interface WorkerCommand {
  readonly program: string;
  readonly args: readonly string[];
}

interface WorkerEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs an import in a process of its own and answers its results. Throws what the import refused with, `timeout`
 * where it took more than its time and `too_large` where it took more than its memory: it was killed then, and the
 * database has forgotten what it had begun. `told` hears how many bytes were read, from its turn on.
 */
export async function startImport(
  command: WorkerCommand,
  job: ImportJob,
  bounds: WorkerBounds,
  told: (bytesRead: number) => void = () => undefined,
): Promise<readonly ImportResult[]> {
  const worker = spawn(command.program, [`--max-old-space-size=${bounds.heapMb}`, ...command.args], {
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
  });
  const ended = new Promise<WorkerEnd>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const watch = watchTime(worker, bounds);
  worker.on('message', ({ bytesRead }: ImportProgress) => told(bytesRead));
  try {
    // A worker that dies at once closes its input; what it answers, or does not, tells.
    worker.stdin?.on('error', () => undefined);
    worker.stdin?.end(JSON.stringify(job));
    const [output, end] = await Promise.all([worker.stdout === null ? '' : text(worker.stdout), ended]);
    return resultsOf(output, end, watch.isLate(), bounds);
  } finally {
    watch.stop();
  }
}

/**
 * Kills a worker that works longer than what it has read allows. Waiting is no work: for its turn, for the database,
 * for a busy machine. A worker that is stuck tells nothing, so its time goes on from what it told last.
 */
function watchTime(
  worker: ChildProcess,
  bounds: WorkerBounds,
): { readonly isLate: () => boolean; readonly stop: () => void } {
  let isLate = false;
  let begunAt: number | null = null;
  let deadline: NodeJS.Timeout | undefined;
  worker.on('message', ({ bytesRead, workedMs }: ImportProgress) => {
    begunAt ??= performance.now();
    clearTimeout(deadline);
    deadline = setTimeout(
      () => {
        isLate = true;
        worker.kill('SIGKILL');
      },
      leftMs(bounds, { bytesRead, workedMs, elapsedMs: performance.now() - begunAt }),
    );
  });
  return { isLate: () => isLate, stop: () => clearTimeout(deadline) };
}

function resultsOf(
  output: string,
  { exitCode, signal }: WorkerEnd,
  isLate: boolean,
  bounds: WorkerBounds,
): readonly ImportResult[] {
  if (isLate)
    throw new InboxError(
      'timeout',
      `The import took more than its time, ${bounds.baseMs / 1_000} seconds of the processor and ${bounds.per100MbMs / 1_000} more for each 100 MB (or ten times that by the clock), and was ended; nothing of it was stored. Split the report, or import it on the machine of the server.`,
    );
  // How V8 ends where its heap is full: by a signal, told as a number where a shell stands between.
  if (output === '' && (signal === 'SIGABRT' || exitCode === 134))
    throw new InboxError(
      'too_large',
      `The import needed more than ${bounds.heapMb} MB of memory and was ended; nothing of it was stored. Split the report, import it on the machine of the server, or raise import-heap-mb of SECURITY_INBOX_LIMITS.`,
    );
  if (output === '')
    throw new InboxError(
      'internal',
      `The import's process ended with ${exitCode ?? signal} and no answer; nothing was imported.`,
    );
  const answer = JSON.parse(output) as ImportAnswer;
  if ('results' in answer) return answer.results;
  throw new InboxError(codeOf(answer.error.code), answer.error.message);
}

function codeOf(text: string): InboxErrorCode {
  return text in REFUSALS ? (text as InboxErrorCode) : 'internal';
}
