import type { DeclaredOwner } from './owner.ts';
import { matchesPath, type PathGlob, pathGlob } from './path-glob.ts';

/** Whose rules a CODEOWNERS file follows: they differ in what a pattern means. */
export type CodeOwnersDialect = 'github' | 'gitlab';

/** One line of a CODEOWNERS file. */
export interface CodeOwnersRule {
  /** As it stands there, escapes included. */
  readonly pattern: string;
  /** Handles and mail addresses, in their order; none: nobody owns what it is about. */
  readonly owners: readonly string[];
  /** Of GitLab, in lower case; null outside of every section. */
  readonly section: string | null;
  /** `!pattern` of GitLab: what it is about has no owner in its section, whatever comes later. */
  readonly isExclusion: boolean;
  readonly line: number;
}

/** A CODEOWNERS file. */
export interface CodeOwnersFile {
  readonly dialect: CodeOwnersDialect;
  /** Where in its repository it lies: `.github/CODEOWNERS`. */
  readonly location: string;
  readonly rules: readonly CodeOwnersRule[];
}

/** Where the owners of code stand; weaker than what a tag or a catalogue says of the repository itself (attack-paths §7.3). */
const CONFIDENCE = 0.7;

interface CompiledRule extends CodeOwnersRule {
  readonly globs: readonly PathGlob[];
}

/**
 * Whose the files of one repository are: of each section the last line whose pattern is about the file. Patterns
 * mean what they mean to GitHub or GitLab.
 */
export class CodeOwners {
  readonly #file: CodeOwnersFile;
  readonly #sections: ReadonlyMap<string | null, readonly CompiledRule[]>;

  constructor(file: CodeOwnersFile) {
    this.#file = file;
    const compiled = file.rules.map((rule) => ({ ...rule, globs: globsOf(rule.pattern, file.dialect) }));
    this.#sections = Map.groupBy(compiled, (rule) => rule.section);
  }

  /** Empty where no line is about the path, and where the one that counts names nobody. */
  ownersOf(path: string): readonly DeclaredOwner[] {
    const segments = path.split('/').filter((each) => each !== '' && each !== '.');
    if (segments.length === 0) return [];
    const about = (rule: CompiledRule) => rule.globs.some((glob) => matchesPath(glob, segments));
    return [...this.#sections.values()].flatMap((rules) => {
      if (rules.some((rule) => rule.isExclusion && about(rule))) return [];
      const rule = rules.findLast((each) => !each.isExclusion && about(each));
      return (rule?.owners ?? []).map((name) => ({
        name,
        confidence: CONFIDENCE,
        reason: `${this.#file.location} line ${rule?.line}: ${rule?.pattern}`,
        source: 'code-owners' as const,
      }));
    });
  }
}

/** A name that no line is about but those for everything. */
const ANY_FILE = '\u0000';

/** Whose a repository is as a whole: the owners of what no line is about but the one for everything. */
export function ownersOfWhole(owners: CodeOwners): readonly DeclaredOwner[] {
  return owners.ownersOf(ANY_FILE);
}

/** The places where it is looked for, the first that is there counts. */
const LOCATIONS: Readonly<Record<CodeOwnersDialect, readonly string[]>> = {
  github: ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'],
  gitlab: ['CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'],
};

/** Of several files of one repository the one that its host follows; the first given of those in one place. */
export function followedFile(files: readonly CodeOwnersFile[]): CodeOwnersFile | undefined {
  const place = ({ dialect, location }: CodeOwnersFile) => {
    const index = LOCATIONS[dialect].indexOf(location);
    return index < 0 ? LOCATIONS[dialect].length : index;
  };
  return files.toSorted((a, b) => place(a) - place(b))[0];
}

function globsOf(pattern: string, dialect: CodeOwnersDialect): readonly PathGlob[] {
  const segments = pattern.split('/').filter((each) => each !== '');
  const globs = dialect === 'github' ? githubGlobs(pattern, segments) : [gitlabGlob(pattern, segments)];
  return globs.map((glob) => pathGlob(glob, dialect === 'gitlab'));
}

/** Any one segment, after any number of others: what lies below a folder, however deep. */
const BELOW = ['**', '*'];

/**
 * As in a `.gitignore`: without a slash in front or within, anywhere; a folder stands for all below it. But a last
 * segment `*` means the files of that folder and nothing deeper.
 */
function githubGlobs(pattern: string, segments: readonly string[]): readonly (readonly string[])[] {
  const isAnchored = pattern.slice(0, -1).includes('/');
  const glob = isAnchored ? segments : ['**', ...segments];
  if (pattern.endsWith('/')) return [[...glob, ...BELOW]];
  const last = segments.at(-1);
  if (last === '**') return [[...glob, '*']];
  return last === '*' ? [glob] : [glob, [...glob, ...BELOW]];
}

/** Without a slash in front, anywhere; a folder is meant only with a slash behind it; a last `**` is a `*`. */
function gitlabGlob(pattern: string, segments: readonly string[]): readonly string[] {
  const glob = pattern.startsWith('/') ? segments : ['**', ...segments];
  if (pattern.endsWith('/')) return [...glob, ...BELOW];
  return segments.at(-1) === '**' ? [...glob.slice(0, -1), '*'] : glob;
}
