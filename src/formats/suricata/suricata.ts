import { asObject, asText, at } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstEntry, jsonEntries } from '../reading/json-entries.ts';
import { mapAlert } from './map-alert.ts';

/** Alerts of Suricata's event log (eve.json): attacks that were seen in the network, no findings. */
export const suricata: ReportFormat = {
  id: 'suricata',
  title: 'Suricata events (eve.json)',
  command: 'suricata -c suricata.yaml -i eth0 --set outputs.1.eve-log.enabled=yes',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const event = firstEntry(head, []);
  return (
    asText(event?.event_type) !== undefined &&
    asText(event?.timestamp) !== undefined &&
    (asObject(event?.alert) !== undefined ||
      asText(event?.src_ip) !== undefined ||
      asObject(at(event, 'stats')) !== undefined)
  );
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield { kind: 'scan', scan: { tool: 'suricata', time: null, scope: { is: 'events' }, coverage: 'none' } };
  for await (const entry of jsonEntries(input, [], 'an event of Suricata', 'silent')) {
    if (entry.kind === 'reject') yield entry;
    // Flows, requests, statistics and anomalies are what the sensor saw, no alerts.
    else if (entry.value.event_type === 'alert') yield mapAlert(entry.value, entry.at);
    else if (asText(entry.value.event_type) === undefined) {
      const message = 'Expected an event of Suricata with "event_type", found none that can be read.';
      yield { kind: 'reject', at: entry.at, code: 'missing_field', message };
    }
  }
}
