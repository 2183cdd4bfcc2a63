import { InboxError } from '#base/inbox-error.ts';
import { parseInstant } from '#base/instant.ts';
import { textLines } from '#base/text-lines.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { type Commit, committersOf } from '#domain/resource/committers.ts';

/** The log of a repository with the files of each commit: who keeps changing them. */
export const gitLog: ReportFormat = {
  id: 'git-log',
  title: 'git log (who keeps changing which files)',
  command: 'git log --since=180.days --no-merges --date=iso-strict --name-only > git-log.txt',
  claims,
  read,
};

const LINE_MAX = 64 * 1024;
const COMMITS_MAX = 200_000;
const FILES_MAX = 2_000;
const COMMIT = /^commit ([0-9a-f]{7,64})(?: \(.*\))?$/;
const AUTHOR = /^Author:\s+(.*?)\s*<([^<>]*)>\s*$/;
const DATE = /^Date:\s+(.+)$/;

function claims(head: ReportHead): boolean {
  if (head.shape !== 'text') return false;
  const lines = head.text.split(/\r?\n/, 40);
  return (
    COMMIT.test(lines[0] ?? '') &&
    lines.some((line) => AUTHOR.test(line)) &&
    lines.some((line) => DATE.test(line))
  );
}

/** A commit while its lines are read. */
interface OpenCommit {
  readonly id: string;
  author: string | null;
  date: string | null;
  readonly files: string[];
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const scope = { is: 'catalogue', unit: 'git log' } as const;
  yield { kind: 'scan', scan: { tool: 'git-log', time: null, scope, coverage: 'listed' } };
  const commits: Commit[] = [];
  let open: OpenCommit | null = null;
  const tooLong = () => new InboxError('report_broken', 'A line of the log is too long.');
  for await (const { text } of textLines(input.open(), LINE_MAX, tooLong)) {
    const id = COMMIT.exec(text)?.[1];
    if (id !== undefined) {
      if (open !== null) yield close(open, commits);
      open = { id, author: null, date: null, files: [] };
    } else if (open !== null) readLine(text, open);
  }
  if (open !== null) yield close(open, commits);
  yield {
    kind: 'beside',
    observations: [{ kind: 'code-owners', file: committersOf(commits, 'git log') }],
  };
}

/** Messages are indented; what begins a line and is no header is a file. */
function readLine(text: string, commit: OpenCommit): void {
  const author = AUTHOR.exec(text);
  const date = DATE.exec(text)?.[1];
  if (author !== null) commit.author = (author[2] ?? '').trim() || (author[1] ?? '');
  else if (date !== undefined) commit.date = date;
  else if (
    /^\S/.test(text) &&
    !/^(?:Merge|AuthorDate|Commit|CommitDate):/.test(text) &&
    commit.files.length < FILES_MAX
  )
    commit.files.push(unquoted(text));
}

/** Git quotes names with other characters than plain ones. */
function unquoted(name: string): string {
  return /^".*"$/.test(name) ? name.slice(1, -1).replace(/\\(["\\])/g, '$1') : name;
}

function close({ id, author, date, files }: OpenCommit, commits: Commit[]): ReportItem {
  const at = `commit ${id.slice(0, 12)}`;
  const instant = parseInstant(date);
  if (author === null || author === '' || instant === null)
    return {
      kind: 'reject',
      at,
      code: 'missing_field',
      message:
        'A commit was expected with "Author:" and a "Date:" as --date=iso-strict writes it, found none.',
    };
  if (commits.length < COMMITS_MAX) commits.push({ at: instant, author, files });
  return { kind: 'record', at, observations: [] };
}
