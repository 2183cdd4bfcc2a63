import { asNumber, asText, at, type JsonObject } from '#base/json-value.ts';
import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfScore } from '#domain/severity/severity.ts';
import { csvTable, type KnownColumns, mayBeTable, readTable } from '../reading/csv-table.ts';
import { readHead } from '../reading/describe-head.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { postureFinding } from '../reading/posture-finding.ts';
import { type EntryReading, readLooseEntries } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';

/** Alerts of Orca, in JSON and as a table. */
export const orca: ReportFormat = {
  id: 'orca',
  title: 'Orca (alerts, JSON and CSV)',
  command: 'in Orca: Alerts, Export, JSON (or CSV)',
  claims,
  read,
};

const COLUMNS: KnownColumns = [['OrcaScore', 'Title', 'Category', 'Status']];
const NOUN = 'an alert';

function claims(head: ReportHead): boolean {
  const alert = firstEntry(head, []);
  if (alert === undefined) return csvTable(head, COLUMNS) !== null;
  return asNumber(alert.OrcaScore) !== undefined && asText(alert.Title) !== undefined;
}

/** What was chosen for the export, so only what carries its own end closes. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('orca');
  if (!mayBeTable(await readHead(input))) {
    yield* readLooseEntries(input, [], NOUN, (alert) => mapAlert(alertOf(alert)));
    return;
  }
  yield* readTable(input, COLUMNS, NOUN, (row) =>
    mapAlert({
      title: row.text('Title'),
      category: row.text('Category'),
      score: asNumber(row.text('OrcaScore')),
      status: row.text('Status'),
      resource: row.text('Inventory.Name', 'Inventory', 'Source'),
      account: row.text('CloudAccount.Name', 'CloudAccount'),
      description: row.text('Description', 'Details'),
      fix: row.text('Recommendation'),
    }),
  );
}

interface Alert {
  readonly title: string | undefined;
  readonly category: string | undefined;
  readonly score: number | undefined;
  readonly status: string | undefined;
  readonly resource: string | undefined;
  readonly account: string | undefined;
  readonly description: string | undefined;
  readonly fix: string | undefined;
}

function alertOf(alert: JsonObject): Alert {
  return {
    title: asText(alert.Title),
    category: asText(alert.Category),
    score: asNumber(alert.OrcaScore),
    status: asText(alert.Status),
    resource: asText(at(alert, 'Inventory', 'Name')) ?? asText(alert.Source),
    account: asText(at(alert, 'CloudAccount', 'Name')),
    description: asText(alert.Description) ?? asText(alert.Details),
    fix: asText(alert.Recommendation),
  };
}

function mapAlert({ title, resource, score, ...alert }: Alert): EntryReading {
  if (title === undefined) return 'a Title was expected';
  if (resource === undefined) return 'a name in Inventory or a Source was expected';
  return [
    postureFinding({
      tool: 'orca',
      check: title,
      // A name and no id: it belongs to its account, and to its source.
      resource: { kind: 'cloud', provider: 'other', id: resource, name: resource, account: alert.account },
      isIdentity: /\bIAM\b/.test(alert.category ?? ''),
      title,
      severity: score === undefined || score < 0 || score > 10 ? null : severityOfScore(score),
      description: alert.description,
      fix: alert.fix,
      state: stateOf(alert.status),
    }),
  ];
}

function stateOf(status: string | undefined): ObservedState {
  const word = status?.toLowerCase();
  if (word === 'closed') return { is: 'ended', why: 'Orca closed the alert.', passed: false };
  return word === 'dismissed' || word === 'snoozed' ? { is: 'suppressed', reason: `${word} in Orca` } : OPEN;
}
