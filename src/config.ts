import { homedir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

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
    searchPath: env['PATH'] ?? '',
    homeDirectory: homedir(),
    isColourWanted: env['NO_COLOR'] === undefined,
  };
}

function filled(text: string | undefined): string | null {
  return text === undefined || text.trim() === '' ? null : text.trim();
}
