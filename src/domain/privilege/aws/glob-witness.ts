import { matchesGlob } from '../aws-policy-statement.ts';

const FILLER = '~';
const STATES_MAX = 4_000;

/**
 * A text that every one of the patterns matches, and that differs from all that their authors can have meant by
 * name: where they leave something open, it is `~`. Null where there is none, undefined where the search grew too
 * long to tell.
 */
export function witnessOf(patterns: readonly string[]): string | null | undefined {
  // Mostly the narrowest of them says it all.
  for (const pattern of patterns) {
    const filled = pattern.replaceAll('*', FILLER).replaceAll('?', FILLER);
    if (patterns.every((each) => each === pattern || matchesGlob(each, filled))) return filled;
  }
  if (haveConflict(patterns)) return null;
  const seen = new Set<string>();
  let budget = STATES_MAX;
  const search = (places: readonly number[], text: string): string | null | undefined => {
    if (places.every((place, index) => place === (patterns[index] as string).length)) return text;
    const state = places.join();
    if (seen.has(state)) return null;
    seen.add(state);
    if (budget-- <= 0) return undefined;
    const heads = places.map((place, index) => (patterns[index] as string)[place]);
    const literal = heads.find((head) => head !== undefined && head !== '*' && head !== '?');
    const isCommon = (head: string | undefined): boolean => head === literal || head === '*' || head === '?';
    if (!heads.includes(undefined) && heads.every(isCommon)) {
      const next = literal ?? FILLER;
      // All that is open takes one filler and goes on; else stars take what the others spell.
      if (literal === undefined) {
        const found = search(
          places.map((place) => place + 1),
          text + next,
        );
        if (found !== null) return found;
        for (const staying of places.keys()) {
          if (heads[staying] !== '*') continue;
          const one = search(
            places.map((place, index) => (index === staying ? place : place + 1)),
            text + next,
          );
          if (one !== null) return one;
        }
      }
      const stay = search(
        places.map((place, index) => (heads[index] === '*' ? place : place + 1)),
        text + next,
      );
      if (stay !== null) return stay;
    }
    for (const [index, head] of heads.entries()) {
      if (head !== '*') continue;
      const found = search(
        places.map((place, at) => (at === index ? place + 1 : place)),
        text,
      );
      if (found !== null) return found;
    }
    return null;
  };
  return search(
    patterns.map(() => 0),
    '',
  );
}

/** Whether two of them begin with different texts. */
function haveConflict(patterns: readonly string[]): boolean {
  const heads = patterns.map((pattern) => /^[^*?]*/.exec(pattern)?.[0] ?? '');
  return heads.some((one) => heads.some((other) => !one.startsWith(other) && !other.startsWith(one)));
}
