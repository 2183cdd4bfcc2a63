import { instantText, instantTextOrNull } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { ScanView, ScopeView, SourceView } from '#domain/ports/source-store.ts';
import type { HeldClosing, LastScan, Source } from '../source.ts';

/** A source as the wire has it; scopes that were retired cover nothing and hold nothing any more. */
export function presentSource({
  id,
  name,
  isDerived,
  isRetired,
  openFindings,
  lastReportAt,
  rhythm,
  isOverdue,
  scopes,
  lastScan,
}: SourceView): Source {
  const covered = scopes.filter((scope) => !scope.isRetired);
  return {
    id,
    name,
    format: lastScan?.format ?? null,
    derived: isDerived,
    scopes: covered.map((scope) => ({ ...scope.keys })),
    openFindings,
    lastReportAt: instantTextOrNull(lastReportAt),
    rhythm: { ...rhythm },
    overdue: isOverdue,
    lastScan: lastScan === null ? null : presentScan(lastScan),
    notLookedAt: covered.flatMap(({ keys, notLookedAt }) =>
      notLookedAt === null
        ? []
        : [{ scope: { ...keys }, open: notLookedAt.open, since: instantText(notLookedAt.since) }],
    ),
    held: covered.flatMap(presentHeld),
    retired: isRetired,
  };
}

function presentScan({
  id,
  files,
  reportAt,
  arrivedAt,
  isComplete,
  records,
  findings,
  rejects,
}: ScanView): LastScan {
  return {
    id,
    file: files.join(', '),
    at: instantText(reportAt),
    importedAt: instantText(arrivedAt),
    complete: isComplete,
    records,
    findings,
    rejects,
  };
}

function presentHeld({ keys, held }: ScopeView): HeldClosing[] {
  return held.map(({ count, open, since, why, scanId, files, flags }) => ({
    scanId,
    scope: { ...keys },
    at: instantText(since),
    count,
    open,
    sentence: why,
    // All files of the scan: what only one of them shows would close with the others confirmed alone. And all that
    // was said of them: without it they would be of another scope.
    remedy: ['security-inbox import', ...files.map(shellFile), ...flags.map(shellWord), '--confirm'].join(
      ' ',
    ),
  }));
}

/** The name of a file, which is no flag. */
function shellFile(name: string): string {
  return shellWord(oneLine(name).replace(/^-/, './-'));
}

/** A word from outside, in a line that people paste into a shell. */
function shellWord(text: string): string {
  const line = oneLine(text);
  return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`;
}
