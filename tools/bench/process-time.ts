import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds of processor time by what spent them. */
export type ProcessTimes = ReadonlyMap<string, number>;

const TICK_MS = 10;

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
  /** Of its children that have ended. */
  readonly endedMs: number;
}

/**
 * What the processes below this one have spent since they began, as Linux tells it: `page` is the main thread of the
 * pages, `browser` the rest of the browser. Empty on other systems.
 */
export async function processTimes(): Promise<ProcessTimes> {
  const times = new Map<string, number>();
  if (process.platform !== 'linux') return times;
  for (const each of await descendants()) {
    const kind = kindOf(each.command);
    const add = (name: string, ms: number) => times.set(name, (times.get(name) ?? 0) + ms);
    if (kind === 'database') add(kind, each.endedMs);
    for (const thread of await namesIn(`/proc/${each.id}/task`)) {
      const isPage = each.command.includes('--type=renderer') && thread === String(each.id);
      const [spent = '0'] = (await textOf(`/proc/${each.id}/task/${thread}/schedstat`)).split(' ');
      add(isPage ? 'page' : kind, Number(spent) / 1e6);
    }
  }
  return times;
}

/** What was spent between two looks. */
export function spent(before: ProcessTimes, after: ProcessTimes, ...names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (after.get(name) ?? 0) - (before.get(name) ?? 0), 0);
}

function kindOf(command: string): string {
  if (command.includes('chromium')) return 'browser';
  return command.includes('postgres') ? 'database' : 'server';
}

async function descendants(): Promise<readonly Process[]> {
  const all: Process[] = [];
  for (const name of await namesIn('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const [stat, command] = [await textOf(`/proc/${name}/stat`), await textOf(`/proc/${name}/cmdline`)];
    // The name of a process may hold anything; the numbers follow its last bracket.
    const numbers = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const endedMs = ((numbers[13] ?? 0) + (numbers[14] ?? 0)) * TICK_MS;
    all.push({ id: Number(name), parent: numbers[1] ?? 0, command, endedMs });
  }
  const below = new Set([process.pid]);
  let before = 0;
  while (before !== below.size) {
    before = below.size;
    for (const { id, parent } of all) if (below.has(parent)) below.add(id);
  }
  below.delete(process.pid);
  return all.filter(({ id }) => below.has(id));
}

/** Nothing of a process that is gone meanwhile. */
const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');
const namesIn = (path: string) => readdir(path).catch(() => []);
