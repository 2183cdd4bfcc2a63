import { parseInstant } from '#base/instant.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { HostDescription } from '#domain/resource/resource-description.ts';
import { toItem, unreadable } from '../reading/read-entries.ts';
import { attribute, child, childrenNamed, type XmlElement } from '../reading/xml-element.ts';
import { sliceXml } from '../reading/xml-records.ts';
import { mapItem } from './map-item.ts';

const RECORDS = ['NessusClientData_v2/Report/ReportHost/ReportItem'];
const SKIP = ['NessusClientData_v2/Policy'];
const NOUN = 'an item of a host';

/**
 * Items of hosts, in the order of the file. The scan covers the hosts that it lists; its time is when it was done with the
 * first of them, because the file as a whole states none.
 */
export async function* readNessusXml(input: ReportInput): AsyncGenerator<ReportItem> {
  let isOpen = false;
  for await (const event of sliceXml(input.open(), { records: RECORDS, skip: SKIP })) {
    if (event.kind === 'close' && event.depth > 0) continue;
    const host = event.kind === 'element' ? event.parents[2] : undefined;
    if (!isOpen) {
      isOpen = true;
      yield scanEndedAt(property(host, 'HOST_END'));
    }
    if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    if (event.kind === 'element') yield toItem(event.path, NOUN, mapItem(event.value, describeHost(host)));
  }
}

function scanEndedAt(ended: string | undefined): ReportItem {
  return {
    kind: 'scan',
    scan: {
      tool: 'nessus',
      time: timeOf(ended),
      scope: { is: 'artifact', name: null },
      coverage: 'listed',
    },
  };
}

/** The machine: by its instance id, else its full name, else what the scan was asked for. */
function describeHost(host: XmlElement | undefined): HostDescription | null {
  const name = property(host, 'host-fqdn') ?? attribute(host, 'name') ?? property(host, 'host-ip');
  if (name === undefined) return null;
  return { kind: 'host', name, instanceId: property(host, 'aws-instance-instanceId') };
}

function property(host: XmlElement | undefined, name: string): string | undefined {
  const tags = childrenNamed(child(host, 'HostProperties'), 'tag');
  return tags.find((tag) => attribute(tag, 'name') === name)?.text || undefined;
}

/** `Mon Jul  1 11:40:48 2013`, without a zone. */
function timeOf(text: string | undefined): number | null {
  const parts = /^([A-Z][a-z]{2}) ([A-Z][a-z]{2}) +(\d{1,2}) ([\d:]{8}) (\d{4})$/.exec(text ?? '');
  if (parts === null) return parseInstant(text);
  const [, weekday, month, day, time, year] = parts;
  return parseInstant(`${weekday}, ${day} ${month} ${year} ${time} GMT`);
}
