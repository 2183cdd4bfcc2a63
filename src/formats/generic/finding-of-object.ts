import {
  asBoolean,
  asNumber,
  asObject,
  asObjects,
  asText,
  asTexts,
  at,
  type JsonObject,
} from '#base/json-value.ts';
import type { WrittenFinding } from '../reading/written-finding.ts';

/** The members that DefectDojo allows. */
export const FIELDS: ReadonlySet<string> = new Set([
  ...[
    'title',
    'severity',
    'description',
    'date',
    'cwe',
    'cve',
    'vulnerability_ids',
    'cvssv3',
    'cvssv3_score',
  ],
  ...['cvssv4', 'cvssv4_score', 'mitigation', 'impact', 'steps_to_reproduce', 'severity_justification'],
  ...[
    'references',
    'active',
    'verified',
    'false_p',
    'out_of_scope',
    'risk_accepted',
    'under_review',
    'duplicate',
  ],
  ...[
    'is_mitigated',
    'mitigated',
    'static_finding',
    'dynamic_finding',
    'thread_id',
    'numerical_severity',
    'line',
  ],
  ...[
    'file_path',
    'component_name',
    'component_version',
    'component_purl',
    'param',
    'payload',
    'hash_code',
    'nb_occurences',
  ],
  ...[
    'created',
    'scanner_confidence',
    'unique_id_from_tool',
    'vuln_id_from_tool',
    'sast_source_object',
    'tags',
  ],
  ...[
    'sast_sink_object',
    'sast_source_line',
    'sast_source_file_path',
    'publish_date',
    'service',
    'files',
    'url',
  ],
  ...[
    'planned_remediation_date',
    'planned_remediation_version',
    'effort_for_fixing',
    'endpoints',
    'locations',
  ],
  ...[
    'epss_score',
    'epss_percentile',
    'known_exploited',
    'ransomware_used',
    'fix_available',
    'fix_version',
    'kev_date',
  ],
]);

export function findingOfObject(entry: JsonObject): WrittenFinding {
  const endpoints = Array.isArray(entry.endpoints) ? entry.endpoints : [];
  return {
    title: asText(entry.title),
    severity: asText(entry.severity),
    description: asText(entry.description),
    mitigation: asText(entry.mitigation),
    references: asText(entry.references),
    cves: [...asTexts(entry.cve), ...asTexts(entry.vulnerability_ids)],
    cwe: asNumber(entry.cwe),
    vectors: [asText(entry.cvssv4), asText(entry.cvssv3)].flatMap((vector) => vector ?? []),
    path: asText(entry.file_path) ?? asText(entry.sast_source_file_path),
    line: asNumber(entry.line) ?? asNumber(entry.sast_source_line),
    component: asText(entry.component_name),
    purl: asText(entry.component_purl),
    version: asText(entry.component_version),
    address: asText(entry.url) ?? addressOf(endpoints[0]),
    parameter: asText(entry.param),
    check: asText(entry.vuln_id_from_tool),
    fixVersion: asText(entry.fix_version),
    isFixable: asBoolean(entry.fix_available),
    isKnownExploited: entry.known_exploited === true,
    isActive: asBoolean(entry.active),
    isFalsePositive: entry.false_p === true,
    isAccepted: entry.risk_accepted === true || entry.out_of_scope === true,
    isMitigated: entry.is_mitigated === true || asText(entry.mitigated) !== undefined,
    isDuplicate: entry.duplicate === true,
  };
}

/** An address, or an object with its parts. */
function addressOf(endpoint: unknown): string | undefined {
  const object = asObject(endpoint) ?? asObjects([endpoint])[0];
  const host = asText(object?.host);
  if (host === undefined) return asText(endpoint);
  const port = asNumber(at(object, 'port'));
  const path = asText(object?.path) ?? '';
  return `${asText(object?.protocol) ?? 'https'}://${host}${port === undefined ? '' : `:${port}`}${path === '' || path.startsWith('/') ? path : `/${path}`}`;
}
