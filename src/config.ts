import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { type InputLimits, readLimits } from '#domain/ports/input-limits.ts';

/** Settings that come from outside the command line. The only reader of the environment. */
export interface Config {
  /** Where the program lies. */
  readonly installRoot: string;
  /** `DATABASE_URL`: a PostgreSQL of your own instead of the embedded one. */
  readonly databaseUrl: string | null;
  /** `SECURITY_INBOX_DATA`: where data lie; `--data` wins. */
  readonly dataDirectory: string | null;
  /** `PG_BIN_DIR`: programs of an installed PostgreSQL for the embedded mode. */
  readonly postgresBinaries: string | null;
  /** `SECURITY_INBOX_LIMITS`: `name=number`, several with commas between them. */
  readonly limits: InputLimits;
  /** `SECURITY_INBOX_KEEP_DAYS`: for how long closed findings, signals and history are kept; at least 31. */
  readonly keepDays: number;
  /** `SECURITY_INBOX_METRICS_PORT`: a port of loopback for metrics and details of health; `--metrics-port` wins. */
  readonly metricsPort: number | null;
  readonly searchPath: string;
  readonly homeDirectory: string;
  readonly isColourWanted: boolean;
}

const KEEP_DAYS = 400;

/** Throws `usage` that names the setting, what was found and what was expected. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  return {
    installRoot: dirname(dirname(fileURLToPath(import.meta.url))),
    databaseUrl: filled(env['DATABASE_URL']),
    dataDirectory: filled(env['SECURITY_INBOX_DATA']),
    postgresBinaries: filled(env['PG_BIN_DIR']),
    limits: readLimits(env['SECURITY_INBOX_LIMITS'] ?? ''),
    keepDays:
      wholeNumber('SECURITY_INBOX_KEEP_DAYS', env['SECURITY_INBOX_KEEP_DAYS'], {
        least: 31,
        most: 100_000,
      }) ?? KEEP_DAYS,
    metricsPort: wholeNumber('SECURITY_INBOX_METRICS_PORT', env['SECURITY_INBOX_METRICS_PORT'], {
      least: 1,
      most: 65_535,
    }),
    searchPath: env['PATH'] ?? '',
    homeDirectory: homedir(),
    isColourWanted: env['NO_COLOR'] === undefined,
  };
}

/** Null where nothing is set. Throws `usage` for what is no whole number within the bounds. */
function wholeNumber(
  name: string,
  text: string | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): number | null {
  const value = filled(text);
  if (value === null) return null;
  const number = /^\d{1,7}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new InboxError(
    'usage',
    `${name} is "${oneLine(value, 40)}": a whole number from ${least} to ${most} was expected. Set one, or leave it out.`,
  );
}

function filled(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : text.trim();
}
