import { parseInstant } from '#base/instant.ts';
import { checkName } from '#domain/control/tool-check.ts';
import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { describeCloudObject } from '../reading/cloud-object.ts';
import { type CsvRow, csvTable, type KnownColumns, readTable } from '../reading/csv-table.ts';
import { PASSED, postureFinding } from '../reading/posture-finding.ts';
import type { EntryReading } from '../reading/read-entries.ts';

/** Recommendations of Microsoft Defender for Cloud, as its portal exports them. */
export const azureDefender: ReportFormat = {
  id: 'azure-defender',
  title: 'Microsoft Defender for Cloud (recommendations, CSV)',
  command: 'in Defender for Cloud: Recommendations, Download CSV report',
  claims,
  read,
};

const COLUMNS: KnownColumns = [
  ['subscriptionId', 'resourceId', 'recommendationName', 'recommendationDisplayName', 'severity', 'state'],
];

function claims(head: ReportHead): boolean {
  return csvTable(head, COLUMNS) !== null;
}

/** Each row says when it was exported, which is one time for all of them. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  let exportedAt: number | null = null;
  let isOpen = false;
  const rows = readTable(input, COLUMNS, 'a recommendation', (row) => {
    exportedAt ??= parseInstant(row.text('exportedTimestamp'));
    return mapRow(row);
  });
  for await (const row of rows) {
    if (!isOpen) yield scan(exportedAt);
    isOpen = true;
    yield row;
  }
  if (!isOpen) yield scan(null);
}

function scan(time: number | null): ReportItem {
  return {
    kind: 'scan',
    scan: { tool: 'azure-defender', time, scope: { is: 'posture' }, coverage: 'listed-if-passes' },
  };
}

const STATES: ReadonlyMap<string, ObservedState> = new Map([
  ['unhealthy', OPEN],
  ['healthy', PASSED],
]);

function mapRow(row: CsvRow): EntryReading {
  const check = row.text('recommendationName');
  if (check === undefined) return 'a recommendationName was expected';
  const id = row.text('resourceId');
  if (id === undefined) return 'a resourceId was expected';
  // What does not apply is no answer.
  const state = STATES.get(row.text('state')?.toLowerCase() ?? '');
  if (state === undefined) return [];
  const account = row.text('subscriptionId');
  const type = row.text('resourceType');
  return [
    postureFinding({
      tool: 'azure-defender',
      check,
      resource: describeCloudObject(id, type, row.text('resourceName'), 'azure', account, undefined),
      resourceKind: type,
      isIdentity: /manage access|mfa/i.test(row.text('controls') ?? ''),
      title: row.text('recommendationDisplayName'),
      severity: severityOfWord(row.text('severity')),
      description: row.text('description'),
      fix: row.text('remediationSteps'),
      references: [row.text('azurePortalRecommendationLink')],
      state,
      cover: `${checkName('azure-defender', check)}@${account ?? ''}`,
    }),
  ];
}
