import { expect, test } from 'vitest';
import { controlById } from '../control/control-catalogue.ts';
import { fixTitle } from './fix-title.ts';

test.each([
  ['one version', 'package:npm/axios', ['1.7.4'], 'Upgrade axios to 1.7.4'],
  [
    'the highest of several, in the order of its type',
    'package:maven/org.apache/log4j-core',
    ['2.9.1', '2.16.0', '2.15.0-rc1'],
    'Upgrade log4j-core to 2.16.0',
  ],
  ['a name with a scope', 'package:npm/@scope/tool', ['2.0.0'], 'Upgrade @scope/tool to 2.0.0'],
  ['lists of versions, which nobody can compare', 'package:npm/a', ['1.2.0, 2.0.1', '1.1.0'], 'Upgrade a'],
  ['no version', 'package:deb/libc6', [], 'Replace libc6: no fixed version is known'],
  ['an opening', 'opening:91679c80', ['close copy of orders'], 'Close copy of orders'],
  ['an opening that is gone', 'opening:91679c80', [], 'Close the opening'],
  ['a control that is no more', 'control:no.such', ['Set the ACL to private.'], 'Set the ACL to private'],
])('says what to do: %s', (_, name, told, title) => {
  expect(fixTitle(name, told)).toBe(title);
});

test('a control says the first thing of its remediation', () => {
  const text = controlById('s3.public-read')?.remediation.text ?? '';
  const title = fixTitle('control:s3.public-read', ['something of a scanner']);
  expect(title.length).toBeGreaterThan(10);
  expect(text.startsWith(title)).toBe(true);
  expect(title).not.toMatch(/[.;]$/);
});
