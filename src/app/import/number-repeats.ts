import { ByteKeys } from '#base/byte-keys.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
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
  const keys = new FingerprintNumbers();
  return { ordinalOf: (fingerprint) => keys.add(fingerprint, 1) };
}

/** Reads a report once to learn which of its findings repeat. */
export async function countRepeats(
  items: AsyncIterable<ReportItem>,
  fingerprintOf: (observation: FindingObservation) => string,
): Promise<Repeats> {
  const first = new FingerprintNumbers();
  const repeated = new Map<string, number[]>();
  try {
    for await (const item of items) {
      if (item.kind !== 'record') continue;
      for (const observation of item.observations) {
        if (observation.kind !== 'finding' || observation.state.is === 'ended' || !isNumbered(observation))
          continue;
        const fingerprint = fingerprintOf(observation);
        const line = lineOf(observation);
        const lines = repeated.get(fingerprint);
        if (lines !== undefined) lines.push(line);
        else if (!first.has(fingerprint)) first.add(fingerprint, line);
        else repeated.set(fingerprint, [first.of(fingerprint), line]);
      }
    }
  } catch {
    // A report that breaks off is read, and refused, once more by whoever asked for the repeats.
  }
  for (const lines of repeated.values()) lines.sort((a, b) => a - b);
  const taken = new Map<string, Map<number, number>>();
  return {
    ordinalOf(fingerprint, observation) {
      const lines = repeated.get(fingerprint);
      if (lines === undefined) return 1;
      let ofLine = taken.get(fingerprint);
      if (ofLine === undefined) {
        ofLine = new Map();
        taken.set(fingerprint, ofLine);
      }
      const line = lineOf(observation);
      const before = ofLine.get(line) ?? 0;
      ofLine.set(line, before + 1);
      return lines.indexOf(line) + before + 1;
    },
  };
}

/** A number for each fingerprint, without an object for any: most findings of a report do not repeat. */
class FingerprintNumbers {
  readonly #keys = new ByteKeys(16);
  #numbers = new Float64Array(1 << 8);

  has(fingerprint: string): boolean {
    return this.#keys.find(bytesOf(fingerprint)) >= 0;
  }

  /** 0 for one that was never added. */
  of(fingerprint: string): number {
    return this.#numbers[this.#keys.find(bytesOf(fingerprint))] ?? 0;
  }

  add(fingerprint: string, number: number): number {
    const index = this.#keys.add(bytesOf(fingerprint));
    if (index >= this.#numbers.length) {
      const larger = new Float64Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    const sum = (this.#numbers[index] as number) + number;
    this.#numbers[index] = sum;
    return sum;
  }
}

function bytesOf(fingerprint: string): Buffer {
  return Buffer.from(fingerprint.replaceAll('-', ''), 'hex');
}

function lineOf({ place }: FindingObservation): number {
  return place.is === 'code' || place.is === 'secret' ? (place.line ?? 0) : 0;
}
