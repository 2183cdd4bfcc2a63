import { describe, expect, test } from 'vitest';
import type { VexStatement } from '#domain/finding/vex.ts';
import type { ExportedFinding, ExportedMute } from '#domain/ports/export-store.ts';
import { openvexHead, openvexStatement } from './write-openvex.ts';

const NOW = Date.UTC(2026, 10, 28, 12);
const AT = Date.UTC(2026, 10, 1);

const byHand = (because: ExportedMute['because'], more: Partial<ExportedMute> = {}): ExportedMute => ({
  vex: null,
  because,
  reason: '',
  until: null,
  at: AT,
  ...more,
});
const byVex = (
  status: VexStatement['status'],
  justification: string | null,
  reason = '',
  statedAt: number | null = AT,
): ExportedMute => ({
  vex: {
    advisory: 'CVE-2026-1',
    product: 'pkg:npm/lodash',
    within: null,
    status,
    justification,
    statement: reason === '' ? null : reason,
    statedAt,
    source: 'vendor',
  },
  because: null,
  reason,
  until: null,
  at: statedAt,
});
const finding = (more: Partial<ExportedFinding> = {}): ExportedFinding => ({
  fingerprint: '00000000-0000-4000-8000-000000000001',
  issueId: 'i',
  title: 'A flaw',
  advisory: 'CVE-2026-1',
  control: null,
  toolCheck: null,
  resource: { key: 'image:registry.example.com/shop', kind: 'image', name: 'registry.example.com/shop' },
  place: 'npm/lodash',
  locations: [{ version: '4.17.20' }],
  fix: null,
  firstSeen: 0,
  mute: byHand('no_fix'),
  ...more,
});
const statement = (more: Partial<ExportedFinding>) => openvexStatement(finding(more), NOW);

test('a document has a name, an author, its moment and its version', () => {
  const text = `${openvexHead({ now: NOW, version: '1.2.3' })}]}`;
  expect(JSON.parse(text)).toEqual({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': 'urn:security-inbox:vex:2026-11-28T12:00:00.000Z',
    author: 'Security Inbox',
    timestamp: '2026-11-28T12:00:00.000Z',
    version: 1,
    tooling: 'Security Inbox 1.2.3',
    statements: [],
  });
});

describe('what is said of a muted finding', () => {
  const until = Date.UTC(2026, 11, 30);
  test.each<[string, ExportedMute, object]>([
    [
      'a false positive',
      byHand('false_positive', { reason: 'Only in tests.' }),
      { status: 'not_affected', impact_statement: 'Only in tests.' },
    ],
    [
      'a false positive without a word',
      byHand('false_positive'),
      { status: 'not_affected', impact_statement: 'The scanner is wrong here.' },
    ],
    [
      'an accepted risk, with its end',
      byHand('risk_accepted', { until, reason: 'Behind a wall.' }),
      { status: 'affected', action_statement: 'The risk is accepted until 2026-12-30: Behind a wall.' },
    ],
    ['a fix to come', byHand('pending_fix'), { status: 'affected', action_statement: 'A fix is on its way' }],
    ['no fix', byHand('no_fix'), { status: 'affected', action_statement: 'There is no fix' }],
    [
      'another reason',
      byHand('other', { reason: 'Later.' }),
      { status: 'affected', action_statement: 'Nothing is done for now: Later.' },
    ],
    ['no reason at all', byHand(null), { status: 'affected', action_statement: 'Nothing is done for now' }],
    ['a statement that it was fixed', byVex('fixed', null, 'In 2.0.'), { status: 'fixed' }],
    ...[
      'component_not_present',
      'vulnerable_code_not_present',
      'vulnerable_code_not_in_execute_path',
      'vulnerable_code_cannot_be_controlled_by_adversary',
      'inline_mitigations_already_exist',
    ].map((word): [string, ExportedMute, object] => [
      `a statement with the justification ${word}`,
      byVex('not_affected', word, 'Nobody calls it.'),
      { status: 'not_affected', justification: word, status_notes: 'Nobody calls it.' },
    ]),
    [
      'a statement with a justification alone',
      byVex('not_affected', 'component_not_present'),
      { status: 'not_affected', justification: 'component_not_present' },
    ],
    [
      'a statement with a word that OpenVEX has not',
      byVex('not_affected', 'requires_configuration', 'Off by default.'),
      { status: 'not_affected', impact_statement: 'requires_configuration: Off by default.' },
    ],
    [
      'a statement without a reason',
      byVex('not_affected', null),
      { status: 'not_affected', impact_statement: 'Not affected.' },
    ],
  ])('%s', (_, mute, said) => {
    expect(statement({ mute })).toEqual({
      vulnerability: { name: 'CVE-2026-1' },
      timestamp: '2026-11-01T00:00:00.000Z',
      products: [
        {
          '@id': 'pkg:oci/shop?repository_url=registry.example.com%2Fshop',
          subcomponents: [{ '@id': 'pkg:npm/lodash@4.17.20' }],
        },
      ],
      ...said,
    });
  });

  test.each([
    ['a rule', byHand('no_fix', { at: null })],
    ['a statement without a time', byVex('fixed', null, '', null)],
  ])('is said as of now where nobody knows since when: %s', (_, mute) => {
    expect(statement({ mute })).toMatchObject({ timestamp: '2026-11-28T12:00:00.000Z' });
  });

  test.each<[string, Partial<ExportedFinding>]>([
    ['a duplicate', { mute: byHand('duplicate') }],
    ['no advisory', { advisory: null }],
    ['no mute', { mute: null }],
  ])('is nothing with %s', (_, more) => {
    expect(statement(more)).toBeNull();
  });
});

describe('the product', () => {
  test.each<[string, Partial<ExportedFinding>, object]>([
    [
      'is what is no image by its own id, as an address',
      { resource: { key: 'host:my shop [old]', kind: 'host', name: 'my shop' } },
      { '@id': 'host:my%20shop%20%5Bold%5D' },
    ],
    [
      'names each version of the component once',
      { locations: [{ version: '1' }, { version: '2' }, { version: '1' }, {}] },
      { subcomponents: [{ '@id': 'pkg:npm/lodash@1' }, { '@id': 'pkg:npm/lodash@2' }] },
    ],
    [
      'names the component whatever its version where nobody tells one',
      { locations: [], place: 'npm/@acme/a b' },
      { subcomponents: [{ '@id': 'pkg:npm/%40acme/a%20b' }] },
    ],
  ])('%s', (_, more, product) => {
    expect(statement(more)).toMatchObject({ products: [product] });
  });

  test('is the whole where no component is named', () => {
    expect(statement({ place: '' })).toMatchObject({
      products: [{ '@id': 'pkg:oci/shop?repository_url=registry.example.com%2Fshop' }],
    });
    expect(JSON.stringify(statement({ place: '' }))).not.toContain('subcomponents');
  });
});
