import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import {
  adjustVulnerability,
  type SeverityFactor,
  type VulnerabilityContext,
} from '#domain/severity/adjust-vulnerability.ts';
import { parseCvssVector } from '#domain/severity/cvss-vector.ts';
import type { Severity } from '#domain/severity/severity.ts';

/** A CVSS vector, scored as it is and as it counts in a context. */
export interface ScoredVector {
  /** As given, without space around it. */
  readonly vector: string;
  /** `2.0`, `3.0`, `3.1` or `4.0`; a base in 3.0 is adjusted in 3.1. */
  readonly version: string;
  /** 0 to 10, of the base metrics alone. */
  readonly base: number;
  readonly adjustedVector: string;
  /** 0 to 10. */
  readonly adjusted: number;
  /** The level of `adjusted`. */
  readonly severity: Severity;
  /** In the order in which they apply; those that change nothing say why. */
  readonly factors: readonly SeverityFactor[];
}

/**
 * Scores CVSS vectors in one context, in their order. It reads nothing that is stored, so it needs no
 * context of the app and permits everybody. Throws `usage` for the first text that is no vector.
 * (design: severity, adjustment of vulnerabilities)
 */
export function scoreVectors({
  vectors,
  context,
}: {
  readonly vectors: readonly string[];
  readonly context: VulnerabilityContext;
}): readonly ScoredVector[] {
  return vectors.map((text) => scoreVector(text.trim(), context));
}

function scoreVector(text: string, context: VulnerabilityContext): ScoredVector {
  const vector = parseCvssVector(text);
  if (vector === null) {
    throw new InboxError(
      'usage',
      `"${oneLine(text, 100)}" is no CVSS vector: expected one of version 2.0, 3.0, 3.1 or 4.0 with all of its base metrics, such as CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H.`,
    );
  }
  const { base, adjustedVector, adjusted, severity, factors } = adjustVulnerability(
    { vector, word: null, wordCap: null },
    context,
  );
  return {
    vector: text,
    version: vector.version,
    base,
    adjustedVector: adjustedVector ?? vector.text,
    adjusted,
    severity,
    factors,
  };
}
