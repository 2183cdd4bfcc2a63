import { asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import { toolName } from '#domain/control/tool-check.ts';
import { type FindingObservation, type ObservedState, OPEN } from '#domain/finding/observation.ts';
import { advisoriesOf } from '#domain/package/advisories-of.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { type Severity, severityOfWord } from '#domain/severity/severity.ts';
import { type CodeResult, codeFinding, iacFinding, secretFinding } from '../reading/code-finding.ts';
import { cwesOf } from '../reading/cwe-numbers.ts';
import {
  alertText,
  dismissedAlert,
  isInPublicRepository,
  repositoryOfAlert,
} from '../reading/github-alert.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { lineNumber } from '../reading/line-number.ts';
import { type EntryReading, readLooseEntries } from '../reading/read-entries.ts';
import { advisoryAtStart, resultNature } from '../reading/result-nature.ts';
import { feedScan } from '../reading/scans.ts';

/** Alerts of GitHub's code scanning, of whatever tool they are. */
export const githubCodeScanning: ReportFormat = {
  id: 'github-code-scanning',
  title: 'GitHub code scanning alerts',
  command: "gh api --paginate '/repos/OWNER/NAME/code-scanning/alerts' > code-scanning.json",
  claims,
  read,
};

const TAGS_MAX = 64;

function claims(head: ReportHead): boolean {
  const alert = firstEntry(head, []);
  return asObject(alert?.rule) !== undefined && asObject(alert?.most_recent_instance) !== undefined;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('github-code-scanning');
  yield* readLooseEntries(input, [], 'an alert', mapAlert);
}

function mapAlert(alert: JsonObject): EntryReading {
  const rule = asObject(alert.rule) ?? {};
  const check = alertText(rule.id);
  if (check === undefined) return 'a text in rule.id was expected';
  const tool = toolName(alertText(at(alert, 'tool', 'name')) ?? '');
  if (tool === '') return 'a text in tool.name was expected';
  const instance = asObject(alert.most_recent_instance) ?? {};
  const message = alertText(at(instance, 'message', 'text'));
  const tags = asTexts(rule.tags).slice(0, TAGS_MAX);
  const traits = { name: alertText(rule.name), tags, cwes: cwesOf(tags) };
  const help = alertText(rule.help_uri);
  const page = alertText(alert.html_url);
  const shared = {
    tool,
    check,
    path: alertText(at(instance, 'location', 'path')) ?? '',
    line: lineNumber(at(instance, 'location', 'start_line')),
    severity: severityOf(rule),
    title: alertText(rule.description) ?? alertText(rule.name),
    description: message ?? alertText(rule.full_description),
    references: [page, help].filter((address) => address !== undefined),
    resource: repositoryOfAlert(alert),
    url: page,
    state: stateOf(alert),
    inPublicRepository: isInPublicRepository(alert),
  };
  switch (resultNature(tool, check, traits)) {
    case 'secret':
      // A message about a secret may quote it.
      return [secretFinding({ ...shared, description: undefined, value: undefined, secretState: 'unknown' })];
    case 'iac':
      return [iacFinding({ ...shared, address: undefined, message })];
    case 'library':
      return packageAlert(shared, 'library_vulnerability');
    case 'os-package':
      return packageAlert(shared, 'infrastructure_vulnerability');
    case 'license':
      return [];
    case 'code':
      return [codeFinding({ ...shared, cwes: traits.cwes, message, traits })];
  }
}

/** A scanner of packages that uploads its results names the package in its text alone: no place tells it. */
function packageAlert(
  result: CodeResult,
  type: 'library_vulnerability' | 'infrastructure_vulnerability',
): readonly FindingObservation[] {
  const finding = iacFinding({ ...result, address: undefined });
  return advisoriesOf([advisoryAtStart(result.check) ?? result.check]).map((subject) => ({
    ...finding,
    type,
    subject,
    place: { is: 'none' },
    findingClass: type === 'library_vulnerability' ? 'libraries' : 'os-packages',
  }));
}

const LEVELS: ReadonlyMap<string, Severity> = new Map([
  ['error', 'high'],
  ['warning', 'medium'],
  ['note', 'low'],
]);

function severityOf(rule: JsonObject): Severity | null {
  const security = severityOfWord(alertText(rule.security_severity_level));
  const level = asText(rule.severity) ?? '';
  return security ?? LEVELS.get(level) ?? severityOfWord(level);
}

function stateOf(alert: JsonObject): ObservedState {
  switch (alertText(alert.state)) {
    case 'fixed':
      return { is: 'ended', why: 'fixed', passed: false };
    case 'dismissed':
      return dismissedAlert(alert.dismissed_reason, alert.dismissed_comment);
    default:
      return OPEN;
  }
}
