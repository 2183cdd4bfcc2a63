import { parseInstant } from '#base/instant.ts';
import { type FindingObservation, type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { cwesOf } from '../reading/cwe-numbers.ts';
import { plainText } from '../reading/plain-text.ts';
import { type EntryReading, toItem, unreadable } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';
import { attribute, child, childText, type XmlElement } from '../reading/xml-element.ts';
import { sliceXml } from '../reading/xml-records.ts';

/** Issues that Burp Suite exports in XML: what it found in running applications. */
export const burp: ReportFormat = {
  id: 'burp',
  title: 'Burp Suite (XML)',
  command: 'in Burp: Target, Issues, Report selected issues, XML',
  claims,
  read,
};

const TEXT_MAX = 4_000;
const REFERENCES_MAX = 5;
const NOUN = 'an issue';

function claims(head: ReportHead): boolean {
  return (
    head.shape === 'xml' && head.root?.name === 'issues' && /<issues[^>]{0,200}\sburpVersion=/.test(head.text)
  );
}

/** What was chosen for the report, so nothing closes. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  let isOpen = false;
  for await (const event of sliceXml(input.open(), { records: ['issues/issue'] })) {
    if (!isOpen) {
      isOpen = true;
      const root =
        event.kind === 'close' ? event.value : event.kind === 'element' ? event.parents[0] : undefined;
      yield feedScan('burp', {
        toolVersion: attribute(root, 'burpVersion'),
        time: timeOf(attribute(root, 'exportTime')),
      });
    }
    if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    if (event.kind === 'element') yield toItem(event.path, NOUN, mapIssue(event.value));
  }
}

function mapIssue(issue: XmlElement): EntryReading {
  const check = childText(issue, 'type');
  if (check === undefined) return 'a type was expected';
  const host = childText(issue, 'host');
  if (host === undefined) return 'a host was expected';
  const path = childText(issue, 'path') ?? '';
  const word = childText(issue, 'severity');
  const finding: FindingObservation = {
    kind: 'finding',
    type: 'api_finding',
    subject: {
      is: 'check',
      tool: 'burp',
      check,
      cwes: cwesOf((childText(issue, 'vulnerabilityClassifications') ?? '').slice(0, 10_000).split('\n')),
    },
    resource: { kind: 'endpoint', url: host },
    place: {
      is: 'api',
      method: attribute(child(child(issue, 'requestresponse'), 'request'), 'method') ?? '',
      path,
      parameter: parameterOf(childText(issue, 'location')),
    },
    state: stateOf(word),
    title: childText(issue, 'name') ?? `Burp issue ${check}`,
    severity: severityOfWord(word),
    description:
      [childText(issue, 'issueDetail'), childText(issue, 'issueBackground')]
        .flatMap((text) => plainText(text) ?? [])
        .join('\n\n') || undefined,
    fix: plainText(childText(issue, 'remediationDetail') ?? childText(issue, 'remediationBackground')),
    references: linksOf(childText(issue, 'references')),
    locations: [{ url: `${host}${path}`.slice(0, TEXT_MAX) }],
  };
  return [finding];
}

/** Where a list in HTML leads to. */
function linksOf(html: string | undefined): readonly string[] {
  const links = (html ?? '').slice(0, 20_000).matchAll(/href="(https?:\/\/[^\s"<>]{1,2000})"/gi);
  return [...links].map(([, link]) => link as string).slice(0, REFERENCES_MAX);
}

/** `/login [user parameter]` names a parameter. */
function parameterOf(location: string | undefined): string {
  return /\[(.{1,200}?) (?:parameter|cookie|JSON parameter)\]$/.exec(location?.slice(-300) ?? '')?.[1] ?? '';
}

function stateOf(word: string | undefined): ObservedState {
  return word?.toLowerCase() === 'false positive'
    ? { is: 'suppressed', reason: 'false positive in Burp' }
    : OPEN;
}

/** `Wed Jan 27 22:43:35 UTC 2021`; of other zones only their name is told, which says too little. */
function timeOf(text: string | undefined): number | null {
  const parts = /^([A-Z][a-z]{2}) ([A-Z][a-z]{2}) (\d{1,2}) ([\d:]{8}) (UTC|GMT) (\d{4})$/.exec(text ?? '');
  if (parts === null) return parseInstant(text);
  const [, weekday, month, day, time, zone, year] = parts;
  return parseInstant(`${weekday}, ${day} ${month} ${year} ${time} ${zone}`);
}
