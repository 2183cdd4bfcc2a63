import type { FindingType } from './finding-type.ts';
import type { Location } from './observation.ts';

/**
 * The files of a repository in which a finding is, as paths: the one of its place, or of a library those that bring it.
 * `place` is as `place-text.ts` spells it. Empty for findings that are in no file.
 */
export function filesOfFinding(
  type: FindingType,
  place: string,
  locations: readonly Location[],
): readonly string[] {
  const paths = [...new Set(locations.flatMap(({ path = '' }) => (path === '' ? [] : [spelled(path)])))];
  switch (type) {
    case 'library_vulnerability':
      return paths;
    case 'code_vulnerability':
    case 'iac_misconfiguration':
    case 'secret': {
      // Paths may hold a `#` as well: the place ends where a location does.
      const known = paths.find((path) => place === path || place.startsWith(`${path}#`));
      const path = known ?? place.replace(/#.*$/s, '');
      return path === '' ? [] : [path];
    }
    default:
      return [];
  }
}

function spelled(path: string): string {
  return path
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '')
    .normalize('NFC');
}
