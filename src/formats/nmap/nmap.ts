import { parseInstant } from '#base/instant.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
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
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
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
    if (event.kind !== 'element' || attribute(child(event.value, 'state'), 'state') !== 'open') continue;
    yield { kind: 'record', at: event.path, observations: findingsOf(event.value, event.parents[1]) };
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
