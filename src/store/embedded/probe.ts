import { realpath } from 'node:fs/promises';
import { Client, DatabaseError } from 'pg';
import { InboxError } from '#base/inbox-error.ts';
import type { Endpoint } from './endpoint.ts';
import { DATABASE, SUPERUSER } from './server-settings.ts';

/** What answers at an endpoint. `busy`: a server that does not take connections at this moment. */
export type Probe =
  | { readonly state: 'ready'; readonly version: string }
  | { readonly state: 'busy'; readonly detail: string }
  | { readonly state: 'absent' };

const CONNECT_LIMIT_MS = 5_000;
const DUPLICATE_DATABASE = '42P04';
const UNIQUE_VIOLATION = '23505';

/**
 * Connects, makes sure that the server is the one of this cluster and that the product's database is
 * there. Refuses when another cluster answers.
 */
export async function probe(endpoint: Endpoint, clusterDirectory: string): Promise<Probe> {
  const client = connectionTo(endpoint);
  try {
    await client.connect();
    const answer = await client.query<{ version: string; directory: string; made: boolean }>(
      `select current_setting('server_version') as version,
              current_setting('data_directory') as directory,
              exists (select from pg_database where datname = $1) as made`,
      [DATABASE],
    );
    const row = answer.rows[0];
    if (row === undefined) return { state: 'busy', detail: 'no answer' };
    if ((await realpath(row.directory)) !== clusterDirectory) {
      throw new InboxError(
        'conflict',
        `Expected the database of ${clusterDirectory} at ${endpoint.host}, found the one of ${row.directory}. Stop that one first.`,
      );
    }
    if (!row.made) await createDatabase(client);
    return { state: 'ready', version: row.version };
  } catch (error) {
    if (error instanceof InboxError) throw error;
    return classify(error);
  } finally {
    await client.end().catch(ignore);
  }
}

function connectionTo(endpoint: Endpoint): Client {
  const client = new Client({
    host: endpoint.host,
    port: endpoint.port,
    user: SUPERUSER,
    password: endpoint.password ?? '',
    database: 'postgres',
    ssl: false,
    connectionTimeoutMillis: CONNECT_LIMIT_MS,
    query_timeout: CONNECT_LIMIT_MS,
    application_name: 'security-inbox probe',
  });
  // The server may end at any time; the pending call tells it.
  client.on('error', ignore);
  return client;
}

async function createDatabase(client: Client): Promise<void> {
  try {
    await client.query(`create database ${DATABASE}`);
  } catch (error) {
    const code = error instanceof DatabaseError ? error.code : undefined;
    // Another starter was faster.
    if (code !== DUPLICATE_DATABASE && code !== UNIQUE_VIOLATION) throw error;
  }
}

function classify(error: unknown): Probe {
  const { code, message } = error as { code?: unknown; message: string };
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return { state: 'absent' };
  if (code === 'EACCES' || code === 'EPERM') {
    throw new InboxError('database_unreachable', `The database's socket is not ours to use: ${message}`, {
      cause: error,
    });
  }
  // Starting up, shutting down, too many connections, cut off in the middle: there is a server.
  return { state: 'busy', detail: message };
}

function ignore(): void {
  // Somebody else tells what happened.
}
