import { asArray, asObject, at } from '#base/json-value.ts';
import type { ReportFormat, ReportHead } from '#domain/ports/report-format.ts';
import { readGrype } from './read-grype.ts';

/** JSON reports of Grype: images, folders, SBOMs and package URLs. */
export const grype: ReportFormat = {
  id: 'grype',
  title: 'Grype',
  command: 'grype --output json --file grype.json IMAGE',
  claims,
  read: readGrype,
};

/** Its name stands at the end of the report, which the head may not reach; then its first match speaks for it. */
function claims(head: ReportHead): boolean {
  if (head.shape !== 'json') return false;
  const report = asObject(head.json);
  if (report === undefined || !('matches' in report)) return false;
  if (at(report, 'descriptor', 'name') === 'grype') return true;
  const match = asObject(asArray(report['matches'])[0]);
  return asObject(match?.['vulnerability']) !== undefined && asObject(match?.['artifact']) !== undefined;
}
