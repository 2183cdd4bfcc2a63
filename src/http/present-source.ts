import { instantText } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { HeldClosing, LastScan, Source } from '#contract/source.ts';
import type { ScanView, ScopeView, SourceView } from '#domain/ports/source-store.ts';

export function presentSource({ id, name, isRetired, openFindings, scopes, lastScan }: SourceView): Source {
  return {
    id,
    name,
    format: lastScan?.format ?? null,
    scopes: scopes.filter((scope) => !scope.isRetired).map((scope) => scope.keys),
    openFindings,
    lastScan: lastScan === null ? null : presentScan(lastScan),
    held: lastScan === null ? [] : scopes.flatMap((scope) => presentHeld(scope, lastScan)),
    retired: isRetired,
  };
}

function presentScan({ id, files, reportAt, arrivedAt, isComplete }: ScanView): LastScan {
  return {
    id,
    file: files.join(', '),
    at: instantText(reportAt),
    importedAt: instantText(arrivedAt),
    complete: isComplete,
    // The store keeps what a scan moved, not yet what it read.
    records: 0,
    findings: 0,
    rejects: 0,
  };
}

function presentHeld({ keys, held, openSightings }: ScopeView, { id, files }: ScanView): HeldClosing[] {
  if (held === null) return [];
  const { count, since, why } = held;
  const report = files[0] === undefined ? 'REPORT' : shellWord(files[0]);
  return [
    {
      scanId: id,
      scope: keys,
      at: instantText(since),
      count,
      open: openSightings,
      sentence: why,
      remedy: `security-inbox import ${report} --confirm`,
    },
  ];
}

/** A name from outside, in a line that people paste into a shell. */
function shellWord(text: string): string {
  const line = oneLine(text).replace(/^-/, './-');
  return /^[\w@%+=:,./-]+$/.test(line) ? line : `'${line.replaceAll("'", `'\\''`)}'`;
}
