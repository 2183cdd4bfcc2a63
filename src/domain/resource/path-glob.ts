/** A pattern for paths, cut at its slashes and ready to be matched. */
export type PathGlob = readonly Segment[];

/** `**`: any number of folders. */
type Segment = '**' | readonly Part[];

/** One piece of a pattern: a star, a question mark, or what accepts one character. */
type Part = '*' | '?' | { readonly matches: (character: string) => boolean };

/**
 * Of segments: `*` is any characters and `?` one of them within a segment, `**` as a segment any number of
 * segments. `[a-z]` is a class only where `hasClasses`; `\` takes from the next character what it means.
 */
export function pathGlob(segments: readonly string[], hasClasses: boolean): PathGlob {
  return segments.map((each) => (each === '**' ? each : partsOf(each, hasClasses)));
}

/**
 * Whether a path is one that the pattern describes. Never goes back further than the last star, so a hostile pattern
 * costs the product of both lengths at most.
 */
export function matchesPath(glob: PathGlob, path: readonly string[]): boolean {
  return matchesAll(
    glob.length,
    path.length,
    (at) => glob[at] === '**',
    (at, of) => matchesSegment(glob[at] as readonly Part[], path[of] as string),
  );
}

function matchesSegment(parts: readonly Part[], text: string): boolean {
  return matchesAll(
    parts.length,
    text.length,
    (at) => parts[at] === '*',
    (at, of) => {
      const part = parts[at] as Part;
      return typeof part === 'string' ? part === '?' : part.matches(text[of] as string);
    },
  );
}

/** Wildcard matching by the last star: greedy, and right, because an earlier star never has to be tried again. */
function matchesAll(
  patternLength: number,
  textLength: number,
  isStar: (at: number) => boolean,
  matchesOne: (at: number, of: number) => boolean,
): boolean {
  let at = 0;
  let of = 0;
  let star = -1;
  let resume = 0;
  while (of < textLength) {
    if (at < patternLength && isStar(at)) {
      star = at++;
      resume = of;
    } else if (at < patternLength && matchesOne(at, of)) {
      at++;
      of++;
    } else if (star >= 0) {
      at = star + 1;
      of = ++resume;
    } else return false;
  }
  while (at < patternLength && isStar(at)) at++;
  return at === patternLength;
}

function partsOf(pattern: string, hasClasses: boolean): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] as string;
    if (character === '*') {
      if (parts.at(-1) !== '*') parts.push('*');
    } else if (character === '?') parts.push('?');
    else if (character === '\\' && at + 1 < pattern.length) parts.push(only(pattern[++at] as string));
    else if (character === '[' && hasClasses && pattern.indexOf(']', at + 2) > 0) {
      const end = pattern.indexOf(']', at + 2);
      parts.push(classOf(pattern.slice(at + 1, end)));
      at = end;
    } else parts.push(only(character));
  }
  return parts;
}

function only(wanted: string): Part {
  return { matches: (character) => character === wanted };
}

/** `a-z_`, `^0-9`, `!x`. */
function classOf(text: string): Part {
  const isNegated = /^[!^]/.test(text);
  const body = isNegated ? text.slice(1) : text;
  const isIn = (character: string): boolean => {
    for (let at = 0; at < body.length; at++) {
      const from = body[at] as string;
      if (body[at + 1] === '-' && at + 2 < body.length) {
        if (from <= character && character <= (body[at + 2] as string)) return true;
        at += 2;
      } else if (from === character) return true;
    }
    return false;
  };
  return { matches: (character) => isIn(character) !== isNegated };
}
