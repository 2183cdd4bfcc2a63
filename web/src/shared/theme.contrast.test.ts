import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const CSS = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

/** The two colours of a token: `light-dark(#fafaf9, #121211)`. */
function colours(token: string): { readonly light: string; readonly dark: string } {
  const [, light = '', dark = ''] =
    new RegExp(`--${token}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(CSS) ?? [];
  return { light, dark };
}

/** Relative luminance (WCAG 2). */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [most = 0, least = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (most + 0.05) / (least + 0.05);
}

const GROUNDS = ['ground', 'surface', 'raised', 'selected'];
const TEXTS = ['text', 'muted', 'faint', 'accent', 'critical', 'high', 'medium', 'low', 'info', 'good'];
const MARKS = ['unknown', 'line-control'];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  it.each([...TEXTS.map((token) => [token, 4.5] as const), ...MARKS.map((token) => [token, 3] as const)])(
    '%s stands out from every ground at least %d to 1',
    (token, least) => {
      for (const ground of GROUNDS)
        expect(contrast(colours(token)[theme], colours(ground)[theme]), ground).toBeGreaterThanOrEqual(least);
    },
  );

  it('what stands on the accent can be read', () => {
    expect(contrast(colours('on-accent')[theme], colours('accent')[theme])).toBeGreaterThanOrEqual(4.5);
  });
});
