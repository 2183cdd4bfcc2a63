import type { FindingObservation, Observation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';

/**
 * Findings of code that are equal in rule, file and flagged text are numbered in order of line
 * (design: identity, place by type): which ones repeat, and on which lines.
 */
export interface Repeats {
  /** 1 for the first in order of line. Each call takes the next one of equal lines. */
  ordinalOf(fingerprint: string, observation: FindingObservation): number;
}

/** Only code, and secrets of which no value is known, can stand several times at one place. */
export function isNumbered({ place }: FindingObservation): boolean {
  return place.is === 'code' || (place.is === 'secret' && place.value === undefined);
}

/** For reports that list the findings of a file in order of line, as they come. */
export function numberByArrival(): Repeats {
  const taken = new Map<string, number>();
  return {
    ordinalOf(fingerprint) {
      const ordinal = (taken.get(fingerprint) ?? 0) + 1;
      taken.set(fingerprint, ordinal);
      return ordinal;
    },
  };
}

/** Reads a report once to learn which of its findings repeat. */
export async function countRepeats(
  items: AsyncIterable<ReportItem>,
  fingerprintOf: (observation: FindingObservation) => string,
): Promise<Repeats> {
  const lines = new Map<string, number | number[]>();
  try {
    for await (const item of items) {
      if (item.kind !== 'record') continue;
      for (const observation of item.observations) noteLine(lines, observation, fingerprintOf);
    }
  } catch {
    // A report that breaks off is read, and refused, once more by whoever asked for the repeats.
  }
  const repeated = new Map<
    string,
    { readonly sorted: readonly number[]; readonly taken: Map<number, number> }
  >();
  for (const [fingerprint, line] of lines)
    if (typeof line !== 'number')
      repeated.set(fingerprint, { sorted: line.sort((a, b) => a - b), taken: new Map() });
  return {
    ordinalOf(fingerprint, observation) {
      const repeat = repeated.get(fingerprint);
      if (repeat === undefined) return 1;
      const line = lineOf(observation);
      const taken = repeat.taken.get(line) ?? 0;
      repeat.taken.set(line, taken + 1);
      return repeat.sorted.indexOf(line) + taken + 1;
    },
  };
}

function noteLine(
  lines: Map<string, number | number[]>,
  observation: Observation,
  fingerprintOf: (observation: FindingObservation) => string,
): void {
  if (observation.kind !== 'finding' || observation.state.is === 'ended' || !isNumbered(observation)) return;
  const fingerprint = fingerprintOf(observation);
  const known = lines.get(fingerprint);
  const line = lineOf(observation);
  if (known === undefined) lines.set(fingerprint, line);
  else if (typeof known === 'number') lines.set(fingerprint, [known, line]);
  else known.push(line);
}

function lineOf({ place }: FindingObservation): number {
  return place.is === 'code' || place.is === 'secret' ? (place.line ?? 0) : 0;
}
