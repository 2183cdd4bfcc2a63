import { SEVERITIES, type Severity } from '#domain/severity/severity.ts';

/** The word of a stored rank of severity. */
export function severityOf(rank: number): Severity {
  return SEVERITIES[SEVERITIES.length - 1 - rank] as Severity;
}
