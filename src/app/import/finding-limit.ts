import { InboxError } from '#base/inbox-error.ts';
import type { InputLimits } from '#domain/ports/input-limits.ts';

export function canCountFinding({ findings }: { readonly findings: number }, limits: InputLimits): boolean {
  return findings < limits['findings-of-a-report'];
}

/** Counts one more finding of a report. Throws `too_large` beyond the bound (reliability §6.1); what came before is kept, and nothing is closed. */
export function countFinding(report: { findings: number }, limits: InputLimits): void {
  if (!canCountFinding(report, limits))
    throw new InboxError(
      'too_large',
      `The report holds more than ${limits['findings-of-a-report']} findings. Split it, most scanners can scan by project or by image, or raise findings-of-a-report of SECURITY_INBOX_LIMITS.`,
    );
  report.findings++;
}
