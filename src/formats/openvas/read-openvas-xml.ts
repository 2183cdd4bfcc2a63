import { parseInstant } from '#base/instant.ts';
import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { addressesIn, cvesIn, hostFindings } from '../reading/host-finding.ts';
import { type EntryReading, toItem, unreadable } from '../reading/read-entries.ts';
import { scannerProvider } from '../reading/scanner-provider.ts';
import { attribute, child, childrenNamed, childText, type XmlElement } from '../reading/xml-element.ts';
import { sliceXml } from '../reading/xml-records.ts';

const RECORDS = [
  'report/report/results/result',
  'report/results/result',
  'get_reports_response/report/report/results/result',
];
const NOUN = 'a result';

/** Results, in the order of the file. The scan covers the hosts that it lists. */
export async function* readOpenVasXml(input: ReportInput): AsyncGenerator<ReportItem> {
  let isOpen = false;
  for await (const event of sliceXml(input.open(), { records: RECORDS })) {
    if (event.kind === 'close' && event.depth > 0) continue;
    if (!isOpen) {
      isOpen = true;
      const around = event.kind === 'close' ? [event.value] : event.kind === 'element' ? event.parents : [];
      yield {
        kind: 'scan',
        scan: {
          tool: 'openvas',
          time: timeOf(around),
          scope: { is: 'artifact', name: null },
          coverage: 'listed',
        },
      };
    }
    if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    if (event.kind === 'element') yield toItem(event.path, NOUN, mapResult(event.value));
  }
}

function timeOf(around: readonly XmlElement[]): number | null {
  for (const name of ['scan_start', 'creation_time', 'timestamp'])
    for (const element of around) {
      const time = parseInstant(childText(element, name));
      if (time !== null) return time;
    }
  return null;
}

function mapResult(result: XmlElement): EntryReading {
  const nvt = child(result, 'nvt');
  const oid = attribute(nvt, 'oid');
  if (oid === undefined) return 'an nvt with its oid was expected';
  const host = child(result, 'host');
  const name = childText(host, 'hostname') ?? host?.text;
  if (name === undefined || name === '') return 'a host was expected';
  const tags = tagsOf(childText(nvt, 'tags'));
  const severity = severityOfWord(childText(result, 'threat'));
  const vector = tags.get('cvss_base_vector');
  const references = childrenNamed(child(nvt, 'refs'), 'ref');
  const ofType = (type: string) =>
    references.filter((each) => attribute(each, 'type') === type).map((each) => attribute(each, 'id'));
  return hostFindings({
    bulletin: `OPENVAS-${oid}`,
    cves: cvesIn(...ofType('cve'), childText(nvt, 'cve'), oid.startsWith('CVE-') ? oid : undefined),
    resource: { kind: 'host', name },
    title: (childText(nvt, 'name') ?? childText(result, 'name'))?.replace(/\s+/g, ' '),
    severity,
    vectors: vector === undefined ? [] : [{ provider: scannerProvider('openvas'), vector, word: severity }],
    description: [tags.get('summary'), tags.get('insight'), childText(result, 'description')]
      .filter((text) => text !== undefined)
      .join('\n\n'),
    fix: tags.get('solution') ?? childText(nvt, 'solution'),
    references: addressesIn(ofType('url').join(' ')),
    port: childText(result, 'port'),
    state: stateOf(result),
    cover: name,
  });
}

/** `summary=…|insight=…|cvss_base_vector=…`; empty ones are none. */
function tagsOf(text: string | undefined): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const part of (text ?? '').split('|')) {
    const equals = part.indexOf('=');
    const value = part
      .slice(equals + 1)
      .replace(/[ \t]*\n[ \t]*/g, '\n')
      .trim();
    if (equals > 0 && value !== '') tags.set(part.slice(0, equals).trim(), value);
  }
  return tags;
}

function stateOf(result: XmlElement): ObservedState {
  const override = child(child(result, 'overrides'), 'override');
  const reason = childText(override, 'text') ?? 'false positive in OpenVAS';
  return childText(result, 'threat')?.toLowerCase() === 'false positive'
    ? { is: 'suppressed', reason }
    : OPEN;
}
