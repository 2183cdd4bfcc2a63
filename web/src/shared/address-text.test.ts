import { describe, expect, it } from 'vitest';
import { addressSearchText, parseAddressSearch } from './address-text.ts';

describe('the search part of an address', () => {
  it.each([
    [{}, ''],
    [{ all: true }, '?all=true'],
    [{ severity: ['critical', 'high'], q: undefined, issue: 'iss_1' }, '?severity=critical,high&issue=iss_1'],
    [{ q: 'a&b = c' }, '?q=a%26b+%3D+c'],
    [{ all: false, q: '', type: null }, ''],
  ])('%o is written as %s', (search, text) => {
    expect(addressSearchText(search)).toBe(text);
  });

  it('reads back what it wrote', () => {
    expect(parseAddressSearch(addressSearchText({ q: 'log4j, "core"', risk: ['in_production'] }))).toEqual({
      q: 'log4j, "core"',
      risk: 'in_production',
    });
  });
});
