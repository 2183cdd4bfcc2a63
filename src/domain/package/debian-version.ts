import { compareDigits } from './version-parts.ts';

/** Order of two versions of Debian packages (deb-version(7)): epoch, upstream version, revision; a tilde is before everything. */
export function compareDebianVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  return (
    compareDigits(left.epoch, right.epoch) ||
    compareStretches(left.upstream, right.upstream) ||
    compareStretches(left.revision, right.revision)
  );
}

function partsOf(version: string) {
  const [, epoch, rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version.trim()) ?? [];
  const dash = rest.lastIndexOf('-');
  return {
    epoch: epoch ?? '0',
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '0' : rest.slice(dash + 1),
  };
}

/** By turns what is no digit, and digits. */
function compareStretches(a: string, b: string): number {
  const [left, right] = [stretchesOf(a), stretchesOf(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const [one, other] = [left[index] ?? '', right[index] ?? ''];
    const order = index % 2 === 1 ? compareDigits(one || '0', other || '0') : compareMarks(one, other);
    if (order !== 0) return order;
  }
  return 0;
}

function stretchesOf(text: string): readonly string[] {
  const stretches = text.match(/\D+|\d+/g) ?? [];
  return /^\d/.test(text) ? ['', ...stretches] : stretches;
}

function compareMarks(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const order = weight(a[index]) - weight(b[index]);
    if (order !== 0) return order;
  }
  return 0;
}

/** A tilde, the end, letters, all else. */
function weight(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}
