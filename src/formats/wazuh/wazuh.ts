import { asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ScanDescription } from '#domain/scan/scan-description.ts';
import { firstEntry, jsonEntries } from '../reading/json-entries.ts';
import { mapAlert } from './map-alert.ts';
import { isVulnerability, mapVulnerability } from './map-vulnerability.ts';

/** Alerts of Wazuh as signals, and its lists of vulnerabilities as findings on its agents' hosts. */
export const wazuh: ReportFormat = {
  id: 'wazuh',
  title: 'Wazuh alerts and vulnerabilities',
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
  for await (const entry of jsonEntries(input, PAGES, 'an entry of Wazuh')) {
    const isFinding = entry.kind === 'entry' && isVulnerability(unwrapped(entry.value));
    const scan: ScanDescription = isFinding
      ? VULNERABILITIES
      : entry.kind === 'reject'
        ? (opened ?? ALERTS)
        : ALERTS;
    if (scan !== opened) yield { kind: 'scan', scan };
    opened = scan;
    if (entry.kind === 'reject') yield entry;
    else {
      const value = unwrapped(entry.value);
      yield isFinding ? mapVulnerability(value, entry.at) : mapAlert(value, entry.at);
    }
  }
  if (opened === null) yield { kind: 'scan', scan: ALERTS };
}
