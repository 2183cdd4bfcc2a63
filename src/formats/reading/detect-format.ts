import { InboxError } from '#base/inbox-error.ts';
import type { ReportFormat, ReportHead } from '#domain/ports/report-format.ts';

/**
 * The one format that says a report is its own; null when none does. Throws `report_empty` for a
 * report without content and `format_ambiguous` when several formats claim it: the right one is
 * then a person's choice, never a guess.
 */
export function detectFormat(head: ReportHead, formats: readonly ReportFormat[]): ReportFormat | null {
  if (head.shape === 'empty') {
    throw new InboxError(
      'report_empty',
      'The file is empty; a report was expected. Did the tool that writes it fail?',
    );
  }
  const claiming = formats.filter((format) => format.claims(head));
  const [first, second] = claiming;
  if (first === undefined) return null;
  if (second === undefined) return first;
  const ids = claiming.map((format) => format.id);
  throw new InboxError(
    'format_ambiguous',
    `The report looks like ${ids.join(' and ')}. Say which with --format.`,
    {
      details: { formats: ids },
    },
  );
}
