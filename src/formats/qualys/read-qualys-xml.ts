import { InboxError } from '#base/inbox-error.ts';
import { parseInstant } from '#base/instant.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { cvesIn, hostFindings, portOf } from '../reading/host-finding.ts';
import { plainText } from '../reading/plain-text.ts';
import { type EntryReading, toItem, unreadable } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';
import { child, childrenNamed, childText, type XmlElement } from '../reading/xml-element.ts';
import { sliceXml } from '../reading/xml-records.ts';
import { exploitOf } from './map-row.ts';
import { qualysSeverity, qualysState } from './qualys-severity.ts';

const FOUND = 'ASSET_DATA_REPORT/HOST_LIST/HOST/VULN_INFO_LIST/VULN_INFO';
const DETAILS = 'ASSET_DATA_REPORT/GLOSSARY/VULN_DETAILS_LIST/VULN_DETAILS';
const NOUN = 'a detection';
const DETAILS_MAX = 200_000;

/** What a glossary says of a QID, as far as it is read. */
interface Details {
  readonly title: string | undefined;
  readonly severity: string | undefined;
  readonly cves: readonly string[];
  readonly description: string | undefined;
  readonly fix: string | undefined;
  readonly exploit: string | undefined;
}

/** Detections point into a glossary behind them, so the file is gone through twice. */
export async function* readQualysXml(input: ReportInput): AsyncGenerator<ReportItem> {
  const glossary = new Map<string, Details>();
  let time: number | null = null;
  for await (const event of sliceXml(input.open(), {
    records: [DETAILS],
    skip: ['ASSET_DATA_REPORT/HOST_LIST'],
  })) {
    if (event.kind === 'close' && event.depth === 0)
      time = parseInstant(childText(child(event.value, 'HEADER'), 'GENERATION_DATETIME'));
    if (event.kind !== 'element') continue;
    const qid = childText(event.value, 'QID');
    if (qid !== undefined) glossary.set(qid, detailsOf(event.value, qid));
    if (glossary.size > DETAILS_MAX)
      throw new InboxError('too_large', `The glossary has more than ${DETAILS_MAX} entries.`);
  }
  yield feedScan('qualys', { time });
  for await (const event of sliceXml(input.open(), {
    records: [FOUND],
    skip: ['ASSET_DATA_REPORT/GLOSSARY'],
  })) {
    if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    if (event.kind === 'element')
      yield toItem(event.path, NOUN, mapDetection(event.value, event.parents[2], glossary));
  }
}

function detailsOf(details: XmlElement, qid: string): Details {
  const cves = childrenNamed(child(details, 'CVE_ID_LIST'), 'CVE_ID').map((each) => childText(each, 'ID'));
  const texts = [plainText(childText(details, 'THREAT')), plainText(childText(details, 'IMPACT'))];
  const solution = plainText(childText(details, 'SOLUTION'));
  return {
    title: childText(details, 'TITLE'),
    severity: childText(details, 'SEVERITY'),
    cves: cvesIn(...cves),
    description: texts.filter((text) => text !== undefined && text !== 'N/A').join('\n\n') || undefined,
    fix: solution === 'N/A' ? undefined : solution,
    exploit: exploitOf(
      child(child(details, 'CORRELATION'), 'EXPLOITABILITY') === undefined ? undefined : 'named',
      qid,
    ),
  };
}

function mapDetection(
  found: XmlElement,
  host: XmlElement | undefined,
  glossary: ReadonlyMap<string, Details>,
): EntryReading {
  const qid = childText(found, 'QID');
  if (qid === undefined) return 'a QID was expected';
  const name = childText(host, 'DNS') ?? childText(host, 'IP');
  if (name === undefined) return 'the name or address of its host was expected';
  const details = glossary.get(qid);
  return hostFindings({
    bulletin: `QID-${qid}`,
    cves: details?.cves ?? [],
    resource: { kind: 'host', name, instanceId: childText(host, 'EC2_INSTANCE_ID') },
    title: details?.title,
    severity: qualysSeverity(details?.severity, childText(found, 'TYPE')),
    description: details?.description,
    fix: details?.fix,
    port: portOf(childText(found, 'PORT'), childText(found, 'PROTOCOL')),
    exploit: details?.exploit,
    state: qualysState(childText(found, 'VULN_STATUS'), childText(found, 'IS_IGNORED') === '1'),
  });
}
