import { describe, expect, test } from 'vitest';
import { deriveOwner } from './owner.ts';
import { OwnerPreferences } from './owner-preferences.ts';

const PREFERENCES = new OwnerPreferences({
  tags: [
    { tag: 'cost-center', value: 'cc-42*', owner: 'payments', note: null },
    { tag: 'project', value: '*-lab', owner: 'research', note: 'whoever tries something' },
    { tag: 'team', value: 'legacy', owner: 'platform', note: null },
  ],
  exclusions: [
    { owner: '@acme/everyone', from: null, note: null },
    { owner: 'ops', from: 'inherited', note: null },
  ],
  accepted: [{ resource: 'aws:one', owner: 'search', by: 'maria' }],
});

const owned = (tags: Readonly<Record<string, string>>, more: object = {}) =>
  deriveOwner({ tags, preferences: PREFERENCES, ...more }).candidates.map(
    ({ name, reason }) => `${name}: ${reason}`,
  );

describe('preferences of an organisation', () => {
  test.each([
    [
      'a tag means somebody',
      { CostCenter: 'CC-4211' },
      ['payments: tag CostCenter, by a preference', 'CC-4211: tag CostCenter'],
    ],
    [
      'one of two tags that differ in their letters alone',
      { 'cost-center': 'cc-421', CostCenter: 'none', 'Cost-Center': 'x' },
      ['payments: tag cost-center, by a preference', 'cc-421: tag cost-center', 'x: tag Cost-Center'],
    ],
    ['with anything in front', { project: 'quantum-lab' }, ['research: tag project, by a preference']],
    ['another value means nobody', { project: 'quantum' }, []],
    [
      'a direct tag beats them',
      { team: 'front', 'cost-center': 'cc-42' },
      ['front: tag team', 'payments: tag cost-center, by a preference', 'cc-42: tag cost-center'],
    ],
    ['what is excluded owns nothing', { team: '@Acme/Everyone' }, []],
    ['excluded where it is inherited alone', { owner: 'ops' }, ['ops: tag owner']],
  ])('%s', (_title, tags, expected) => {
    expect(owned(tags)).toEqual(expected);
  });

  test('they come before catalogues, and count little where they are inherited', () => {
    const declared = [
      { name: 'shop', confidence: 0.9, reason: 'backstage: cart' },
      { name: '@acme/everyone', confidence: 0.7, reason: 'CODEOWNERS', source: 'code-owners' },
    ];
    const surroundings = [{ what: 'namespace', name: 'ops', tags: { owner: 'ops', project: 'x-lab' } }];
    expect(owned({ 'cost-center': 'cc-42' }, { declared, surroundings })).toEqual([
      'payments: tag cost-center, by a preference',
      'shop: backstage: cart',
      'cc-42: tag cost-center',
      'research: namespace ops: tag project, by a preference',
    ]);
  });

  test('whom a person accepted is the owner, before the word of an import and every tag', () => {
    expect(PREFERENCES.acceptedOf('aws:two')).toBeNull();
    const accepted = PREFERENCES.acceptedOf('aws:one');
    expect(
      deriveOwner({
        tags: { team: 'front' },
        accepted: { name: accepted?.owner ?? '', by: accepted?.by ?? null },
        declaredTeam: 'import-team',
      }),
    ).toEqual({
      owner: 'search',
      candidates: [
        { name: 'search', confidence: 1, reason: 'accepted by maria', isAccepted: true },
        { name: 'import-team', confidence: 1, reason: '--team of the import' },
        { name: 'front', confidence: 0.9, reason: 'tag team' },
      ],
    });
  });
});

test('names are compared without what stands around them, tags of a domain by every sign', () => {
  const told = new OwnerPreferences({
    tags: [{ tag: 'acme.example/cost-center', value: '42', owner: 'payments', note: null }],
    exclusions: [{ owner: ' Ops ', from: null, note: null }],
  });
  expect(told.isExcluded('ops', 'tag')).toBe(true);
  expect(told.meantBy({ 'acme.example/cost-center': '42' }).map(({ name }) => name)).toEqual(['payments']);
  expect(told.meantBy({ 'acme.example/costcenter': '42' })).toEqual([]);
});
