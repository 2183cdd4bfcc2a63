import { describe, expect, it } from 'vitest';
import { deriveDataClass } from './data-class.ts';

describe('what a resource holds', () => {
  it.each([
    ['nothing tells', {}, 'web-assets', null, []],
    ['a tag', { 'data-classification': 'Confidential' }, 'x', 'confidential', []],
    ['a tag spelled otherwise', { DataClassification: 'highly-confidential' }, 'x', 'restricted', []],
    ['a tag with a word that nobody knows', { sensitivity: 'blue' }, 'x', null, []],
    ['a tag that names a type', { pii: 'true' }, 'x', 'restricted', ['pii']],
    ['a tag that denies a type', { pii: 'false' }, 'x', null, []],
    ['rules about data', { compliance: 'hipaa, pci-dss' }, 'x', 'restricted', ['pci', 'phi']],
    ['a rule about something else', { compliance: 'iso27001' }, 'x', null, []],
    ['the name', {}, 'acme-customer-exports', 'confidential', ['pii']],
    ['a name that only sounds like it', {}, 'auditorium-backupless', null, []],
    ['a tag before the name', { sensitivity: 'public' }, 'kyc-files', 'public', ['pii']],
    ['the higher of two tags', { sensitivity: 'internal', gdpr: 'yes' }, 'x', 'restricted', ['pii']],
  ] as const)('%s', (_title, tags, name, dataClass, types) => {
    expect(deriveDataClass(tags, name)).toMatchObject({ dataClass, types });
  });

  it('a scanner of data knows better than a tag, and every clue is kept', () => {
    const scanned = { dataClass: 'restricted', types: ['pci'], confidence: 0.95, reason: 'Macie' } as const;
    const derived = deriveDataClass({ sensitivity: 'public' }, 'dump', [scanned]);
    expect(derived).toMatchObject({ dataClass: 'restricted', types: ['pci'] });
    expect(derived.clues.map(({ reason, confidence }) => [reason, confidence])).toEqual([
      ['Macie', 0.95],
      ['tag sensitivity', 0.6],
      ['the word "dump" in its name', 0.3],
    ]);
  });
});
