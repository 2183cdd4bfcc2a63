import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import type { CsvRow, KnownColumns } from '../reading/csv-table.ts';
import { postureFinding } from '../reading/posture-finding.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { describeResource, idIn, jsonCell, toldOf } from './wiz-resource.ts';

export const ISSUE_COLUMNS: KnownColumns = [
  ['Title', 'Severity', 'Status', 'Control ID', 'Resource external ID', 'Issue ID'],
];

const IDENTITIES = new Set([
  'User',
  'Role',
  'Group',
  'Service Account',
  'Access Key',
  'Policy',
  'Role Binding',
]);

/** An issue: a control of Wiz on one resource. */
export function mapIssue(row: CsvRow): EntryReading {
  const title = row.text('Title');
  const check = row.text('Control ID') ?? title;
  if (check === undefined) return 'a Control ID or a Title was expected';
  const type = row.text('Resource Type');
  const own = row.text('Resource external ID');
  const resource = describeResource({
    ids: [own, idIn(jsonCell(row.text('Resource original JSON'))), row.text('Resource vertex ID')],
    type,
    name: row.text('Resource Name'),
    account: row.text('Subscription ID'),
    region: row.text('Resource Region'),
  });
  if (resource === null) return 'a Resource external ID was expected';
  return [
    postureFinding({
      tool: 'wiz',
      check,
      resource,
      resourceKind: type,
      isIdentity: IDENTITIES.has(type ?? ''),
      title,
      severity: severityOfWord(row.text('Severity')),
      description: row.text('Description'),
      fix: row.text('Remediation Recommendation'),
      references: [row.text('Wiz URL')],
      state: stateOf(row),
    }),
    ...toldOf(resource, jsonCell(row.text('Resource Tags'))),
  ];
}

function stateOf(row: CsvRow): ObservedState {
  const status = row.text('Status')?.toUpperCase();
  const why = row.text('Resolution');
  if (status === 'RESOLVED')
    return {
      is: 'ended',
      why: `Wiz resolved the issue${why === undefined ? '' : `: ${why}`}.`,
      passed: false,
    };
  return status === 'REJECTED'
    ? { is: 'suppressed', reason: row.text('Note') ?? why ?? 'rejected in Wiz' }
    : OPEN;
}
