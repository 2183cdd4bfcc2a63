import type { ObservedPackageName, Place } from '../finding/observation.ts';
import { placeText } from '../finding/place-text.ts';

/** What a package is called, as package URLs spell it. */
export type PackageName = ObservedPackageName;

/** Types whose packages belong to an operating system; their namespace is its distribution. */
const SYSTEM_TYPES: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm', 'qpkg', 'ebuild', 'opkg']);

/** True for packages of an operating system. */
export function isSystemPackage(purlType: string): boolean {
  return SYSTEM_TYPES.has(purlType);
}

/** The place of a package: without version, and without the distribution that packs it. */
export function placeOfPackage(purl: PackageName): Extract<Place, { is: 'package' }> {
  const namespace = isSystemPackage(purl.type) || purl.namespace === '' ? undefined : purl.namespace;
  return { is: 'package', purlType: purl.type, namespace, name: purl.name };
}

/**
 * Namespace and name of a package that a tool names in its ecosystem's own spelling: `@scope/name`,
 * `group:artifact`, `vendor/name`, `github.com/owner/module`.
 */
export function splitPackageName(purlType: string, fullName: string): PackageName {
  const separator = SEPARATORS.get(purlType);
  const cut = separator === undefined ? -1 : fullName.lastIndexOf(separator);
  if (cut <= 0 || cut === fullName.length - 1) return { type: purlType, namespace: '', name: fullName };
  return { type: purlType, namespace: fullName.slice(0, cut), name: fullName.slice(cut + 1) };
}

const SEPARATORS: ReadonlyMap<string, string> = new Map([
  ['npm', '/'],
  ['golang', '/'],
  ['composer', '/'],
  ['swift', '/'],
  ['github', '/'],
  ['k8s', '/'],
  ['maven', ':'],
]);

/** The one spelling of a package: `pypi/flask-login`. What two spellings of one package have in common. */
export function packageKey(name: PackageName): string {
  return placeText(placeOfPackage(name));
}
