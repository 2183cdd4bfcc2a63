import { text } from 'node:stream/consumers';
import type { AppContext } from '#app/context.ts';
import { importReports } from '#app/import-reports.ts';
import { InboxError } from '#base/inbox-error.ts';
import type { ImportAnswer, ImportJob } from './import-job.ts';

/** The worker's side: reads its job, imports, answers. Reports are read here and never in the server's event loop. */
export async function workOnImport(ctx: AppContext, input: NodeJS.ReadableStream): Promise<ImportAnswer> {
  const { actor, files, options } = JSON.parse(await text(input)) as ImportJob;
  try {
    return { results: await importReports({ ...ctx, actor }, { files, options }) };
  } catch (error) {
    if (error instanceof InboxError) return { error: { code: error.code, message: error.message } };
    throw error;
  }
}
