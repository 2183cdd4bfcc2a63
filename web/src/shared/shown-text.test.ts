import { describe, expect, it } from 'vitest';
import { shownText } from './shown-text.ts';

describe('a text of a report', () => {
  it.each([
    ['a direction turned over', 'invoice\u202Egpj.exe', 'invoice\uFFFDgpj.exe'],
    ['an isolate that is never closed', '\u2066a', '\uFFFDa'],
    ['NUL and escape', 'a\u0000b\u001B[31m', 'a\uFFFDb\uFFFD[31m'],
    ['a carriage return, which hides what stands before it', 'a\rb', 'a\uFFFDb'],
  ])('loses %s', (_name, text, shown) => {
    expect(shownText(text)).toBe(shown);
  });

  it.each(['<img src=x onerror=alert(1)>', 'tab\tand\nline', 'שלום عربي \u200F', '😀 漢字'])(
    'keeps %s',
    (text) => {
      expect(shownText(text)).toBe(text);
    },
  );
});
