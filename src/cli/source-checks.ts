import { instantText } from '#base/instant.ts';
import type { SourceView } from '#domain/ports/source-store.ts';
import type { Watch } from '#domain/ports/watch-store.ts';
import type { DiagnosisCheck } from './parts.ts';

/** The sources that fell silent; one line where none did. */
export function sourceChecks(sources: readonly SourceView[]): readonly DiagnosisCheck[] {
  const overdue = sources.filter((source) => source.isOverdue);
  if (overdue.length === 0)
    return [{ title: 'sources', state: 'ok', sentence: 'No source is overdue.', remedy: null }];
  return overdue.map(({ id, name, rhythm, lastReportAt }) => ({
    title: `source ${name}`,
    state: 'warning',
    sentence: `Overdue: silent since ${instantText(lastReportAt ?? 0).slice(0, 10)}, and a report is expected within ${rhythm.days} days.`,
    remedy: `Import its newest report, or: security-inbox sources rhythm ${id} DAYS, or: security-inbox sources retire ${id}`,
  }));
}

/** The watched places that could not be read at the last look, or in which something could not. */
export function watchChecks(watches: readonly Watch[]): readonly DiagnosisCheck[] {
  return watches.flatMap(({ id, location, last }) =>
    last?.state === 'failed' || last?.state === 'unread'
      ? [
          {
            title: `watched ${location}`,
            state: 'warning' as const,
            sentence: `${last.state === 'failed' ? 'Failed' : 'Not all read'} at ${instantText(last.at).slice(0, 16)}: ${last.sentence}`,
            remedy: `security-inbox sources unwatch ${id}, and watch ${last.state === 'failed' ? 'the right place' : 'the place with the right --format or --mapping, where those are its reports'}`,
          },
        ]
      : [],
  );
}
