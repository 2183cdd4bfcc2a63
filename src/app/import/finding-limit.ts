import { InboxError } from '#base/inbox-error.ts';

const FINDINGS_MAX = 2_000_000;

export function canCountFinding({ findings }: { readonly findings: number }): boolean {
  return findings < FINDINGS_MAX;
}

/** Counts one more finding of a report. Throws `too_large` beyond two million (reliability §6.1); what came before is kept, and nothing is closed. */
export function countFinding(report: { findings: number }): void {
  if (!canCountFinding(report))
    throw new InboxError(
      'too_large',
      `The report holds more than ${FINDINGS_MAX} findings. Split it, most scanners can scan by project or by image.`,
    );
  report.findings++;
}
