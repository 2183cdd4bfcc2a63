import { describe, expect, it } from 'vitest';
import { deriveDataClass, isTaggedSensitive } from './data-class.ts';

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

describe('every word that is known', () => {
  it.each([
    ['public', 'public'],
    ['Open', 'public'],
    ['internal', 'internal'],
    ['private', 'internal'],
    ['low', 'internal'],
    ['confidential', 'confidential'],
    ['sensitive', 'confidential'],
    ['medium', 'confidential'],
    ['restricted', 'restricted'],
    ['Secret', 'restricted'],
    ['Highly Confidential', 'restricted'],
    ['high', 'restricted'],
    ['critical', 'restricted'],
  ])('of a class: %s', (word, dataClass) => {
    for (const key of [
      'data-classification',
      'data_class',
      'Classification',
      'sensitivity',
      'Confidentiality',
    ])
      expect(deriveDataClass({ [key]: word }, 'x').dataClass).toBe(dataClass);
    expect(isTaggedSensitive({ sensitivity: word })).toBe(
      dataClass === 'confidential' || dataClass === 'restricted',
    );
  });

  it.each([
    ['pii', 'pii'],
    ['gdpr', 'pii'],
    ['phi', 'phi'],
    ['hipaa', 'phi'],
    ['pci', 'pci'],
    ['PCI-DSS', 'pci'],
    ['sox', 'financial'],
  ])('of a type: %s', (word, type) => {
    const restricted = { dataClass: 'restricted', types: [type] };
    expect(deriveDataClass({ [word]: 'yes' }, 'x')).toMatchObject(restricted);
    expect(deriveDataClass({ compliance: word }, 'x')).toMatchObject(restricted);
    expect(deriveDataClass({ rules: word }, 'x')).toMatchObject({ dataClass: null, types: [] });
    // As a class it names a type and no class.
    expect(deriveDataClass({ sensitivity: word }, 'x')).toMatchObject({ dataClass: null, types: [type] });
    for (const no of ['', 'false', 'No', 'none', '0', 'n/a'])
      expect(deriveDataClass({ [word]: no }, 'x').types).toEqual([]);
  });

  it.each([
    ['backup', 'confidential', []],
    ['backups', 'confidential', []],
    ['dump', 'confidential', []],
    ['dumps', 'confidential', []],
    ['customer', 'confidential', ['pii']],
    ['customers', 'confidential', ['pii']],
    ['invoice', 'confidential', ['financial']],
    ['invoices', 'confidential', ['financial']],
    ['kyc', 'restricted', ['pii']],
    ['tfstate', 'restricted', ['credentials']],
    ['audit', 'internal', ['telemetry']],
  ])('of a name: %s', (word, dataClass, types) => {
    expect(deriveDataClass({}, `acme-${word.toUpperCase()}-eu`)).toMatchObject({ dataClass, types });
  });

  it('a type without a class never hides the class of a weaker clue', () => {
    const type = { dataClass: null, types: ['pii'], confidence: 0.95, reason: 'label' } as const;
    expect(deriveDataClass({ sensitivity: 'public' }, 'x', [type])).toMatchObject({
      dataClass: 'public',
      types: ['pii'],
    });
  });

  it('every clue says where it was read and how sure that is', () => {
    const clues = deriveDataClass(
      { PCI: 'yes', Compliance: 'hipaa', sensitivity: 'pii', level: 'x' },
      'x',
    ).clues;
    expect(clues).toEqual([
      { dataClass: 'restricted', types: ['pci'], confidence: 0.6, reason: 'tag PCI' },
      { dataClass: 'restricted', types: ['phi'], confidence: 0.6, reason: 'tag Compliance' },
      { dataClass: null, types: ['pii'], confidence: 0.6, reason: 'tag sensitivity' },
    ]);
    expect(deriveDataClass({ sensitivity: 'blue' }, 'x').clues).toEqual([]);
  });

  it('of a very long text only the beginning is read', () => {
    expect(
      deriveDataClass({ sensitivity: `${' '.repeat(100)}secret` }, `${'-'.repeat(500)}kyc`).dataClass,
    ).toBe(null);
    expect(deriveDataClass({}, `${'-'.repeat(497)}kyc`).dataClass).toBe('restricted');
    expect(deriveDataClass({ sensitivity: `${' '.repeat(94)}secret` }, 'x').dataClass).toBe('restricted');
  });

  it('a name of no tag tells nothing of what must not leave', () => {
    expect(isTaggedSensitive({})).toBe(false);
  });

  it('the surest clue stands first, whatever came first', () => {
    const weak = { dataClass: 'public', types: [], confidence: 0.1, reason: 'weak' } as const;
    const derived = deriveDataClass({ sensitivity: 'high' }, 'x', [weak]);
    expect(derived.clues.map(({ reason }) => reason)).toEqual(['tag sensitivity', 'weak']);
  });
});

it.each([
  ...['', 'false', 'No', 'n', 'none', 'off', '0', 'n/a', 'never'],
  ...['not applicable', 'out-of-scope', 'NotInScope', 'exempt'],
  ...['unknown', 'TBD', 'unclassified', 'undefined', 'null'],
])('a tag for a type with the value %j tells of none', (value) => {
  expect(deriveDataClass({ pci: value }, 'x')).toEqual({ dataClass: null, types: [], clues: [] });
});

it.each(['pci hipaa', 'pci:hipaa', 'pci|hipaa', 'pci/hipaa', 'pci+hipaa', 'pci;hipaa', 'pci,hipaa'])(
  'rules are listed with any mark between them: %s',
  (value) => {
    expect(deriveDataClass({ compliance: value }, 'x').types).toEqual(['pci', 'phi']);
  },
);
