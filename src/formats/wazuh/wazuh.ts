import { asNumber, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ScanDescription } from '#domain/scan/scan-description.ts';
import { readHead } from '../reading/describe-head.ts';
import { firstEntry, jsonEntries } from '../reading/json-entries.ts';
import { isPort, ListeningPorts } from './listening-ports.ts';
import { mapAlert } from './map-alert.ts';
import { isVulnerability, mapVulnerability } from './map-vulnerability.ts';

/** Alerts of Wazuh as signals, its lists of vulnerabilities as findings on its agents' hosts, and what listens on these. */
export const wazuh: ReportFormat = {
  id: 'wazuh',
  title: 'Wazuh alerts, vulnerabilities and listening ports',
  command:
    'cp /var/ossec/logs/alerts/alerts.json .   # vulnerabilities: GET /wazuh-states-vulnerabilities-*/_search',
  claims,
  read,
};

/** Answers of the indexer, and of the API of 4.7 and before. */
const PAGES = ['hits.hits', 'data.affected_items'];

function claims(head: ReportHead): boolean {
  const found = firstEntry(head, PAGES);
  if (found === undefined) return false;
  const index = asText(found._index);
  if (index !== undefined) return index.startsWith('wazuh-');
  const entry = unwrapped(found);
  if (asObject(entry.rule) !== undefined && asObject(entry.agent) !== undefined)
    return typeof at(entry, 'rule', 'level') === 'number' || asObject(entry.manager) !== undefined;
  if (isPort(entry)) return asObject(entry.interface) !== undefined && asObject(entry.network) !== undefined;
  return (
    isVulnerability(entry) &&
    (asText(entry.agent_id) !== undefined ||
      asObject(entry.agent) !== undefined ||
      asText(entry.condition) !== undefined)
  );
}

function unwrapped(entry: JsonObject): JsonObject {
  return asObject(entry._source) ?? entry;
}

const ALERTS: ScanDescription = { tool: 'wazuh', time: null, scope: { is: 'events' }, coverage: 'none' };
const VULNERABILITIES: ScanDescription = { ...ALERTS, scope: { is: 'feed' } };

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  let opened: ScanDescription | null = null;
  const listening = new ListeningPorts();
  for await (const entry of jsonEntries(input, PAGES, 'an entry of Wazuh')) {
    const value = entry.kind === 'entry' ? unwrapped(entry.value) : null;
    const isFinding = value !== null && isVulnerability(value);
    const ofPorts = value !== null && !isFinding && isPort(value) && asObject(value.rule) === undefined;
    const scan: ScanDescription =
      isFinding || ofPorts ? VULNERABILITIES : entry.kind === 'reject' ? (opened ?? ALERTS) : ALERTS;
    if (scan !== opened) yield { kind: 'scan', scan };
    opened = scan;
    if (entry.kind === 'reject') yield entry;
    else if (ofPorts) yield mapPort(listening, unwrapped(entry.value), entry.at);
    else
      yield isFinding
        ? mapVulnerability(unwrapped(entry.value), entry.at)
        : mapAlert(unwrapped(entry.value), entry.at);
  }
  const hosts = listening.hosts(asNumber(at((await readHead(input)).json, 'hits', 'total', 'value')));
  if (hosts.length > 0) yield { kind: 'beside', observations: hosts };
  if (opened === null) yield { kind: 'scan', scan: ALERTS };
}

function mapPort(listening: ListeningPorts, entry: JsonObject, place: string): ReportItem {
  if (listening.add(entry) !== null) return { kind: 'record', at: place, observations: [] };
  const message = 'Expected a port with "agent.name", found none that can be read.';
  return { kind: 'reject', at: place, code: 'missing_field', message };
}
