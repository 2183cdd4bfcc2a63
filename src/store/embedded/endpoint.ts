import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { runDirectoryFor } from './run-directory.ts';

/** Where the embedded server listens. */
export interface Endpoint {
  /** Folder of the socket; on Windows the loopback address. */
  readonly host: string;
  readonly port: number;
  /** Only on Windows, where anybody on the machine can reach the port. */
  readonly password?: string;
}

/** Part of the socket's name, not a port of the network. */
const SOCKET_PORT = 5432;
const LOOPBACK = '127.0.0.1';
const LOOPBACK_FILE = 'inbox-endpoint.json';

/** The endpoint of a cluster whose server runs as `uid`; null on Windows while there is no cluster. */
export async function endpointOf(clusterDirectory: string, uid: number): Promise<Endpoint | null> {
  if (process.platform !== 'win32')
    return { host: runDirectoryFor(clusterDirectory, uid), port: SOCKET_PORT };
  const text = await readFile(join(clusterDirectory, LOOPBACK_FILE), 'utf8').catch(() => null);
  if (text === null) return null;
  const { port, password } = JSON.parse(text) as { port: number; password: string };
  return { host: LOOPBACK, port, password };
}

/** For Windows: a free port and a random password, kept inside the cluster they belong to. */
export async function newLoopbackEndpoint(): Promise<{ port: number; password: string }> {
  return { port: await freePort(), password: randomBytes(24).toString('base64url') };
}

export async function saveLoopbackEndpoint(
  clusterDirectory: string,
  endpoint: { readonly port: number; readonly password: string },
): Promise<void> {
  await writeFile(join(clusterDirectory, LOOPBACK_FILE), JSON.stringify(endpoint), { mode: 0o600 });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
