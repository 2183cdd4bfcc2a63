import { asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { secretFinding } from '../reading/code-finding.ts';
import {
  alertText,
  dismissedAlert,
  isInPublicRepository,
  repositoryOfAlert,
} from '../reading/github-alert.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { lineNumber } from '../reading/line-number.ts';
import { type EntryReading, readLooseEntries } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';

/** Alerts of GitHub's secret scanning. */
export const githubSecretScanning: ReportFormat = {
  id: 'github-secret-scanning',
  title: 'GitHub secret scanning alerts',
  command: "gh api --paginate '/repos/OWNER/NAME/secret-scanning/alerts' > secret-scanning.json",
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const alert = firstEntry(head, []);
  return asText(alert?.secret_type) !== undefined && asText(alert?.state) !== undefined;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('github-secret-scanning');
  yield* readLooseEntries(input, [], 'an alert', mapAlert);
}

const VALIDITIES: ReadonlyMap<unknown, 'active' | 'inactive'> = new Map([
  ['active', 'active'],
  ['inactive', 'inactive'],
]);

function mapAlert(alert: JsonObject): EntryReading {
  const check = alertText(alert.secret_type);
  if (check === undefined) return 'a text in secret_type was expected';
  const location = asObject(alert.first_location_detected);
  const secret = alertText(alert.secret);
  const page = alertText(alert.html_url);
  return [
    secretFinding({
      tool: 'github-secret-scanning',
      check,
      path: alertText(location?.path) ?? '',
      line: lineNumber(location?.start_line),
      value:
        secret !== undefined && alert.is_base64_encoded === true
          ? Buffer.from(secret, 'base64').toString('utf8')
          : secret,
      secretState: VALIDITIES.get(alert.validity) ?? 'unknown',
      isLeaked: alert.publicly_leaked === true || isInPublicRepository(alert) === true,
      severity: null,
      title: alertText(alert.secret_type_display_name) ?? check,
      resource: repositoryOfAlert(alert),
      url: page,
      state: stateOf(alert),
    }),
  ];
}

/** A secret that was revoked is none any more; any other resolution is a person's word about one that still works. */
function stateOf(alert: JsonObject): ObservedState {
  if (alertText(alert.state) !== 'resolved') return OPEN;
  const resolution = alertText(alert.resolution);
  if (resolution === 'revoked') return { is: 'ended', why: 'revoked', passed: false };
  return dismissedAlert(resolution, at(alert, 'resolution_comment'));
}
