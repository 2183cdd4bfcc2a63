import type { EffectiveCoverage } from '../ports/import-store.ts';
import type { ScanDescription } from './scan-description.ts';

/** What became known about a scan while it was read. */
export interface ScanReading {
  readonly borrowed: readonly string[];
  readonly passed: number;
  readonly rejects: number;
  /** The report broke off before its end. */
  readonly isBroken: boolean;
  /** `--complete`. */
  readonly isDeclaredComplete: boolean;
}

/** What a scan may close, and the sentence that says why it closes less than it could. */
export interface CoverageDecision {
  readonly coverage: EffectiveCoverage;
  /** Null where the scan is complete, or where it is of a kind that never closes by absence. */
  readonly note: string | null;
}

/** Weighs what a report claims to have covered with what it lacks and with what a person declared (design: identity, scope and closing). */
export function effectiveCoverage(scan: ScanDescription, reading: ScanReading): CoverageDecision {
  const partial = (note: string | null): CoverageDecision => ({ coverage: 'none', note });
  if (scan.scope.is === 'events') return partial(null);
  if (reading.isBroken) return partial('The report breaks off, so this scan is partial: it closes nothing.');
  if (reading.isDeclaredComplete)
    return {
      coverage:
        scan.coverage === 'listed-if-passes'
          ? reading.passed > 0
            ? 'listed'
            : 'places'
          : scan.coverage === 'listed'
            ? 'listed'
            : 'all',
      note: null,
    };
  if (reading.rejects > 0)
    return partial(
      'Entries of the report could not be read, so this scan is partial: it closes nothing. If they do not matter, add --complete.',
    );
  if (reading.borrowed.length > 0)
    return partial(
      `The report does not name what it looked at, so this scan is partial: it closes nothing. Add ${reading.borrowed.join(', ')}, or --complete.`,
    );
  switch (scan.coverage) {
    case 'all':
    case 'listed':
      return { coverage: scan.coverage, note: null };
    case 'listed-if-passes':
      return reading.passed > 0
        ? { coverage: 'listed', note: null }
        : partial(
            'The report tells only what failed, so this scan is partial: it closes nothing. If every check ran, add --complete.',
          );
    case 'none':
      return partial(
        scan.scope.is === 'code' || scan.scope.is === 'artifact'
          ? 'The report does not say that it looked at everything, so this scan is partial: it closes nothing. If it did, add --complete.'
          : null,
      );
  }
}
