import { text } from 'node:stream/consumers';
import type { AppContext } from '#app/context.ts';
import { importReports } from '#app/import-reports.ts';
import { InboxError } from '#base/inbox-error.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ImportAnswer, ImportJob, ImportProgress } from './import-job.ts';

const TELL_EVERY_BYTES = 8 * 1024 ** 2;

/**
 * The worker's side: reads its job, imports, answers. Reports are read here and never in the server's event loop.
 * How far it is goes to `tell`: whoever started it allows time by what was read.
 */
export async function workOnImport(
  ctx: AppContext,
  input: NodeJS.ReadableStream,
  tell: (progress: ImportProgress) => void,
): Promise<ImportAnswer> {
  const { actor, files, options } = JSON.parse(await text(input)) as ImportJob;
  try {
    return { results: await importReports({ ...telling(ctx, tell), actor }, { files, options }) };
  } catch (error) {
    if (error instanceof InboxError) return { error: { code: error.code, message: error.message } };
    throw error;
  }
}

/** The same parts, which tell when the import's turn has come and what it reads. */
function telling(ctx: AppContext, tell: (progress: ImportProgress) => void): AppContext {
  let bytesRead = 0;
  let told = 0;
  const count = (bytes: number) => {
    bytesRead += bytes;
    if (bytesRead - told < TELL_EVERY_BYTES) return;
    told = bytesRead;
    tell({ bytesRead });
  };
  return {
    ...ctx,
    imports: {
      async openSession() {
        const session = await ctx.imports.openSession();
        tell({ bytesRead });
        return session;
      },
    },
    async *openInputs(path, name) {
      for await (const input of ctx.openInputs(path, name)) yield counted(input, count);
    },
  };
}

function counted(input: ReportInput, count: (bytes: number) => void): ReportInput {
  return {
    name: input.name,
    async *open() {
      for await (const chunk of input.open()) {
        count(chunk.length);
        yield chunk;
      }
    },
  };
}
