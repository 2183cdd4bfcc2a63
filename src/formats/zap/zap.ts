import { parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asObjects, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import { type FindingObservation, OPEN } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { Severity } from '#domain/severity/severity.ts';
import { firstCharacter } from '../reading/first-character.ts';
import { plainText } from '../reading/plain-text.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { feedScan } from '../reading/scans.ts';
import { attribute, child, childrenNamed, type XmlElement } from '../reading/xml-element.ts';
import { sliceXml } from '../reading/xml-records.ts';

/** Reports of ZAP, in XML and in JSON: what it found in running applications. */
export const zap: ReportFormat = {
  id: 'zap',
  title: 'ZAP',
  command: 'zap-baseline.py -t URL -J zap.json',
  claims,
  read,
};

const NOUN = 'an alert';
const TEXT_MAX = 4_000;
const INSTANCES_MAX = 20;
const REFERENCES_MAX = 5;
const ROOT = 'OWASPZAPReport';
const RISKS: readonly Severity[] = ['info', 'low', 'medium', 'high'];

function claims(head: ReportHead): boolean {
  if (head.shape === 'xml') return head.root?.name === ROOT;
  const report = asObject(head.json);
  return (
    report !== undefined &&
    Array.isArray(report.site) &&
    (asText(report['@programName'])?.includes('ZAP') === true ||
      (asText(report['@generated']) !== undefined && asText(report['@version']) !== undefined))
  );
}

/** A report says what was found and not which rules ran where, so it closes nothing. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  if ((await firstCharacter(input)) === '<') yield* readXml(input);
  else yield* readJson(input);
}

async function* readJson(input: ReportInput): AsyncGenerator<ReportItem> {
  const { root, headers } = await readSurroundings(input, ['site.*.alerts']);
  yield feedScan('zap', { toolVersion: asText(root['@version']), time: timeOf(asText(root['@generated'])) });
  for await (const event of sliceJson(input.open(), { patterns: ['site.*.alerts.*'] })) {
    if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    if (event.kind !== 'element') continue;
    const alert = asObject(event.value);
    const site = headers.get(event.path.slice(0, event.path.indexOf(']') + 1));
    yield alert === undefined
      ? noObject(event.path, NOUN)
      : toItem(event.path, NOUN, mapAlert(alert, asText(site?.['@name'])));
  }
}

async function* readXml(input: ReportInput): AsyncGenerator<ReportItem> {
  let isOpen = false;
  for await (const event of sliceXml(input.open(), { records: [`${ROOT}/site/alerts/alertitem`] })) {
    const root = event.kind === 'bad' ? undefined : event.kind === 'element' ? event.parents[0] : event.value;
    if (
      !isOpen &&
      root !== undefined &&
      (event.kind === 'element' || (event.kind === 'close' && event.depth === 0))
    ) {
      isOpen = true;
      const time = timeOf(attribute(root, 'generated'));
      yield feedScan('zap', { toolVersion: attribute(root, 'version'), time });
    }
    if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    if (event.kind !== 'element') continue;
    const site = event.parents.find((parent) => parent.name === 'site');
    yield toItem(event.path, NOUN, mapAlert(alertOfXml(event.value), attribute(site, 'name')));
  }
}

/** An alert in XML as the same alert in JSON; before version 2.4 an alert was its only instance. */
function alertOfXml(element: XmlElement): JsonObject {
  const alert = textsOf(element);
  const instances: JsonValue[] = childrenNamed(child(element, 'instances'), 'instance').map(textsOf);
  return { ...alert, instances: instances.length === 0 && alert.uri !== undefined ? [alert] : instances };
}

function textsOf(element: XmlElement): { [key: string]: JsonValue } {
  return Object.fromEntries(element.children.map((each) => [each.name, each.text]));
}

function mapAlert(alert: JsonObject, site: string | undefined): readonly FindingObservation[] | string {
  const check = asText(alert.alertRef) ?? asText(alert.pluginid);
  if (check === undefined) return 'a text in pluginid was expected';
  if (site === undefined) return 'the name of its site was expected';
  const risk = asNumber(alert.riskcode);
  const name = asText(alert.name) ?? asText(alert.alert);
  return [
    {
      kind: 'finding',
      type: 'api_finding',
      subject: { is: 'check', tool: 'zap', check },
      resource: { kind: 'endpoint', url: site },
      // ZAP groups the requests of one rule on one site: they are places of one finding.
      place: { is: 'api', method: '', path: '', parameter: '' },
      state: OPEN,
      title: name ?? check,
      severity: risk === undefined ? null : (RISKS[risk] ?? null),
      description: plainText(asText(alert.desc)),
      fix: plainText(asText(alert.solution)),
      references: (plainText(asText(alert.reference)) ?? '')
        .split('\n')
        .filter((line) => /^https?:\/\//.test(line))
        .slice(0, REFERENCES_MAX),
      locations: asObjects(alert.instances)
        .slice(0, INSTANCES_MAX)
        .flatMap((instance) => {
          const url = asText(instance.uri)?.slice(0, TEXT_MAX);
          return url === undefined ? [] : [{ url }];
        }),
    },
  ];
}

/** `Sat, 15 Apr 2023 18:23:09`, without a zone. */
function timeOf(generated: string | undefined): number | null {
  return generated === undefined ? null : (parseInstant(generated) ?? parseInstant(`${generated} GMT`));
}
