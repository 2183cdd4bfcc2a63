import type { Severity } from '#domain/severity/severity.ts';

/** What a mapping may say of a finding, in the order in which pages list it. */
export const MAPPED_FIELDS = [
  'title',
  'severity',
  'description',
  'fix',
  'references',
  'advisory',
  'check',
  'cwe',
  'vector',
  'package',
  'ecosystem',
  'purl',
  'version',
  'fixedVersion',
  'path',
  'line',
  'url',
  'parameter',
  'image',
  'host',
  'cloud',
  'artifact',
] as const;

export type MappedField = (typeof MAPPED_FIELDS)[number];

/** Where a field stands: the first of several members or columns that is filled, or a text that is the same for all. */
export type FieldSource = { readonly from: readonly string[] } | { readonly value: string };

/** How reports of a tool that has no format here are read: what a person wrote down in YAML. */
export interface ReportMapping {
  readonly tool: string;
  /** JSON: the path of the entries, `results.*.issues.*`; null: lines, an array, or one object. */
  readonly entries: string | null;
  /** Members or columns by which a file that no format knows is taken for such a report; null: only when somebody says so. */
  readonly when: readonly string[] | null;
  readonly fields: ReadonlyMap<MappedField, FieldSource>;
  /** The tool's words for severities, in lower case. */
  readonly severities: ReadonlyMap<string, Severity>;
  /** Which words of a member say that an entry is over, or that people dismissed it; null where none does. */
  readonly state: {
    readonly from: string;
    readonly ended: ReadonlySet<string>;
    readonly suppressed: ReadonlySet<string>;
  } | null;
}
