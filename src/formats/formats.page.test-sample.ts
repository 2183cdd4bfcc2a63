import type { MemberPath } from './formats.members.test-sample.ts';

/** What the page of a format says of members, by the names that stand in backticks. Capitals make no other name. */
export interface FormatPage {
  readonly names: (member: string) => boolean;
  /** Whether what stands in this member are no names of the format but anybody's: `results.*`, `CVSS.<vendor>`. */
  readonly variesBelow: (path: MemberPath) => boolean;
  /** Whether it is said not to be read, with all that stands in it. */
  readonly leavesOut: (path: MemberPath) => boolean;
}

/** Rows and paragraphs that begin so name what is not read: a row in its first cell. */
const NOT_READ_ROW = /^\|([^|]+)\|\s*not read\b/i;
/** Said of inventories: of what clouds describe only some members are kept. */
const NOT_READ_REST = /^\*\*Not read:\*\* (?:every|any) other member/m;
const NOT_READ_PARAGRAPH = /^(?:\*\*)?not read\b/i;
const SPAN = /`([^`\n]+)`/g;

/** @param beside what another page tells of this format's members */
export function formatPage(text: string, beside = ''): FormatPage {
  const prose = text.replace(/^```[\s\S]*?^```|^ {4}.*$/gm, '');
  const spans = spansIn(prose);
  const all = [...spans, ...spansIn(beside)].join('\n');
  const known = new Map<string, boolean>();
  const varying = spans.flatMap((span) =>
    [...span.matchAll(/\*|<[^>]+>/g)].map(({ index }) => span.slice(0, index).replace(/(?:\[\])?\.?$/, '')),
  );
  const leftOut = [
    ...prose.split('\n').flatMap((line) => spansIn(NOT_READ_ROW.exec(line)?.[1] ?? '')),
    ...prose
      .split(/\n\s*\n/)
      .flatMap((paragraph) => (NOT_READ_PARAGRAPH.test(paragraph) ? spansIn(paragraph) : [])),
  ].map(endOfPath);
  const names = (member: string) => {
    let isNamed = known.get(member);
    if (isNamed === undefined) {
      isNamed = [member, member.replace(/^@/, ''), member.replace(/^.*:/, '')].some((name) =>
        new RegExp(`(?<![\\w$@-])@?${escaped(name)}(?![\\w$-])`, 'i').test(all),
      );
      known.set(member, isNamed);
    }
    return isNamed;
  };
  const variesBelow = (path: MemberPath) =>
    varying.some((above) => (above === '' ? path.length === 0 : endOfPath(above).test(path.join('.'))));
  const leavesRest = NOT_READ_REST.test(prose);
  return {
    names,
    variesBelow,
    leavesOut: (path) =>
      leftOut.some((end) => end.test(path.join('.'))) ||
      (leavesRest && !names(path.at(-1) as string) && !variesBelow(path.slice(0, -1))),
  };
}

function spansIn(text: string): readonly string[] {
  return [...text.matchAll(SPAN)].map(([, span]) => span as string);
}

/** Paths that end in a name or path as a page writes it: `a[].b`, `.b`, `a.*.b`; `$.a` is one of the whole file, `a_…` each that begins so. */
function endOfPath(written: string): RegExp {
  const isWhole = written.startsWith('$.');
  const segments = written
    .replaceAll('[]', '')
    .replace(/^(?:\$\.|[.…]+)/, '')
    .split('.');
  const parts = segments.map((each) =>
    /^(?:\*|<.+>)$/.test(each) ? '.+?' : escaped(each).replaceAll('…', '.*'),
  );
  return new RegExp(`${isWhole ? '^' : '(?:^|[.:])'}${parts.join('\\.')}$`, 'i');
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
