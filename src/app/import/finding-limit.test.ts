import { expect, test } from 'vitest';
import { USUAL_LIMITS } from '#domain/ports/input-limits.ts';
import { countFinding } from './finding-limit.ts';

test('a report holds two million findings and not one more', () => {
  const report = { findings: 1_999_999 };
  countFinding(report, USUAL_LIMITS);
  expect(report.findings).toBe(2_000_000);
  expect(() => countFinding(report, USUAL_LIMITS)).toThrow(expect.objectContaining({ code: 'too_large' }));
  expect(report.findings).toBe(2_000_000);
});

test('or as many as whoever runs the product says', () => {
  const limits = { ...USUAL_LIMITS, 'findings-of-a-report': 1 };
  const report = { findings: 0 };
  countFinding(report, limits);
  expect(() => countFinding(report, limits)).toThrow('The report holds more than 1 findings.');
});
