import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import type { ImportResult } from '#app/import/import-result.ts';
import { InboxError, type InboxErrorCode, REFUSALS } from '#base/inbox-error.ts';
import type { ImportAnswer, ImportJob } from './import-job.ts';

/** How a worker process is started: the program and its arguments. */
export interface WorkerCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** Runs an import in a process of its own and answers its results. Throws what the import refused with. */
export async function startImport(command: WorkerCommand, job: ImportJob): Promise<readonly ImportResult[]> {
  const worker = spawn(command.program, command.args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('close', resolve);
  });
  // A worker that dies at once closes its input; what it answers, or does not, tells.
  worker.stdin.on('error', () => undefined);
  worker.stdin.end(JSON.stringify(job));
  const [output, exitCode] = await Promise.all([text(worker.stdout), ended]);
  if (output === '')
    throw new InboxError(
      'internal',
      `The import's process ended with ${exitCode ?? 'a signal'} and no answer; nothing was imported.`,
    );
  const answer = JSON.parse(output) as ImportAnswer;
  if ('results' in answer) return answer.results;
  throw new InboxError(codeOf(answer.error.code), answer.error.message);
}

function codeOf(text: string): InboxErrorCode {
  return text in REFUSALS ? (text as InboxErrorCode) : 'internal';
}
