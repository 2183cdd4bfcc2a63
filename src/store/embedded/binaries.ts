import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { InboxError } from '#base/inbox-error.ts';
import { type BinariesLocation, findPackagedNative, preparePackagedBinaries } from './packaged-binaries.ts';
import { runCommand } from './run-command.ts';
import type { SystemUser } from './unprivileged-user.ts';

/** A PostgreSQL that was seen to start: its programs, its version, and the environment they need. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  readonly major: number;
  readonly env: Readonly<Record<string, string>>;
}

export interface BinariesRequest {
  /** Folder with `postgres` and `initdb`; when given, no other is tried. */
  readonly binariesDirectory: string | undefined;
  /** Folders to search for programs, as in PATH. */
  readonly searchPath: string;
  readonly dataDirectory: string;
  readonly user: SystemUser | null;
}

const OLDEST_MAJOR = 16;
const NEWEST_MAJOR = 18;
const DEBIAN_VERSIONS = '/usr/lib/postgresql';

/**
 * The PostgreSQL to run: the folder that was asked for, else the one that came with npm, else one
 * installed on the system, versions 16 to 18. Each is run once (`postgres --version`) before it is
 * believed. Refuses with what was tried and what each answered.
 */
export async function findBinaries(request: BinariesRequest): Promise<PostgresBinaries> {
  const failures: string[] = [];
  for await (const location of candidates(request)) {
    const found = await tryBinaries(location, request);
    if (typeof found !== 'string') return found;
    failures.push(found);
  }
  throw new InboxError(
    'database_binaries_missing',
    [
      `Expected a PostgreSQL ${OLDEST_MAJOR} to ${NEWEST_MAJOR} that runs here (${process.platform}-${process.arch}), found none.`,
      ...(failures.length > 0 ? failures : ['No package and no installed PostgreSQL was found.']),
      'Install PostgreSQL and name the folder of its programs in PG_BIN_DIR, or give the address of a database in DATABASE_URL.',
    ].join('\n'),
  );
}

async function* candidates(request: BinariesRequest): AsyncGenerator<BinariesLocation> {
  if (request.binariesDirectory !== undefined) {
    yield { bin: request.binariesDirectory, libraryPath: null };
    return;
  }
  const native = await findPackagedNative();
  if (native !== null) yield await preparePackagedBinaries(native, request.dataDirectory, request.user);
  const debian = await readdir(DEBIAN_VERSIONS).catch(() => []);
  const newestFirst = debian.sort((a, b) => Number(b) - Number(a));
  for (const bin of [
    ...newestFirst.map((version) => join(DEBIAN_VERSIONS, version, 'bin')),
    ...request.searchPath.split(delimiter),
  ]) {
    if (existsSync(join(bin, 'postgres')) && existsSync(join(bin, 'initdb')))
      yield { bin, libraryPath: null };
  }
}

async function tryBinaries(
  location: BinariesLocation,
  request: BinariesRequest,
): Promise<PostgresBinaries | string> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(location.bin, name + suffix);
  const env = {
    PATH: request.searchPath,
    LC_ALL: 'C',
    ...(location.libraryPath === null
      ? {}
      : { [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']: location.libraryPath }),
  };
  const answer = await runCommand(program('postgres'), ['--version'], { user: request.user, env });
  const major = Number(/^postgres \(PostgreSQL\) (\d+)/.exec(answer.output)?.[1]);
  if (answer.code !== 0 || Number.isNaN(major)) {
    return `${program('postgres')} does not run: ${answer.output || `exit code ${answer.code}`}`;
  }
  if (major < OLDEST_MAJOR || major > NEWEST_MAJOR) return `${program('postgres')} is version ${major}.`;
  return {
    postgres: program('postgres'),
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
    major,
    env,
  };
}
