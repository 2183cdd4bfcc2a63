import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InputLimits, readLimits } from './domain/ports/input-limits.ts';

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

export function readConfig(): Config {
  const { env } = process;
  return {
    installRoot: dirname(dirname(fileURLToPath(import.meta.url))),
    databaseUrl: filled(env['DATABASE_URL']),
    dataDirectory: filled(env['SECURITY_INBOX_DATA']),
    postgresBinaries: filled(env['PG_BIN_DIR']),
    limits: readLimits(env['SECURITY_INBOX_LIMITS'] ?? ''),
    keepDays: daysIn(env['SECURITY_INBOX_KEEP_DAYS']),
    metricsPort: portIn(env['SECURITY_INBOX_METRICS_PORT']),
    searchPath: env['PATH'] ?? '',
    homeDirectory: homedir(),
    isColourWanted: env['NO_COLOR'] === undefined,
  };
}

/** A text that is no number is no setting: the default holds. */
function wholeNumber(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{1,6}$/.test(text) ? Number(text) : null;
}

function portIn(text: string | undefined): number | null {
  const port = wholeNumber(text);
  return port !== null && port <= 65_535 ? port : null;
}

function filled(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : text.trim();
}

const KEEP_DAYS = 400;
const KEEP_DAYS_MIN = 31;

/** What is no number of days, or fewer than are safe to compare with, is as if nothing were said. */
function daysIn(text: string | undefined): number {
  const days = Number(filled(text) ?? KEEP_DAYS);
  return Number.isInteger(days) && days >= KEEP_DAYS_MIN && days <= 100_000 ? days : KEEP_DAYS;
}
