import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareDecisions } from './decide.test-sample.ts';

const CASES = 20_000;

describe('a decision', () => {
  test(`equals the literal reading of AWS's rules in ${CASES} random cases`, () => {
    const seen = compareDecisions(CASES, 20_261_128);
    // Every answer occurs: the cases are not all denied.
    expect(seen.every((count) => count > CASES / 200)).toBe(true);
  });

  test('is compared with code that shares nothing with it', () => {
    const literal = readFileSync(new URL('./decide.literal.test-sample.ts', import.meta.url), 'utf8');
    expect(literal).not.toMatch(/^\s*(?:import|export .* from)\b/m);
  });
});
