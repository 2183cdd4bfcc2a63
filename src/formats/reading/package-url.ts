import { remembered } from '#base/remembered.ts';
import type { PackageName } from '#domain/package/package-name.ts';
import { percentDecoded } from './percent-text.ts';

/** The parts of a package URL (`pkg:type/namespace/name@version?qualifiers`) that reports are read for. */
export interface PackageUrl extends PackageName {
  readonly version: string | undefined;
  readonly qualifiers: ReadonlyMap<string, string>;
}

const LENGTH_MAX = 2_000;
const NO_QUALIFIERS: ReadonlyMap<string, string> = new Map();

/** Splits a package URL; null for a text that is none. */
export function parsePackageUrl(text: string | undefined): PackageUrl | null {
  return text === undefined || text.length > LENGTH_MAX || !text.startsWith('pkg:') ? null : split(text);
}

const split = remembered(2_000, (text: string): PackageUrl | null => {
  const noSubpath = before(text, '#');
  const question = noSubpath.indexOf('?');
  const path = question < 0 ? noSubpath.slice(4) : noSubpath.slice(4, question);
  const start = path.startsWith('//') ? 2 : path.startsWith('/') ? 1 : 0;
  const typeEnd = path.indexOf('/', start);
  const nameStart = path.lastIndexOf('/') + 1;
  if (typeEnd <= start || nameStart >= path.length) return null;
  const at = path.indexOf('@', nameStart + 1);
  const name = percentDecoded(at < 0 ? path.slice(nameStart) : path.slice(nameStart, at));
  if (name === '') return null;
  return {
    type: path.slice(start, typeEnd).toLowerCase(),
    namespace: nameStart - 1 > typeEnd ? percentDecoded(path.slice(typeEnd + 1, nameStart - 1)) : '',
    name,
    version: at < 0 ? undefined : percentDecoded(path.slice(at + 1)) || undefined,
    qualifiers: question < 0 ? NO_QUALIFIERS : parseQualifiers(noSubpath.slice(question + 1)),
  };
});

function parseQualifiers(text: string): ReadonlyMap<string, string> {
  const qualifiers = new Map<string, string>();
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0)
      qualifiers.set(pair.slice(0, equals).toLowerCase(), percentDecoded(pair.slice(equals + 1)));
  }
  return qualifiers;
}

function before(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}
