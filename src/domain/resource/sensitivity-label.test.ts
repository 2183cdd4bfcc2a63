import { expect, test } from 'vitest';
import { DEFAULT_LABELS, meaningOfLabel } from './sensitivity-label.ts';

test.each<[string, string | null, ...string[]]>([
  ['Public', 'public'],
  ['General', 'internal'],
  ['Internal use only', 'internal'],
  ['Confidential', 'confidential'],
  ['confidential \\ All Employees', 'confidential'],
  ['Confidential/Project Falcon', 'confidential'],
  ['Confidential \\ Anyone (unrestricted)', 'confidential'],
  ['Confidential - internal', 'confidential'],
  ['Company_Confidential', 'confidential'],
  ['Highly Confidential', 'restricted'],
  ['HIGHLY-CONFIDENTIAL', 'restricted'],
  ['Highly Confidential - GDPR', 'restricted', 'pii'],
  ['Confidential PCI-DSS', 'confidential', 'pci'],
  ['Restricted', 'restricted'],
  ['Top Secret', 'restricted'],
  ['Streng vertraulich', 'restricted'],
  ['Vertraulich', 'confidential'],
  ['Öffentlich', 'public'],
  ['Très confidentiel', 'restricted'],
  ['Non-confidential', 'internal'],
  ['Not confidential, public', 'public'],
  ['Unrestricted', 'internal'],
  // Names that tell nothing.
  ['Personal', null],
  ['Project Falcon', null],
  ['Secretariat', null],
  ['Publications', null],
  ['constructor', null],
  ['', null],
  ['Microsoft.Label.9FBDE396_1A24_4C79_8EDF_9254A0F35055', null],
])('the label "%s" tells its class', (name, dataClass, ...types) => {
  expect(meaningOfLabel(name)).toEqual({ dataClass, types });
});

test('its rank tells where its name does not', () => {
  const classOf = (name: string, rank: string) => meaningOfLabel(name, rank).dataClass;
  expect(
    ['None', 'Low', 'Medium', 'High', 'Critical', 'constructor'].map((rank) => classOf('Falcon', rank)),
  ).toEqual([null, 'internal', 'confidential', 'restricted', 'restricted', null]);
  expect(classOf('Public', 'Critical')).toBe('public');
});

test('labels with which a tenant begins are known by their ids', () => {
  expect(Object.values(DEFAULT_LABELS).map((name) => meaningOfLabel(name).dataClass)).toEqual([
    null,
    'public',
    ...Array(3).fill('internal'),
    ...Array(4).fill('confidential'),
    ...Array(3).fill('restricted'),
  ]);
});
