import type { Instant } from '#base/instant.ts';
import type { ReadContext, ReportItem } from '#domain/ports/report-format.ts';
import type { Coverage } from '#domain/scan/scan-description.ts';

/** What a report states of its scan beside its entries. */
export interface ScanWords {
  readonly toolVersion?: string | undefined;
  /** Null when it states none. */
  readonly time?: Instant | null | undefined;
}

/**
 * A scan of source code by a report that names no repository: `--scope repository=`, the folder or the source stand for
 * it. `isWhole`: false where the report itself says that it left something out; such a scan closes nothing.
 */
export function codeScan(tool: string, words: ScanWords = {}, isWhole = true): ReportItem {
  return {
    kind: 'scan',
    scan: {
      tool,
      toolVersion: words.toolVersion,
      time: words.time ?? null,
      scope: { is: 'code', repository: null },
      coverage: isWhole ? 'all' : 'none',
    },
  };
}

/**
 * A scan of the packages of a project by a report that does not name the project. Only where a person does
 * (`--scope artifact=`) it is known whose packages were looked at; else two folders of a monorepo would close each
 * other's findings (design: identity, everyday situations). `coverage` is what holds in that case.
 */
export function packagesScan(
  tool: string,
  { artifact }: ReadContext,
  words: ScanWords = {},
  coverage: Coverage = 'all',
): ReportItem {
  return {
    kind: 'scan',
    scan: {
      tool,
      toolVersion: words.toolVersion,
      time: words.time ?? null,
      scope: { is: 'artifact', name: null },
      coverage: (artifact ?? null) === null ? 'none' : coverage,
    },
  };
}

/** An export of findings of many things: only entries that carry their own end close. */
export function feedScan(tool: string, words: ScanWords = {}): ReportItem {
  return {
    kind: 'scan',
    scan: {
      tool,
      toolVersion: words.toolVersion,
      time: words.time ?? null,
      scope: { is: 'feed' },
      coverage: 'none',
    },
  };
}
