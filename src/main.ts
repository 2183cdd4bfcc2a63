import { createRequire } from 'node:module';
import { previewReports } from '#app/preview-reports.ts';
import { InboxError, REFUSALS } from '#base/inbox-error.ts';
import { runCommandLine } from '#cli/program.ts';
import { FORMATS } from '#formats/formats.ts';
import { openInputs } from '#formats/reading/open-input.ts';
import { recogniseFormat } from '#formats/recognise-format.ts';
import { openFeedFiles } from '#jobs/open-feed-files.ts';
import { findReportFiles } from '#jobs/report-files.ts';
import { runningServer } from '#jobs/server-state.ts';
import { type Config, readConfig } from './config.ts';
import { diagnose } from './installation/diagnose.ts';
import type { Host } from './installation/host.ts';
import { IMPORT_WORKER_VERB, runImportWorker } from './installation/import-worker-process.ts';
import { dataDirectoryOf, openInstallation } from './installation/installation.ts';
import { serve } from './installation/serve.ts';
import { stop } from './installation/stop.ts';

const config = configured();
/** Archives of feeds have a member for each advisory. */
const FEED_LIMITS = { 'archive-members': 5_000_000, 'unpacked-mb': 64 * 1024 } as const;
const host: Host = {
  config,
  clock: { now: () => Date.now() },
  version: (createRequire(import.meta.url)('../package.json') as { version: string }).version,
  isRoot: process.getuid?.() === 0,
  program: import.meta.filename,
  print,
  complain,
};

/** What was set wrongly is told as a wrong command line is, before anything is opened. */
function configured(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof InboxError)) throw error;
    complain(error.message);
    process.exit(REFUSALS[error.code].exitCode);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}

const [first, ...rest] = process.argv.slice(2);
process.exitCode =
  first === IMPORT_WORKER_VERB
    ? await runImportWorker(host, rest)
    : await runCommandLine(process.argv.slice(2), {
        version: host.version,
        formats: FORMATS,
        openContext: (place) => openInstallation(host, place),
        serve: (request) => serve(host, request),
        stop: (place) => stop(host, place),
        diagnose: (place) => diagnose(host, place),
        publicUrl: async (place) =>
          (await runningServer(dataDirectoryOf(host, place).directory, fetch))?.publicUrl ?? null,
        openFeedFiles: (location) =>
          openFeedFiles(location, fetch, (path, name) =>
            openInputs(path, name, { ...config.limits, ...FEED_LIMITS }),
          ),
        reportFiles: (paths) => findReportFiles(paths, process.stdin),
        previewReports: (request) =>
          previewReports(
            {
              formats: FORMATS,
              recognise: recogniseFormat,
              openInputs: (path, name) => openInputs(path, name, config.limits),
            },
            request,
          ),
        request: fetch,
        input: process.stdin,
        out: process.stdout,
        err: process.stderr,
        isColourWanted: config.isColourWanted && process.stdout.isTTY === true,
        columns: process.stdout.isTTY ? process.stdout.columns : null,
        now: host.clock.now,
      });
