import type { JsonObject } from '#base/json-value.ts';
import type { CsvRow, KnownColumns } from '../reading/csv-table.ts';

/** Columns of *CSV Export* that no other table has: they are the names of DefectDojo's own fields. */
export const COLUMNS: KnownColumns = [
  ['title', 'severity', 'numerical_severity', 'false_p', 'found_by', 'product'],
];

const TEXTS = [
  'title',
  'severity',
  'date',
  'created',
  'mitigated',
  'last_status_update',
  'planned_remediation_date',
  'cvssv3',
  'cvssv4',
  'cwe',
  'line',
  'sast_source_line',
  'file_path',
  'sast_source_file_path',
  'component_name',
  'component_version',
  'url',
  'param',
  'vuln_id_from_tool',
  'fix_version',
] as const;
const LONG_TEXTS = ['description', 'mitigation', 'references'] as const;
const WORDS = [
  'active',
  'false_p',
  'duplicate',
  'out_of_scope',
  'risk_accepted',
  'is_mitigated',
  'known_exploited',
  'fix_available',
] as const;

/** A row of *CSV Export* as the API would list it. It has neither notes nor the words in which a risk was accepted. */
export function keptOfRow(row: CsvRow): JsonObject {
  return {
    ...Object.fromEntries(TEXTS.map((name) => [name, row.text(name)])),
    // The export writes this word where a line ends.
    ...Object.fromEntries(LONG_TEXTS.map((name) => [name, row.text(name)?.replaceAll(' NEWLINE ', '\n')])),
    ...Object.fromEntries(WORDS.map((name) => [name, wordOf(row.text(name))])),
    // The sixth and later ones are three dots.
    vulnerability_ids: (row.text('vulnerability_ids') ?? '').split(/;\s*|\.\.\./).filter((id) => id !== ''),
    related_fields: {
      test: {
        test_type: { name: row.text('found_by') },
        engagement: { product: { name: row.text('product') } },
      },
    },
  };
}

function wordOf(text: string | undefined): boolean | undefined {
  return text === undefined ? undefined : text === 'True' ? true : text === 'False' ? false : undefined;
}
