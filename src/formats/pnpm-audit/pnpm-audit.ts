import { asObject } from '#base/json-value.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { hasNpmAdvisories, isOfPnpm, mapNpmAdvisory } from '../reading/npm-advisory.ts';
import { readEntries } from '../reading/read-entries.ts';
import { packagesScan } from '../reading/scans.ts';

/** JSON reports of pnpm's audit. */
export const pnpmAudit: ReportFormat = {
  id: 'pnpm-audit',
  title: 'pnpm audit',
  command: 'pnpm audit --json > pnpm-audit.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  return (
    report !== undefined &&
    head.shape === 'json' &&
    report.auditReportVersion === undefined &&
    hasNpmAdvisories(report) &&
    isOfPnpm(report)
  );
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  yield packagesScan('pnpm-audit', context);
  yield* readEntries(
    input,
    { patterns: ['advisories.*'], skip: ['actions', 'metadata'] },
    'an advisory',
    (advisory) => mapNpmAdvisory(advisory, 'pnpm-audit'),
  );
}
