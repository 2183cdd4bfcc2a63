import type { JsonValue } from '#base/json-value.ts';
import type { Observation } from '../finding/observation.ts';
import type { ScanDescription } from '../scan/scan-description.ts';
import type { EntryKey, EntryMemory } from './entry-memory.ts';
import type { ReportInput } from './report-input.ts';

/** The beginning of a report (up to 256 KiB), looked at once and shown to every format. */
export interface ReportHead {
  readonly name: string;
  readonly shape: 'json' | 'json-lines' | 'xml' | 'text' | 'empty';
  /**
   * JSON: the value as far as the head reaches, open brackets closed; of JSON lines the first value.
   * Members behind the head's end are missing.
   */
  readonly json: JsonValue;
  /** XML: local name and namespace of the root element. */
  readonly root: { readonly name: string; readonly namespace: string } | null;
  /** The head as text, for formats that are neither. */
  readonly text: string;
}

/** What a format reads from a report, in the report's order. A `scan` opens what follows, up to the next one. */
export type ReportItem =
  | { readonly kind: 'scan'; readonly scan: ScanDescription }
  /**
   * One entry of the report, in the format's own unit; every entry is one item, also one that holds no finding.
   * `key`: its observations follow from what the key was made of, and from nothing else.
   */
  | {
      readonly kind: 'record';
      readonly at: string;
      readonly observations: readonly Observation[];
      readonly key?: EntryKey | null;
    }
  /** An entry that could not be read. It counts as an entry. */
  | { readonly kind: 'reject'; readonly at: string; readonly code: RejectCode; readonly message: string }
  /** Observations that belong to the report and to no entry of it: coverage, the resource that it is about. */
  | {
      readonly kind: 'beside';
      readonly observations: readonly Observation[];
      /** A sentence for who imports: what the report says that it does not show. */
      readonly remark?: string | undefined;
    };

export type RejectCode =
  | 'not_json'
  | 'not_xml'
  | 'missing_field'
  | 'wrong_type'
  | 'unknown_value'
  | 'too_large';

/** What the person who imports said about the report; formats need only what changes their reading. */
export interface ReadContext {
  /** Working directory to take off absolute paths; null when not given. */
  readonly root: string | null;
  /** `--account`, `--region`: for inventories that do not name them. */
  readonly account: string | null;
  readonly region: string | null;
  /** `--scope cluster=`. */
  readonly cluster: string | null;
  /** `--scope repository=`, or what the folder says. */
  readonly repository?: string | null | undefined;
  /** `--scope artifact=`. */
  readonly artifact?: string | null | undefined;
  /** `--scope from=`: where a look came from that tells it nowhere; `internet` for one from outside. */
  readonly from?: string | null | undefined;
  /** What formats keep from one file of an import to the next, each under its own name; absent: files stand alone. */
  readonly kept?: FormatsKept | undefined;
  /** Of the scan that was opened last; undefined where every entry has to be read. */
  readonly memory?: EntryMemory | undefined;
}

/** What formats keep from one file to the next, each under its own name. */
export type FormatsKept = Map<string, unknown>;

/** How a format carries what it keeps over to the next import. */
export interface FormatMemory {
  /** What stands in `kept` under the format's name when its first file is read; `told` is what `tell` gave, null at first. */
  restore(told: JsonValue | null): unknown;
  /** What the next import is to know of it; small, however much was read. */
  tell(kept: unknown): JsonValue;
}

/** One kind of report or inventory that can be read: one folder in `src/formats`, one line in its list. */
export interface ReportFormat {
  /** The folder's name. */
  readonly id: string;
  readonly title: string;
  /** The command that produces such a report, as a person would type it. */
  readonly command: string;
  /** Absent where each import stands alone. */
  readonly memory?: FormatMemory | undefined;
  /** Its documents are statements of VEX: what an earlier one of a name said and the next does not is taken back. */
  readonly isVex?: true;
  /** Is this report mine? At most one format may say yes. */
  claims(head: ReportHead): boolean;
  /**
   * Reads the whole report. Throws `report_broken` where the rest can't be read; items that came
   * before stay valid. Memory must not grow with the report.
   */
  read(input: ReportInput, context: ReadContext): AsyncIterable<ReportItem>;
}
