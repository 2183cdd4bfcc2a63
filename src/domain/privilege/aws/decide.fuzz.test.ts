import { describe, expect, test } from 'vitest';
import { compareDecisions } from './decide.test-sample.ts';

const CASES = 20_000;

describe('a decision', () => {
  test(`equals the literal reading of AWS's rules in ${CASES} random cases`, () => {
    const seen = compareDecisions(CASES, 20_261_128);
    // Every answer occurs: the cases are not all denied.
    expect(seen.every((count) => count > CASES / 1_000)).toBe(true);
  });
});
