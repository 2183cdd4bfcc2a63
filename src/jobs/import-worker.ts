import { text } from 'node:stream/consumers';
import type { AppContext } from '#app/context.ts';
import { importReports } from '#app/import-reports.ts';
import { InboxError } from '#base/inbox-error.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ImportAnswer, ImportJob, ImportProgress } from './import-job.ts';

const TELL_EVERY_MS = 1_000;

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
  const progress = new Progress(tell);
  try {
    return { results: await importReports({ ...telling(ctx, progress), actor }, { files, options }) };
  } catch (error) {
    if (error instanceof InboxError) return { error: { code: error.code, message: error.message } };
    throw error;
  } finally {
    progress.end();
  }
}

/** Tells how far an import is, each second that its process is not stuck in. */
class Progress {
  readonly #tell: (progress: ImportProgress) => void;
  #bytesRead = 0;
  #begun: NodeJS.CpuUsage | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (progress: ImportProgress) => void) {
    this.#tell = tell;
  }

  begin(): void {
    this.#begun = process.cpuUsage();
    this.#timer ??= setInterval(() => this.#report(), TELL_EVERY_MS);
    this.#report();
  }

  read(bytes: number): void {
    this.#bytesRead += bytes;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #report(): void {
    const { user, system } = process.cpuUsage(this.#begun);
    this.#tell({ bytesRead: this.#bytesRead, workedMs: (user + system) / 1_000 });
  }
}

/** The same parts, which tell when the import's turn has come and what it reads. */
function telling(ctx: AppContext, progress: Progress): AppContext {
  return {
    ...ctx,
    imports: {
      async openSession(clock) {
        const session = await ctx.imports.openSession(clock);
        progress.begin();
        return session;
      },
    },
    async *openInputs(path, name) {
      for await (const input of ctx.openInputs(path, name))
        yield counted(input, (bytes) => progress.read(bytes));
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
