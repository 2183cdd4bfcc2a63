import { asArray, asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from '../reading/describe-head.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { mapCheck } from './map-check.ts';
import { mapSecret } from './map-secret.ts';
import { mapVulnerability } from './map-vulnerability.ts';
import { describeReport, type OperatorReport } from './operator-report.ts';

/** Reports that the Trivy Operator keeps in a cluster: flaws and secrets of images, checks of what runs. */
export const trivyOperator: ReportFormat = {
  id: 'trivy-operator',
  title: 'Trivy Operator (reports of a cluster)',
  command:
    'kubectl get vulnerabilityreports,configauditreports,exposedsecretreports,rbacassessmentreports -A -o json',
  claims,
  read,
};

const GROUP = 'aquasecurity.github.io/';
const NOUN = 'a report';

function claims(head: ReportHead): boolean {
  const value = head.json;
  const object = asObject(value);
  const lists = Object.entries(object ?? {}).filter(([key]) => key.endsWith('.aquasecurity.github.io'));
  const reports = [
    object,
    asObjects(value)[0],
    asObjects(object?.items)[0],
    ...lists.map(([, list]) => asObjects(list)[0]),
  ];
  return lists.length > 0 || reports.some((each) => asText(each?.apiVersion)?.startsWith(GROUP) === true);
}

/** One report, several in a list, or the lists of a cluster by kind. Each report is a scan of its own image or object. */
async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { json } = await readHead(input);
  const root = asObject(json);
  const pattern =
    root === undefined ? '*' : Array.isArray(root.items) ? 'items.*' : 'apiVersion' in root ? '' : '*.*';
  let opened: string | null = null;
  for await (const event of sliceJson(input.open(), { patterns: [pattern] })) {
    if (event.kind === 'close') continue;
    const value = event.kind === 'element' ? asObject(event.value) : undefined;
    const report = describeReport(value ?? {}, context);
    const key = JSON.stringify(report.scan);
    // What cannot be read belongs to the scan that is open.
    if (opened === null || (value !== undefined && key !== opened)) yield { kind: 'scan', scan: report.scan };
    opened = value === undefined && opened !== null ? opened : key;
    if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    else if (value === undefined) yield noObject(event.path, NOUN);
    else yield* readReport(value, event.path === '' ? '' : `${event.path}.`, report);
  }
}

const LISTS = [
  { member: 'vulnerabilities', noun: 'a vulnerability', map: mapVulnerability },
  { member: 'checks', noun: 'a check', map: mapCheck },
  { member: 'secrets', noun: 'a secret', map: mapSecret },
] as const;

function* readReport(value: JsonObject, path: string, report: OperatorReport): Generator<ReportItem> {
  for (const { member, noun, map } of LISTS) {
    for (const [index, each] of asArray(at(value, 'report', member)).entries()) {
      const place = `${path}report.${member}[${index}]`;
      const entry = asObject(each);
      yield entry === undefined ? noObject(place, noun) : toItem(place, noun, map(entry, report));
    }
  }
  yield { kind: 'beside', observations: report.looked };
}
