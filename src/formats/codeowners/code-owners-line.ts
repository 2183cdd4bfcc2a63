/** A line of a CODEOWNERS file as its words tell it. */
export type CodeOwnersLine =
  | { readonly is: 'nothing' }
  | { readonly is: 'section'; readonly name: string; readonly owners: readonly string[] }
  | {
      readonly is: 'rule';
      readonly pattern: string;
      readonly isExclusion: boolean;
      readonly owners: readonly string[];
      /** Words after the pattern that name nobody. */
      readonly strange: readonly string[];
    };

const LINE_MAX = 2_000;
const HANDLE = /^@@?[\p{L}\p{N}_][\p{L}\p{N}_./-]*$/u;
const MAIL = /^[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+$/;
/** `[Documentation]`, `^[Documentation]` (optional), `[Documentation][2]` (two approvals), owners of the section behind it. */
const SECTION = /^\^?\[([^\]]+)\](?:\[\d+\])?((?:\s+\S+)*)\s*$/;

/** Reads one line; `hasSections`: a line in brackets opens a section, as GitLab has it. */
export function codeOwnersLine(text: string, hasSections: boolean): CodeOwnersLine {
  const line = text.slice(0, LINE_MAX).trim();
  if (line === '' || line.startsWith('#')) return { is: 'nothing' };
  const section = hasSections ? SECTION.exec(line) : null;
  if (section !== null && !(section[1] ?? '').includes('/'))
    return {
      is: 'section',
      name: (section[1] ?? '').trim().toLowerCase(),
      owners: peopleIn(wordsOf(section[2] ?? '')),
    };
  const [first = '', ...rest] = wordsOf(line);
  const isExclusion = first.startsWith('!');
  return {
    is: 'rule',
    pattern: isExclusion ? first.slice(1) : first,
    isExclusion,
    owners: peopleIn(rest),
    strange: rest.filter((word) => !HANDLE.test(word) && !MAIL.test(word)),
  };
}

/** Whether a file has a line that only GitLab understands. */
export function isSection(text: string): boolean {
  return SECTION.test(text.trim()) && !/^\[[^\]]*\/[^\]]*\]/.test(text.trim());
}

/** Words are kept apart by spaces without a backslash; a `#` that begins one begins a comment. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:\\.|[^\s\\]|\\$)+/g) ?? [];
  const comment = words.findIndex((word, index) => index > 0 && word.startsWith('#'));
  return comment < 0 ? words : words.slice(0, comment);
}

/** `@@developer` of GitLab is a role of the project and nobody. */
function peopleIn(words: readonly string[]): readonly string[] {
  return [
    ...new Set(words.filter((word) => (HANDLE.test(word) && !word.startsWith('@@')) || MAIL.test(word))),
  ];
}
