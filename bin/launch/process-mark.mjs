import { readFileSync } from 'node:fs';

/**
 * A text that stays the same while a process lives and differs for the next one of that number: its
 * number and, where the system tells, the moment it started. Null for a process that is gone; a zombie
 * is.
 */
export function processMark(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (process.platform === 'linux') return markFromProc(pid);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code === 'ESRCH') return null;
  }
  return `${pid}`;
}

function markFromProc(pid) {
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  // The name, in brackets, may hold blanks and brackets; behind it come the state and 18 more fields,
  // then the start in ticks since the machine's (proc(5), field 22).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? null : `${pid} ${fields[19]}`;
}
