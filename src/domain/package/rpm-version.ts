import { compareDigits, compareTexts, isDigits } from './version-parts.ts';

/**
 * Order of two versions of RPM packages: epoch, version, release (rpmvercmp). A release that one of them does not name
 * makes no difference.
 */
export function compareRpmVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  const order = compareDigits(left.epoch, right.epoch) || compareStretches(left.version, right.version);
  if (order !== 0 || left.release === null || right.release === null) return order;
  return compareStretches(left.release, right.release);
}

function partsOf(version: string) {
  const [, epoch, rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version.trim()) ?? [];
  const dash = rest.indexOf('-');
  return {
    epoch: epoch ?? '0',
    version: dash < 0 ? rest : rest.slice(0, dash),
    release: dash < 0 ? null : rest.slice(dash + 1),
  };
}

/** Stretches of digits or letters; what stands between them only parts them, but a tilde is before the end and a caret behind it. */
function compareStretches(a: string, b: string): number {
  const [left, right] = [a.match(/\d+|[A-Za-z]+|[~^]/g) ?? [], b.match(/\d+|[A-Za-z]+|[~^]/g) ?? []];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [one, other] = [left[index], right[index]];
    const order = compareOne(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

function compareOne(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === '~') return -1;
  if (b === '~') return 1;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  if (a === '^') return -1;
  if (b === '^') return 1;
  if (isDigits(a) !== isDigits(b)) return isDigits(a) ? 1 : -1;
  return isDigits(a) ? compareDigits(a, b) : compareTexts(a, b);
}
