/** A title in three parts: the middle one may be cut, the others keep their places. */
export interface TitleParts {
  /** The name of the advisory that it begins with, which says less than the words after it; empty: it begins with none. */
  readonly name: string;
  readonly head: string;
  readonly tail: string;
}

/** A word of prose: cutting it loses nothing that tells two titles apart. */
const PROSE = /^[\p{L},.’']+$/u;
const NAME = /^(?:CVE|GHSA|MAL|RUSTSEC|PYSEC|GO)-[\w-]{4,24}: (?=.)/;

/** Below this length nothing is cut in any column. */
const SHORT = 24;
const LONGEST_TAIL = 28;

/**
 * Parts a title where its end tells things apart: the version of a package, the last segment of an
 * ARN, a path or an image. `name + head + tail` is the title, always.
 */
export function titleParts(title: string): TitleParts {
  const [name = ''] = NAME.exec(title) ?? [];
  const words = title.slice(name.length);
  if (words.length <= SHORT) return { name, head: words, tail: '' };
  const space = words.lastIndexOf(' ');
  const segment = Math.max(words.lastIndexOf('/'), words.lastIndexOf(':'));
  const at = words.length - space <= LONGEST_TAIL ? space : segment;
  const tail = words.slice(at);
  const isHalfBracket = tail.includes(')') && !tail.includes('(');
  if (at <= 0 || tail.length > LONGEST_TAIL || isHalfBracket || PROSE.test(tail.trim()))
    return { name, head: words, tail: '' };
  return { name, head: words.slice(0, at), tail };
}
