import { parseInstant } from '#base/instant.ts';
import { isInternetAddress } from '#domain/exposure/audience.ts';
import type { FindingObservation, ResourceObservation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { cvesIn, hostFindings, portOf } from '../reading/host-finding.ts';
import { unreadable } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';
import { attribute, child, childrenNamed, type XmlElement } from '../reading/xml-element.ts';
import { sliceXml } from '../reading/xml-records.ts';

/** Reports of Nmap in XML: open ports, and the CVEs that the script vulners names for what answers there. */
export const nmap: ReportFormat = {
  id: 'nmap',
  title: 'Nmap (XML)',
  command: 'nmap -sV --script vulners -oX nmap.xml HOSTS',
  claims,
  read,
};

const RECORDS = ['nmaprun/host/ports/port'];
const NOUN = 'a port';

function claims(head: ReportHead): boolean {
  return head.shape === 'xml' && head.root?.name === 'nmaprun';
}

/** Which scripts ran is not told of ports that are closed, so a report closes nothing. */
async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  let isOpen = false;
  for await (const event of sliceXml(input.open(), { records: RECORDS })) {
    if (event.kind === 'close' && event.depth > 0) continue;
    if (!isOpen) {
      isOpen = true;
      const run =
        event.kind === 'close' ? event.value : event.kind === 'element' ? event.parents[0] : undefined;
      yield feedScan('nmap', {
        toolVersion: attribute(run, 'version'),
        time: parseInstant(Number(attribute(run, 'start') ?? Number.NaN)),
      });
    }
    if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    if (event.kind !== 'element') continue;
    const state = attribute(child(event.value, 'state'), 'state');
    const [, host] = event.parents;
    if (state !== 'open' && state !== 'closed') continue;
    const answers = answerOf(event.value, host, state, context);
    if (state === 'open')
      yield { kind: 'record', at: event.path, observations: [...findingsOf(event.value, host), ...answers] };
    else if (answers.length > 0) yield { kind: 'beside', observations: answers };
  }
}

function findingsOf(port: XmlElement, host: XmlElement | undefined): readonly FindingObservation[] {
  const name =
    attribute(childrenNamed(child(host, 'hostnames'), 'hostname')[0], 'name') ??
    attribute(childrenNamed(host, 'address')[0], 'addr');
  const cves = cvesOf(port);
  if (name === undefined || cves.length === 0) return [];
  const service = child(port, 'service');
  const product = [attribute(service, 'product') ?? attribute(service, 'name'), attribute(service, 'version')]
    .filter((text) => text !== undefined)
    .join(' ');
  return hostFindings({
    bulletin: 'vulners',
    cves,
    resource: { kind: 'host', name },
    title: undefined,
    severity: null,
    description: `Vulners names it for the version that answers: ${product || 'unknown'}. Nobody tried it.`,
    references: [],
    port: portOf(attribute(port, 'portid'), attribute(port, 'protocol')),
  });
}

/** What a port of an address on the internet answered; what stands behind others is nobody's way in. */
function answerOf(
  port: XmlElement,
  host: XmlElement | undefined,
  state: 'open' | 'closed',
  { from }: ReadContext,
): readonly ResourceObservation[] {
  const address = attribute(childrenNamed(host, 'address')[0], 'addr');
  const number = Number(attribute(port, 'portid'));
  const protocol = attribute(port, 'protocol');
  if (address === undefined || !isInternetAddress(address) || !Number.isInteger(number)) return [];
  if (protocol !== 'tcp' && protocol !== 'udp') return [];
  const name = attribute(childrenNamed(child(host, 'hostnames'), 'hostname')[0], 'name') ?? address;
  return [
    {
      kind: 'resource',
      resource: { kind: 'host', name },
      type: 'host',
      name,
      facts: {
        Address: address,
        ...(from === 'internet' ? { From: from } : {}),
        [`${protocol}/${number}`]: state,
      },
    },
  ];
}

/** The script lists CVEs beside exploits and bulletins of many databases; only rows of the type `cve` are flaws. */
function cvesOf(port: XmlElement): readonly string[] {
  const script = childrenNamed(port, 'script').find(
    (each) => attribute(each, 'id')?.includes('vulners') === true,
  );
  const rows = childrenNamed(script, 'table').flatMap((table) => childrenNamed(table, 'table'));
  const value = (row: XmlElement, key: string) =>
    childrenNamed(row, 'elem').find((each) => attribute(each, 'key') === key)?.text;
  return cvesIn(...rows.filter((row) => value(row, 'type') === 'cve').map((row) => value(row, 'id')));
}
