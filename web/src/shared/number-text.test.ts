import { describe, expect, it } from 'vitest';
import { counted, scoreText, shortCount, sizeText } from './number-text.ts';

describe('numbers as text', () => {
  it.each([
    [0, '0 findings'],
    [1, '1 finding'],
    [41_207, '41,207 findings'],
  ])('%d with its noun', (count, text) => {
    expect(counted(count, 'finding')).toBe(text);
  });

  it('has a noun of its own plural', () => {
    expect(counted(2, 'advisory', 'advisories')).toBe('2 advisories');
  });

  it.each([
    [9_999, '9,999'],
    [10_000, '10k'],
    [41_999, '41k'],
    [999_999, '999k'],
    [1_000_000, '1M'],
  ])('%d in a narrow column is never more than it is', (count, text) => {
    expect(shortCount(count)).toBe(text);
  });

  it('gives a score its one decimal', () => {
    expect([scoreText(10), scoreText(9.8), scoreText(0)]).toEqual(['10.0', '9.8', '0.0']);
  });

  it.each([
    [999, '999 bytes'],
    [1_000, '1.0 kB'],
    [12_345, '12 kB'],
    [999_600, '1.0 MB'],
    [2_340_000_000, '2.3 GB'],
    [5_000_000_000_000, '5000 GB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});
