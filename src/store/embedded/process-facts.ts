import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { basename } from 'node:path';

/**
 * What can be told about a process by its number. `gone` covers a zombie: it holds nothing any more,
 * although a signal to it still succeeds (a container without an init keeps them for ever).
 */
export type ProcessFacts =
  | { readonly state: 'gone'; readonly zombie: boolean }
  | {
      readonly state: 'alive';
      /** Name of the program without its folder; null when it has none or we may not look. */
      readonly program: string | null;
      /** Its current folder; null when we may not look or the platform does not say. */
      readonly workingDirectory: string | null;
      /** True when another user's process hides the two above. */
      readonly hidden: boolean;
    };

/** Answers for `pid` as seen now; the number may belong to somebody else a moment later. */
export function inspectProcess(pid: number): ProcessFacts {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return { state: 'gone', zombie: false };
  }
  return process.platform === 'linux' ? inspectThroughProc(pid) : inspectThroughPs(pid);
}

/**
 * Whether `pid` is the main process of a PostgreSQL server on this cluster folder: the program is
 * `postgres` and it works in that folder (PostgreSQL enters its data folder at start and stays there).
 * `unknown` when the process belongs to somebody who hides it.
 */
export function isPostmasterOf(pid: number, clusterDirectory: string): 'yes' | 'no' | 'unknown' {
  const facts = inspectProcess(pid);
  if (facts.state === 'gone') return 'no';
  if (facts.hidden) return 'unknown';
  return facts.program === 'postgres' && facts.workingDirectory === clusterDirectory ? 'yes' : 'no';
}

function inspectThroughProc(pid: number): ProcessFacts {
  let hidden = false;
  const look = <T>(read: () => T): T | null => {
    try {
      return read();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EACCES' || code === 'EPERM') hidden = true;
      return null;
    }
  };
  const stat = look(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (stat === null && !hidden) return { state: 'gone', zombie: false };
  // The second field is the name in brackets and may itself hold brackets and blanks.
  const letter = stat?.charAt(stat.lastIndexOf(')') + 2);
  if (letter === 'Z' || letter === 'X') return { state: 'gone', zombie: true };
  const executable = look(() => readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
  const workingDirectory = look(() => readlinkSync(`/proc/${pid}/cwd`));
  return {
    state: 'alive',
    program: executable === null ? null : basename(executable),
    workingDirectory,
    hidden,
  };
}

/** Without /proc the command line stands in: our servers are started as `postgres -D <folder> …`. */
function inspectThroughPs(pid: number): ProcessFacts {
  let command: string;
  try {
    command = execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return { state: 'alive', program: null, workingDirectory: null, hidden: true };
  }
  const match = /^(.*?) -D (.*?) -c /.exec(command);
  return {
    state: 'alive',
    program: basename(match?.[1] ?? command),
    workingDirectory: match?.[2] ?? null,
    hidden: false,
  };
}
