import { asArray, asNumber, asObject, asText } from '#base/json-value.ts';
import type { ReportFormat, ReportHead } from '#domain/ports/report-format.ts';
import { readTrivy } from './read-trivy.ts';

/** JSON reports of Trivy: images, file systems, repositories, configuration, SBOMs and clusters. */
export const trivy: ReportFormat = {
  id: 'trivy',
  title: 'Trivy',
  command: 'trivy image --format json --output trivy.json IMAGE',
  claims,
  read: readTrivy,
};

const ARTIFACT_TYPES: ReadonlySet<string> = new Set([
  'container_image',
  'filesystem',
  'repository',
  'cyclonedx',
  'spdx',
  'vm',
  'vex',
]);

function claims(head: ReportHead): boolean {
  if (head.shape !== 'json') return false;
  // Trivy before version 0.20 wrote `null` when it found nothing.
  if (head.json === null) return true;
  if (Array.isArray(head.json)) return isResult(head.json[0]);
  const report = asObject(head.json);
  if (report === undefined) return false;
  const artifactType = asText(report['ArtifactType']);
  if (artifactType !== undefined) return ARTIFACT_TYPES.has(artifactType);
  if (asNumber(report['SchemaVersion']) !== undefined && isResult(asArray(report['Results'])[0])) return true;
  return isClusterReport(report);
}

function isResult(value: unknown): boolean {
  const result = asObject(value);
  return (
    asText(result?.['Target']) !== undefined &&
    (asText(result?.['Type']) ?? asText(result?.['Class'])) !== undefined
  );
}

function isClusterReport(report: Readonly<Record<string, unknown>>): boolean {
  const lists = ['Resources', 'Findings', 'Vulnerabilities', 'Misconfigurations'].filter((key) =>
    Array.isArray(report[key]),
  );
  if (lists.length === 0) return false;
  if (asText(report['ClusterName']) !== undefined) return true;
  const first = asObject(asArray(report[lists[0] as string])[0]);
  return (
    asText(first?.['Kind']) !== undefined &&
    asText(first?.['Name']) !== undefined &&
    Array.isArray(first?.['Results'])
  );
}
