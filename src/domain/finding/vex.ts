import type { Instant } from '#base/instant.ts';
import type { VexObservation } from './observation.ts';
import { placeText } from './place-text.ts';

/** What somebody said of one advisory in one product, as it is kept. */
export interface VexStatement {
  readonly advisory: string;
  readonly product: string;
  readonly within: string | null;
  readonly status: VexObservation['status'];
  readonly justification: string | null;
  readonly statement: string | null;
  /** Null: as old as anything. */
  readonly statedAt: Instant | null;
  /** The name of its source. */
  readonly source: string;
}

/** A finding as a statement may be about it. */
export interface SpokenOf {
  /** The place of the finding: of a component `type/name`. */
  readonly place: string;
  readonly resourceKey: string;
  readonly resourceName: string;
  /** The versions that it was seen in. */
  readonly versions: readonly string[];
  /** Of an image by which names with a tag, and in which digests, it was seen. */
  readonly references: readonly string[];
  readonly digests: readonly string[];
}

/**
 * The word that counts about a finding, of statements on its advisory: the latest of those that are about it; of equally
 * old ones one that it is affected. Null: none is about it.
 */
export function vexWord(statements: readonly VexStatement[], finding: SpokenOf): VexStatement | null {
  const about = statements.filter((statement) => isAbout(statement, finding));
  return (
    about.toSorted(
      (a, b) =>
        (b.statedAt ?? 0) - (a.statedAt ?? 0) ||
        Number(isHarmless(a)) - Number(isHarmless(b)) ||
        (a.source < b.source ? -1 : 1),
    )[0] ?? null
  );
}

/** Whether a statement says that nothing is to be done: it is not affected, or was fixed. */
export function isHarmless({ status }: Pick<VexStatement, 'status'>): boolean {
  return status === 'not_affected' || status === 'fixed';
}

/** Of a component in a product both have to be meant; a version that is named has to be the one that was seen. */
function isAbout({ product, within }: VexStatement, finding: SpokenOf): boolean {
  if (within === null) return isComponent(product, finding) || isResource(product, finding);
  return isComponent(product, finding) && isResource(within, finding);
}

function isComponent(name: string, { place, versions }: SpokenOf): boolean {
  const purl = readPurl(name);
  if (purl === null) return false;
  const { type, version } = purl;
  // The namespace of a distribution's package is the distribution, which is no part of its place.
  const namespace = DISTRIBUTED.has(type) ? '' : purl.namespace;
  if (placeText({ is: 'package', purlType: type, namespace, name: purl.name }) !== place) return false;
  return version === null || (versions.length > 0 && versions.every((each) => each === version));
}

const DISTRIBUTED: ReadonlySet<string> = new Set(['deb', 'rpm', 'apk', 'alpm']);

function isResource(name: string, { resourceKey, resourceName, references, digests }: SpokenOf): boolean {
  const names = [resourceKey, encodeURI(resourceKey.toWellFormed()), resourceName, ...references];
  if (names.includes(name)) return true;
  const purl = readPurl(name);
  if (purl === null || (purl.type !== 'oci' && purl.type !== 'docker')) return false;
  const repository = purl.repository ?? [purl.namespace, purl.name].filter((part) => part !== '').join('/');
  if (resourceName !== repository && !resourceName.endsWith(`/${repository}`)) return false;
  return purl.version === null || digests.length === 0
    ? purl.version === null
    : digests.every((digest) => digest === purl.version);
}

interface Purl {
  readonly type: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string | null;
  readonly repository: string | null;
}

/** `pkg:type/namespace/name@version?repository_url=…`; null for any other text. */
function readPurl(text: string): Purl | null {
  const found = /^pkg:([a-z0-9.+-]+)\/([^?#@]+)(?:@([^?#]*))?(?:\?([^#]*))?/i.exec(text);
  if (found === null) return null;
  const parts = decoded(found[2] ?? '')
    .split('/')
    .filter((part) => part !== '');
  const name = parts.pop();
  if (name === undefined) return null;
  const version = decoded(found[3] ?? '');
  const repository = new URLSearchParams(found[4] ?? '').get('repository_url');
  return {
    type: (found[1] ?? '').toLowerCase(),
    namespace: parts.join('/'),
    name,
    version: version === '' ? null : version,
    repository: repository === null || repository === '' ? null : repository,
  };
}

/** A text from outside may hold a `%` that means nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
