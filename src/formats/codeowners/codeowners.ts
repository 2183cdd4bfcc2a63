import { InboxError } from '#base/inbox-error.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { CodeOwnersDialect, CodeOwnersRule } from '#domain/resource/code-owners.ts';
import { codeOwnersLine, isSection } from './code-owners-line.ts';

/** CODEOWNERS files of GitHub and GitLab: whose the files of a repository are. */
export const codeowners: ReportFormat = {
  id: 'codeowners',
  title: 'CODEOWNERS of GitHub and GitLab',
  command: 'git show HEAD:.github/CODEOWNERS > CODEOWNERS',
  claims,
  read,
};

/** GitHub loads none that is larger. */
const BYTES_MAX = 3 * 1024 * 1024;
const OWNERS_MAX = 50;
/** Shorter heads are whole files. */
const WHOLE_MAX = 60_000;

/** By its name; under another name where every line begins with a pattern, and most of them go on with owners. */
function claims({ name, shape, text }: ReportHead): boolean {
  if (/(?:^|[/\\!])CODEOWNERS$/i.test(name)) return shape !== 'xml';
  if (shape !== 'text') return false;
  // The last line of a long head may be cut off.
  const all = text.split(/\r?\n/).slice(0, text.length < WHOLE_MAX ? undefined : -1);
  const hasSections = all.some(isSection);
  const lines = all.map((line) => codeOwnersLine(line, hasSections));
  const rules = lines.flatMap((line) => (line.is === 'rule' ? [line] : []));
  const owned = rules.filter((rule) => rule.owners.length > 0);
  const strange = rules.filter((rule) => rule.strange.length > 0);
  return (
    rules.length > 0 &&
    owned.length * 2 >= rules.length &&
    strange.length * 5 <= rules.length &&
    rules.every(({ pattern }) => PATTERN.test(pattern))
  );
}

/** What no other kind of text begins its lines with. */
const PATTERN = /^(?:\\.|[^\s\\@:=<>"'(){};,])+$/;

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const lines = (await textOf(input)).split(/\r?\n/);
  const location = locationOf(input.name);
  const dialect = dialectOf(context.repository ?? null, location, lines);
  const scope = { is: 'catalogue', unit: location } as const;
  yield { kind: 'scan', scan: { tool: 'codeowners', time: null, scope, coverage: 'listed' } };
  const rules: CodeOwnersRule[] = [];
  let section: { readonly name: string; readonly owners: readonly string[] } | null = null;
  for (const [index, text] of lines.entries()) {
    const at = `line ${index + 1}`;
    const line = codeOwnersLine(text, dialect === 'gitlab');
    if (line.is === 'nothing') continue;
    if (line.is === 'section') {
      section = line;
      yield { kind: 'record', at, observations: [] };
      continue;
    }
    const fault = dialect === 'github' ? githubFault(line) : null;
    if (fault !== null) {
      yield { kind: 'reject', at, code: 'unknown_value', message: fault };
      continue;
    }
    const { pattern, isExclusion } = line;
    const owners = line.owners.length > 0 || isExclusion ? line.owners : (section?.owners ?? []);
    rules.push({
      pattern,
      owners: owners.slice(0, OWNERS_MAX),
      section: section?.name ?? null,
      isExclusion,
      line: index + 1,
    });
    yield { kind: 'record', at, observations: [] };
  }
  yield {
    kind: 'beside',
    observations: [{ kind: 'code-owners', file: { dialect, location, rules } }],
  };
}

/** What GitHub says that it does not understand; it passes over such a line. */
function githubFault(line: {
  readonly pattern: string;
  readonly isExclusion: boolean;
  readonly strange: readonly string[];
}): string | null {
  if (line.isExclusion) return 'A pattern was expected; GitHub knows none that begins with "!".';
  if (/[[\]]/.test(line.pattern)) return 'A pattern was expected; GitHub knows none with "[" and "]".';
  if (line.pattern.startsWith('\\#'))
    return 'A pattern was expected; GitHub knows none that begins with "#".';
  if (line.strange.length > 0)
    return 'Owners were expected behind the pattern: @name, @organisation/team or a mail address.';
  return null;
}

const FOLDERS = new Set(['.github', '.gitlab', 'docs']);

/** Where in its repository the file lies, as far as hosts look for it. */
function locationOf(name: string): string {
  const folder =
    name
      .split(/[/\\!]/)
      .at(-2)
      ?.toLowerCase() ?? '';
  return FOLDERS.has(folder) ? `${folder}/CODEOWNERS` : 'CODEOWNERS';
}

/** By the repository's host, else by the folder, else by what only GitLab understands. */
function dialectOf(repository: string | null, location: string, lines: readonly string[]): CodeOwnersDialect {
  const host =
    repository
      ?.replace(/^[a-z+]*:\/\//i, '')
      .split(/[/:]/)[0]
      ?.toLowerCase() ?? '';
  if (host.includes('gitlab')) return 'gitlab';
  if (host.includes('github')) return 'github';
  if (location.startsWith('.gitlab')) return 'gitlab';
  if (location.startsWith('.github')) return 'github';
  return lines.some(isSection) ? 'gitlab' : 'github';
}

async function textOf(input: ReportInput): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input.open()) {
    length += chunk.length;
    if (length > BYTES_MAX)
      throw new InboxError(
        'too_large',
        `A CODEOWNERS file of more than ${BYTES_MAX / 1024 / 1024} MB is not read. Split it by folder.`,
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
