import { expect, it } from 'vitest';
import { aliasText, isHostName } from './alias-text.ts';

it.each<[string, string | null]>([
  ['Shop.Example.com.', 'shop.example.com'],
  ['shop.example.com:8443', 'shop.example.com'],
  ['10.0.1.5:80', '10.0.1.5'],
  ['[2001:DB8::1]:443', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['::ffff:10.0.1.5', '10.0.1.5'],
  ['i-0ABC', 'i-0abc'],
  ['localhost', null],
  ['127.0.0.1', null],
  ['::1', null],
  ['169.254.169.254', null],
  ['*.example.com', null],
  ['', null],
  ['-', null],
  ['x'.repeat(400), null],
])('%s', (name, alias) => {
  expect(aliasText(name)).toBe(alias);
});

it.each<[string, boolean]>([
  ['shop.example.com', true],
  ['10.0.1.5', false],
  ['2001:db8::1', false],
  ['i-0abc', false],
])('%s is a host name: %s', (alias, expected) => {
  expect(isHostName(alias)).toBe(expected);
});
