/** What a person says about the reports: the flags of `import`. */
export interface ImportOptions {
  /** Folder of a format; detected when null. */
  readonly format: string | null;
  /** How to read reports of a tool that no format knows: YAML, or the name of a kept mapping; absent or null: the formats decide. */
  readonly mapping?: string | null | undefined;
  /** Name of the source; the tool's name when null. */
  readonly source: string | null;
  readonly scope: Readonly<Record<string, string>>;
  readonly complete: boolean;
  readonly confirm: boolean;
  /** Every file is a scan of its own. */
  readonly separate: boolean;
  readonly root: string | null;
  readonly account: string | null;
  readonly region: string | null;
  readonly environment: string | null;
  readonly services: readonly string[];
  readonly team: string | null;
}
