import { expect } from 'vitest';
import type { ExposureRecord } from '#domain/exposure/exposure-record.ts';

/**
 * All that ways in tell, against the golden file of the test (`x.expected.snap`): who, through which settings, to
 * what, what would close it, the reasons, and what would settle what is unknown. Look at them as at any other change.
 */
export function expectTold(records: readonly ExposureRecord[]): void {
  for (const { verdict, evidence, missing } of records) {
    // What is unknown says what would settle it; an answer has a reason, with its source and time.
    expect(missing.length > 0).toBe(verdict === 'unknown');
    expect(evidence.length > 0 || verdict === 'unknown').toBe(true);
    for (const { provenance, at } of evidence) expect(provenance !== '' && Number.isFinite(at)).toBe(true);
  }
  expect(records.map(toldWay).join('\n')).toMatchSnapshot();
}

function toldWay(way: ExposureRecord): string {
  const { verdict, audience, surface, auth, via, gates, evidence, missing, senders, filteredBy } = way;
  return [
    `${verdict} ${audience} ${surface} ${auth}${way.isDormant ? ' dormant' : ''}${way.hands === undefined ? '' : ` hands ${way.hands}`}`,
    ...told('via', via),
    ...told('closed by', gates),
    ...told('from', senders),
    ...told('filtered by', filteredBy === undefined ? [] : [filteredBy]),
    ...evidence.map(({ sentence }) => `  says: ${sentence}`),
    ...missing.map((each) => `  needs: ${each}`),
  ].join('\n');
}

function told(word: string, texts: readonly string[] = []): readonly string[] {
  return texts.length === 0 ? [] : [`  ${word}: ${texts.join(' > ')}`];
}
