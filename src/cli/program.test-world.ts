import { PassThrough, Readable, type Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { InboxError } from '#base/inbox-error.ts';
import type { CommandLineParts } from './parts.ts';
import { runCommandLine } from './program.ts';

/** What a command line printed, and how it ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in a world without data, where what is not given refuses. */
export async function run(argv: readonly string[], given: Partial<CommandLineParts> = {}): Promise<Ended> {
  const out = new PassThrough();
  const err = new PassThrough();
  const texts = Promise.all([text(out), text(err)]);
  const code = await runIn({ ...given, out: given.out ?? out, err }, argv);
  out.end();
  err.end();
  const [outText, errText] = await texts;
  return { code, out: outText, err: errText };
}

function runIn(
  given: Partial<CommandLineParts> & { readonly out: Writable; readonly err: Writable },
  argv: readonly string[],
): Promise<number> {
  return runCommandLine(argv, {
    version: '1.2.3',
    formats: [{ id: 'trivy', title: 'Trivy', command: 'trivy image --format json IMAGE' }],
    openContext: () =>
      Promise.reject(new InboxError('database_unreachable', 'The database does not answer.')),
    serve: () => Promise.resolve(0),
    stop: () => Promise.resolve({ isStopped: false, sentence: 'Nothing runs on these data.' }),
    diagnose: () => Promise.resolve({ dataDirectory: '/data', checks: [] }),
    publicUrl: () => Promise.resolve(null),
    openFeedFiles: () => Promise.resolve([]),
    reportFiles: (paths) =>
      Promise.resolve({
        files: paths.map((path) => ({ path, name: path })),
        release: () => Promise.resolve(),
      }),
    previewReports: () => Promise.resolve([]),
    request: fetch,
    input: Readable.from([]),
    isColourWanted: false,
    columns: null,
    now: () => Date.UTC(2026, 9, 1, 12),
    ...given,
  });
}
