import { expect, test } from 'vitest';
import { countFinding } from './finding-limit.ts';

test('a report holds two million findings and not one more', () => {
  const report = { findings: 1_999_999 };
  countFinding(report);
  expect(report.findings).toBe(2_000_000);
  expect(() => countFinding(report)).toThrow(expect.objectContaining({ code: 'too_large' }));
  expect(report.findings).toBe(2_000_000);
});
