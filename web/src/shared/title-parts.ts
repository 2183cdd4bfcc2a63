/** A title in two parts: the first may be cut, the second keeps its place at the end. */
export interface TitleParts {
  readonly head: string;
  readonly tail: string;
}

/** A word of prose: cutting it loses nothing that tells two titles apart. */
const PROSE = /^[\p{L},.’']+$/u;

/** Below this length nothing is cut in any column. */
const SHORT = 24;
const LONGEST_TAIL = 28;

/**
 * Parts a title where its end tells things apart: the version of a package, the last segment of an
 * ARN, a path or an image. `head + tail` is the title, always.
 */
export function titleParts(title: string): TitleParts {
  if (title.length <= SHORT) return { head: title, tail: '' };
  const space = title.lastIndexOf(' ');
  const segment = Math.max(title.lastIndexOf('/'), title.lastIndexOf(':'));
  const at = title.length - space <= LONGEST_TAIL ? space : segment;
  const tail = title.slice(at);
  if (at <= 0 || tail.length > LONGEST_TAIL || PROSE.test(tail.trim())) return { head: title, tail: '' };
  return { head: title.slice(0, at), tail };
}
