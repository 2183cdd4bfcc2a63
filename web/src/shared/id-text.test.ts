import { describe, expect, it } from 'vitest';
import { idText, sentIds } from './id-text.ts';

const pathOf = (id: string) => `/resources?${new URLSearchParams({ id })}`;

describe('an id', () => {
  it.each([
    ['arn:aws:s3:::a\u0001b', 'arn:aws:s3:::a\uFFFD0001b'],
    ['a\u202Egpj.exe', 'a\uFFFD202egpj.exe'],
    ['broken \uFFFD0041', 'broken \uFFFDfffd0041'],
    ['plain: naïve 🦊', 'plain: naïve 🦊'],
  ])('hides nothing, and is asked for as it is: %j', (id, shown) => {
    expect(idText(id)).toBe(shown);
    expect(sentIds(pathOf(idText(id)))).toBe(pathOf(id));
  });

  it('that somebody wrote into an address by hand means no other character', () => {
    expect(sentIds(pathOf('\uFFFD0041'))).toBe(pathOf('\uFFFD0041'));
  });
});
