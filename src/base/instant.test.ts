import { expect, test } from 'vitest';
import { instantText, parseInstant } from './instant.ts';

test.each([
  ['2024-11-20T10:11:12Z', '2024-11-20T10:11:12.000Z'],
  ['2024-11-20T10:11:12.123456789+02:00', '2024-11-20T08:11:12.123Z'],
  ['2024-11-20 10:11:12', '2024-11-20T10:11:12.000Z'],
  ['2024-11-20T10:11:12', '2024-11-20T10:11:12.000Z'],
  ['2024-11-20', '2024-11-20T00:00:00.000Z'],
  ['2024-11-20 10:11:12 -0500 EST', '2024-11-20T15:11:12.000Z'],
  ['Wed, 20 Nov 2024 10:11:12 GMT', '2024-11-20T10:11:12.000Z'],
  [1732097472, '2024-11-20T10:11:12.000Z'],
  [1732097472000, '2024-11-20T10:11:12.000Z'],
  ['1732097472000000', '2024-11-20T10:11:12.000Z'],
  ['1732097472000000000', '2024-11-20T10:11:12.000Z'],
])('%s is read as %s', (text, expected) => {
  const instant = parseInstant(text);
  expect(instant === null ? null : instantText(instant)).toBe(expected);
});

test.each([
  ['0001-01-01T00:00:00Z'],
  ['1970-01-01'],
  ['yesterday'],
  [''],
  [null],
  [Number.NaN],
  [-5],
  ['2024-13-01'],
  ['9'.repeat(100)],
])('%s states no time', (value) => {
  expect(parseInstant(value)).toBeNull();
});
