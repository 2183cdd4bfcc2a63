import { createReadStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppContext } from '#app/context.ts';
import { updateFeed } from '#app/update-feed.ts';
import type { Instant } from '#base/instant.ts';
import type { DataPlace, OpenedContext } from '#cli/parts.ts';
import { nameCheck, renameCheck, versionOfCheckNames } from '#domain/control/name-check.ts';
import { kev } from '#feeds/kev/kev.ts';
import { KEV_SNAPSHOT } from '#feeds/kev/kev-snapshot.ts';
import {
  checkDurability,
  type DatabaseAddress,
  openPool,
  type Pool,
  type Queryable,
} from '#store/database.ts';
import { chooseDataDirectory } from '#store/embedded/data-directory.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '#store/embedded/supervisor.ts';
import { backUpBeforeUpgrade } from '#store/embedded/upgrade-backup.ts';
import { migrate } from '#store/migrate.ts';
import { organisationOf } from '#store/organisation.ts';
import { followAliases } from '#store/rekey/follow-aliases.ts';
import { followCheckNames } from '#store/rekey/rename-checks.ts';
import { secretKeyOf } from '#store/secret-key.ts';
import type { Host } from './host.ts';
import { joinParts } from './parts.ts';

/** An opened installation: its data folder, its database, and every part that a verb may use. */
export interface Installation extends OpenedContext {
  readonly dataDirectory: string;
  readonly database: EmbeddedPostgres | null;
  readonly pool: Pool;
  readonly address: DatabaseAddress;
  /** What is to be said of a database that may lose what it acknowledged; null for none. */
  readonly warning: string | null;
}

export function dataDirectoryOf(
  { config, isRoot }: Host,
  place: DataPlace,
): { readonly directory: string; readonly reason: string | null } {
  const requested = place.data ?? config.dataDirectory ?? undefined;
  if (config.databaseUrl !== null)
    return { directory: requested ?? join(config.installRoot, '.data'), reason: null };
  return chooseDataDirectory({ requested, installRoot: config.installRoot, isRoot });
}

export async function openInstallation(
  host: Host,
  place: DataPlace,
  databaseUrl: string | null = host.config.databaseUrl,
): Promise<Installation> {
  const { config, clock, complain } = host;
  const { directory } = dataDirectoryOf(host, place);
  const database =
    databaseUrl === null
      ? await startEmbeddedPostgres({
          dataDirectory: directory,
          log: complain,
          searchPath: config.searchPath,
          ...(config.postgresBinaries === null ? {} : { binariesDirectory: config.postgresBinaries }),
        })
      : null;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const address: DatabaseAddress = database === null ? { url: databaseUrl as string } : database.connection;
  // The server that these connections belonged to may end with the process that owned it: run one again.
  const pool = openPool(address, { onLost: () => void database?.ensureRunning().catch(() => undefined) });
  try {
    const warning = await checkDurability(pool);
    await migrate(pool, {
      beforeUpgrade: async (session, missing) =>
        complain(await prepareUpgrade(session, database, missing, clock.now())),
    });
    await followCheckNames(pool, organisationOf(1n), clock.now(), {
      version: versionOfCheckNames(),
      nameOf: nameCheck,
      renamed: renameCheck,
    });
    await followAliases(pool, organisationOf(1n), clock.now());
    const ctx = await partsOf(host, pool, directory);
    await readShippedFeed(ctx);
    return {
      ctx,
      pool,
      address,
      warning,
      database,
      dataDirectory: directory,
      async close() {
        await pool.end();
        await database?.stop();
      },
    };
  } catch (error) {
    await pool.end();
    await database?.stop();
    throw error;
  }
}

/** What is done before a database that is in use is changed; answers how to go back. */
async function prepareUpgrade(
  session: Queryable,
  database: EmbeddedPostgres | null,
  missing: readonly string[],
  now: Instant,
): Promise<string> {
  if (database === null)
    return `The database at DATABASE_URL is brought up to date now (${missing.join(', ')}). An older program does not work on it after that: to go back, restore the backup that whoever runs it makes.`;
  return backUpBeforeUpgrade(session, { dataDirectory: database.dataDirectory, missing, now });
}

/** The parts of an installation over a pool of connections to its database. */
export async function partsOf(
  { config: { limits, keepDays }, clock }: Host,
  pool: Pool,
  dataDirectory: string,
): Promise<AppContext> {
  return joinParts({ pool, clock, limits, keepDays, secretKey: await secretKeyOf(dataDirectory) });
}

/** A first run has intelligence without a network: the snapshot of KEV that ships with the product. */
async function readShippedFeed(ctx: AppContext): Promise<void> {
  const known = await ctx.feedStore.list();
  if (known.some((feed) => feed.id === kev.id)) return;
  const snapshot = { name: 'snapshot', open: () => createReadStream(KEV_SNAPSHOT) };
  await updateFeed(ctx, { feed: kev, files: [snapshot], origin: 'snapshot' });
}
