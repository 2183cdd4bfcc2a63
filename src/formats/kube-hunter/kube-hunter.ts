import { asArray, asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { postureFinding } from '../reading/posture-finding.ts';
import { type EntryReading, readEntries } from '../reading/read-entries.ts';

/** Reports of kube-hunter: what an attacker found by looking at a cluster from outside or from a pod. */
export const kubeHunter: ReportFormat = {
  id: 'kube-hunter',
  title: 'kube-hunter (JSON)',
  command: 'kube-hunter --remote NODE --report json > kube-hunter.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  const [first] = asObjects(asArray(report?.vulnerabilities).slice(0, 1));
  return (
    report !== undefined &&
    Array.isArray(report.nodes) &&
    Array.isArray(report.services) &&
    (first === undefined || 'vid' in first || asText(first.hunter) !== undefined)
  );
}

/** It tells what it found and not what it looked for, so it closes nothing. */
async function* read(input: ReportInput, { cluster }: ReadContext): AsyncGenerator<ReportItem> {
  yield {
    kind: 'scan',
    scan: { tool: 'kube-hunter', time: null, scope: { is: 'cluster', cluster }, coverage: 'none' },
  };
  yield* readEntries(input, { patterns: ['vulnerabilities.*'] }, 'a vulnerability', (entry) =>
    mapEntry(entry, cluster),
  );
}

function mapEntry(entry: JsonObject, cluster: string | null): EntryReading {
  const name = asText(entry.vulnerability);
  const id = asText(entry.vid);
  const check = id === undefined || id === 'None' ? name : id;
  if (check === undefined) return 'a text in vid or in vulnerability was expected';
  const location = asText(entry.location);
  const reference = asText(entry.avd_reference);
  return [
    {
      ...postureFinding({
        tool: 'kube-hunter',
        check,
        resource: { kind: 'cluster', cluster },
        title: name,
        severity: severityOfWord(asText(entry.severity)),
        description: asText(entry.description)?.replace(/\s*\n\s*/g, ' '),
        references: reference?.endsWith('/none/') === true ? [] : [reference],
      }),
      // The name of the pod that it ran in is new each time.
      ...(location !== undefined &&
        !location.startsWith('Local to Pod') && { locations: [{ url: location.slice(0, 500) }] }),
    },
  ];
}
