import { describe, expect, test } from 'vitest';
import type { Audience } from '../exposure/audience.ts';
import { type Origin, originOfAudience, originState, originWords } from './origin.ts';

describe('where attackers start', () => {
  test.each<[Origin, string]>([
    ['internet', 'any internet address'],
    ['any-aws-account', 'any AWS account'],
    ['any-azure', 'any Azure network'],
    ['any-google-account', 'any Google account'],
    ['any-employee', 'somebody inside'],
    ['vendor', 'a vendor that was broken into'],
  ])('%s is a state of its own, in words %s', (origin, words) => {
    expect(originState(origin)).toEqual({ asset: origin, family: 'origin', capability: 'reach' });
    expect(originWords(origin)).toBe(words);
  });

  test.each<[Audience, Origin | null]>([
    ['internet', 'internet'],
    ['internet-wide', 'internet'],
    ['any-aws-account', 'any-aws-account'],
    ['any-azure', 'any-azure'],
    ['any-google-account', 'any-google-account'],
    ['cdn-only', null],
    ['partner', null],
    ['org', null],
    ['corp', null],
    ['none', null],
  ])('whom %s lets in starts at %s', (audience, origin) => {
    expect(originOfAudience(audience)).toBe(origin);
  });
});
