import { basename, isAbsolute, relative } from 'node:path';

/**
 * The name under which the next import meets a catalogue file again: its path below the root, without the archive that
 * brought it. Of a path that stays absolute only the file's name, because the folders of a build change.
 */
export function catalogueUnit(name: string, root: string | null): string {
  const member = name.slice(name.lastIndexOf('!') + 1).replaceAll('\\', '/');
  const inside = root !== null && isAbsolute(member) ? relative(root, member) : member;
  if (isAbsolute(inside) || inside.startsWith('../')) return basename(inside);
  return inside.replace(/^(?:\.\/)+/, '');
}
