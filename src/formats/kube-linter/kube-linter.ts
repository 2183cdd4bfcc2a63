import { parseInstant } from '#base/instant.ts';
import { asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { iacFinding } from '../reading/code-finding.ts';
import { type EntryReading, readEntries } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { codeScan } from '../reading/scans.ts';
import { sourceFiles } from '../reading/source-file.ts';

/** JSON reports of KubeLinter: what manifests of Kubernetes ask for. */
export const kubeLinter: ReportFormat = {
  id: 'kube-linter',
  title: 'KubeLinter (JSON)',
  command: 'kube-linter lint --format json . > kube-linter.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  return (
    report !== undefined &&
    (Array.isArray(report.Checks) || Array.isArray(report.Reports)) &&
    ('Summary' in report || 'Checks' in report) &&
    ('Reports' in report || 'Checks' in report) &&
    report.Controls === undefined
  );
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, ['Reports'], ['Checks']);
  const summary = asObject(root.Summary);
  yield codeScan('kube-linter', {
    toolVersion: asText(summary?.KubeLinterVersion),
    time: parseInstant(summary?.CheckEndTime),
  });
  const pathOf = sourceFiles(context);
  yield* readEntries(input, { patterns: ['Reports.*'], skip: ['Checks'] }, 'a report', (report) =>
    mapReport(report, pathOf),
  );
}

/** Checks of availability and good order, none of security. */
const OTHER =
  /^(?:dangling-|(?:hpa-)?minimum-|no-(?:liveness|readiness|rolling|anti|node|extensions)|(?:liveness|readiness|startup)-port|unset-(?:cpu|memory)|required-|mismatching-|non-existent-|invalid-target-|job-ttl|pdb-|priority-class|restart-policy|schema-validation|duplicate-|use-namespace|dnsconfig|sorted-|deprecated-)/;

function mapReport(report: JsonObject, pathOf: (path: string | undefined) => string): EntryReading {
  const check = asText(report.Check);
  if (check === undefined) return 'a text in Check was expected';
  const object = asObject(at(report, 'Object', 'K8sObject'));
  const kind = asText(at(object, 'GroupVersionKind', 'Kind'));
  const name = asText(object?.Name);
  if (kind === undefined || name === undefined) return 'a kind and a name in Object.K8sObject were expected';
  const message = asText(at(report, 'Diagnostic', 'Message'));
  return [
    iacFinding({
      tool: 'kube-linter',
      check,
      path: pathOf(asText(at(report, 'Object', 'Metadata', 'FilePath'))),
      line: undefined,
      severity: null,
      title: message ?? check,
      description: message,
      fix: asText(report.Remediation),
      address: [kind, asText(object?.Namespace), name].filter((part) => part !== undefined).join('/'),
      resourceKind: kind,
      about: OTHER.test(check) ? 'other' : 'security',
    }),
  ];
}
