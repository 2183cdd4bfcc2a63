/** Bytes of one report, decompressed, in UTF-8. May be opened more than once; each call starts at the beginning. */
export interface ReportInput {
  /** File name or `archive.zip!member`, for messages and for names that the report lacks. */
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
}
