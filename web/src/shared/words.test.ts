import { describe, expect, it } from 'vitest';
import { riskSentence, risksSentence } from './words.ts';

const no = {
  publicly_accessible: 'no',
  privileged_access: 'no',
  under_attack: 'no',
  exploit_available: 'no',
  in_production: 'no',
} as const;

describe('risks in words', () => {
  it('never say no for unknown', () => {
    expect(riskSentence('in_production', 'unknown')).toBe('Unknown whether in production');
    expect(riskSentence('in_production', 'no')).toBe('Not in production');
    expect(riskSentence('in_production', 'yes')).toBe('In production');
  });

  it.each([
    [no, 'no detected risks'],
    [{ ...no, in_production: 'yes' } as const, '1 detected risk: in production'],
    [
      { ...no, publicly_accessible: 'yes', under_attack: 'unknown', exploit_available: 'yes' } as const,
      '2 detected risks: public, exploit available; unknown: under attack',
    ],
    [{ ...no, privileged_access: 'unknown' } as const, 'no detected risks; unknown: privileged'],
  ])('%o', (states, sentence) => {
    expect(risksSentence(states)).toBe(sentence);
  });
});
