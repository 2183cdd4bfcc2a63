import { workOnImport } from '#jobs/import-worker.ts';
import type { WorkerCommand } from '#jobs/start-import.ts';
import type { Host } from './host.ts';
import { openInstallation } from './installation.ts';

/** The hidden verb with which a server starts its import workers. */
export const IMPORT_WORKER_VERB = '--import-worker';

/** How an import worker on these data is started; null for the database of the configuration. */
export function workerCommand(
  { config, program }: Host,
  dataDirectory: string,
  databaseUrl: string | null,
): WorkerCommand {
  const url = databaseUrl ?? config.databaseUrl;
  return {
    program: process.execPath,
    args: [...process.execArgv, program, IMPORT_WORKER_VERB, dataDirectory, ...(url === null ? [] : [url])],
  };
}

/** Imports what its channel asks for and writes the answer to standard output; answers the exit code. */
export async function runImportWorker(
  host: Host,
  [dataDirectory = '', databaseUrl]: readonly string[],
): Promise<number> {
  const installation = await openInstallation(host, { data: dataDirectory }, databaseUrl ?? null);
  try {
    const answer = await workOnImport(installation.ctx, process.stdin, (progress) =>
      process.send?.(progress),
    );
    process.stdout.write(JSON.stringify(answer));
    return 0;
  } finally {
    await installation.close();
  }
}
