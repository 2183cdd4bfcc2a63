import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asNumber, asObject, asText, parseJson } from '#base/json-value.ts';

/** What a running server leaves beside its data, so that others find it. */
export interface ServerState {
  readonly pid: number;
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  /** Under which address people reach it. */
  readonly publicUrl: string;
}

const FILE = 'server.json';

export async function writeServerState(dataDirectory: string, state: ServerState): Promise<void> {
  const path = join(dataDirectory, FILE);
  await writeFile(`${path}.${process.pid}`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${path}.${process.pid}`, path);
}

/** Takes the note away, unless another server has written its own by now. */
export async function removeServerState(dataDirectory: string): Promise<void> {
  const state = await readNote(dataDirectory);
  if (state?.pid === process.pid) await rm(join(dataDirectory, FILE), { force: true });
}

/** The server that runs on these data; null when none does. A note that a killed server left is not believed: the server is asked. */
export async function runningServer(
  dataDirectory: string,
  request: typeof fetch,
): Promise<ServerState | null> {
  const state = await readNote(dataDirectory);
  if (state === null || !isAlive(state.pid)) return null;
  try {
    const answer = await request(`${state.url}/healthz`, { signal: AbortSignal.timeout(5_000) });
    return answer.ok ? state : null;
  } catch {
    // Nobody answers there: the process with this number is another one.
    return null;
  }
}

async function readNote(dataDirectory: string): Promise<ServerState | null> {
  try {
    const note = asObject(parseJson(await readFile(join(dataDirectory, FILE), 'utf8')));
    const pid = asNumber(note?.['pid']);
    const url = asText(note?.['url']);
    if (pid === undefined || url === undefined) return null;
    return { pid, url, publicUrl: asText(note?.['publicUrl']) ?? url };
  } catch {
    // No note, or one that was cut off: no server to be found by it.
    return null;
  }
}

/** Whether there is a process of that number, whoever's it is. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
