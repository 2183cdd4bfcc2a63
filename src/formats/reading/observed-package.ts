import type { ObservedPackage } from '#domain/finding/observation.ts';
import { isSystemPackage } from '#domain/package/package-name.ts';
import { distributionOfPackage } from './distribution.ts';
import { parsePackageUrl } from './package-url.ts';

const TEXT_MAX = 500;

/**
 * A package as its package URL tells it; null without one, without a version, or where it is no package that advisories are
 * about. `sourceName`: what it was built from, where the report tells; else `upstream` in the package URL does.
 */
export function observedPackage(
  purlText: string | undefined,
  versionText: string | undefined,
  { sourceName, path }: { readonly sourceName?: string | undefined; readonly path?: string | undefined },
): ObservedPackage | null {
  const purl = parsePackageUrl(purlText);
  const text = purl?.version ?? versionText;
  if (purl === null || text === undefined || text.length > 200 || text.trim() === '') return null;
  const { type, namespace, name, qualifiers } = purl;
  const isSystem = isSystemPackage(type);
  const epoch = isSystem ? qualifiers.get('epoch') : undefined;
  const version =
    epoch !== undefined && /^\d{1,9}$/.test(epoch) && !text.includes(':') ? `${epoch}:${text}` : text;
  const upstream = sourceName ?? qualifiers.get('upstream')?.split('@', 1)[0];
  const isBuilt = isSystem && upstream !== undefined && upstream !== '' && upstream !== name;
  return {
    package: { type, namespace: isSystem ? '' : namespace, name },
    version: version.trim(),
    release: isSystem ? (distributionOfPackage(purl)?.release ?? '') : '',
    path: path?.slice(0, TEXT_MAX) ?? '',
    ...(isBuilt && { matched: { type, namespace: '', name: upstream.slice(0, TEXT_MAX) } }),
  };
}
