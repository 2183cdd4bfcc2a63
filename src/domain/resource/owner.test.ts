import { describe, expect, it } from 'vitest';
import { deriveOwner } from './owner.ts';
import { creatorCandidate } from './resource-creator.ts';

describe('the owner of a resource', () => {
  it.each([
    { title: 'nobody', clues: { tags: {} }, owner: null, reasons: [] },
    {
      title: 'a tag, whatever its case and separators',
      clues: { tags: { Owned_By: 'payments' } },
      owner: 'payments',
      reasons: ['tag Owned_By'],
    },
    {
      title: 'a team before a contact',
      clues: { tags: { contact: 'a@example.com', team: 'payments' } },
      owner: 'payments',
      reasons: ['tag team', 'tag contact'],
    },
    {
      title: 'two tags that differ in their letters alone are two candidates',
      clues: { tags: { Owner: 'core', owner: 'payments', OWNER: 'terraform' } },
      owner: 'payments',
      reasons: ['tag owner', 'tag Owner'],
    },
    {
      title: 'the same name twice is one candidate',
      clues: { tags: { team: 'Payments', owner: 'payments' } },
      owner: 'Payments',
      reasons: ['tag team'],
    },
    {
      title: 'machines own nothing',
      clues: { tags: { owner: 'terraform', team: 'renovate[bot]' } },
      owner: null,
      reasons: [],
    },
    {
      title: 'a tag before the catalogue when both are as sure',
      clues: { tags: { team: 'a' }, declared: [{ name: 'b', confidence: 0.9, reason: 'catalog-info.yaml' }] },
      owner: 'a',
      reasons: ['tag team', 'catalog-info.yaml'],
    },
    {
      title: 'the catalogue before the namespace',
      clues: {
        tags: {},
        surroundings: [{ what: 'namespace', name: 'shop', tags: { team: 'a' } }],
        declared: [{ name: 'b', confidence: 0.7, reason: 'CODEOWNERS' }],
      },
      owner: 'b',
      reasons: ['CODEOWNERS', 'namespace shop: tag team'],
    },
    {
      title: 'who created it, without the id',
      clues: { tags: { 'aws:createdBy': 'IAMUser:AIDAEXAMPLE:maria' } },
      owner: 'maria',
      reasons: ['tag aws:createdBy'],
    },
    {
      title: 'a person decided',
      clues: { tags: { team: 'a' }, declaredTeam: 'b' },
      owner: 'b',
      reasons: ['--team of the import', 'tag team'],
    },
  ])('$title', ({ clues, owner, reasons }) => {
    const derived = deriveOwner(clues);
    expect(derived.owner).toBe(owner);
    expect(derived.candidates.map((candidate) => candidate.reason)).toEqual(reasons);
  });
});

it('what is sold or pays stands behind everybody who is named', () => {
  const tags = { 'cost-center': 'cc-42', Product: 'shop' };
  expect(deriveOwner({ tags }).candidates).toEqual([
    { name: 'shop', confidence: 0.5, reason: 'tag Product' },
    { name: 'cc-42', confidence: 0.5, reason: 'tag cost-center' },
  ]);
  expect(deriveOwner({ tags: { ...tags, slack: '#shop' } }).owner).toBe('#shop');
  expect(deriveOwner({ tags, declared: [{ name: 'x', confidence: 0.7, reason: 'r' }] }).owner).toBe('x');
});

it('every tag that names an owner does, as sure as its kind', () => {
  const keys: readonly (readonly [string, number])[] = [
    ['team', 0.9],
    ['dd-team', 0.9],
    ['tags.datadoghq.com/team', 0.9],
    ['owned-by', 0.9],
    ['owner', 0.9],
    ['squad', 0.9],
    ['contact', 0.9],
    ['email', 0.9],
    ['slack', 0.9],
    ['org.opencontainers.image.vendor', 0.6],
    ['org.opencontainers.image.authors', 0.6],
    ['product', 0.5],
    ['cost-center', 0.5],
    ['aws:createdBy', 0.4],
  ];
  const tags = Object.fromEntries(keys.map(([key]) => [key, `of ${key.replaceAll(':', ' ')}`]));
  expect(deriveOwner({ tags }).candidates.map(({ reason, confidence }) => [reason, confidence])).toEqual(
    keys.map(([key, confidence]) => [`tag ${key}`, confidence]),
  );
  for (const [key, confidence] of keys)
    expect(deriveOwner({ tags: { [key]: 'ada' } }).candidates).toEqual([
      { name: 'ada', confidence, reason: `tag ${key}` },
    ]);
  expect(deriveOwner({ tags: {}, declaredTeam: 'ada' }).candidates).toEqual([
    { name: 'ada', confidence: 1, reason: '--team of the import' },
  ]);
  expect(deriveOwner({ tags: { team: 'x'.repeat(300) } }).owner).toBe('x'.repeat(100));
});

it('names who created a resource behind its own tags, before the tags of what it is in', () => {
  const made = creatorCandidate('maria', 'CreateBucket', Date.UTC(2026, 4, 1));
  const clues = {
    tags: {},
    declared: [made],
    surroundings: [{ what: 'account', name: 'shop', tags: { team: 'platform' } }],
  };
  const named = (more: object = {}) =>
    deriveOwner({ ...clues, ...more }).candidates.map(({ name, confidence }) => `${name} ${confidence}`);
  expect(named()).toEqual(['maria 0.4', 'platform 0.4']);
  expect(named({ tags: { team: 'payments' } })).toEqual(['payments 0.9', 'maria 0.4', 'platform 0.4']);
  expect(deriveOwner(clues).candidates[0]?.reason).toBe('created it on 2026-05-01 (CreateBucket)');
});

it('what people said stands once, without what stands around it; nothing is nobody', () => {
  const accepted = (name: string, by: string | null = null) => ({
    tags: { team: 'b' },
    accepted: { name, by },
  });
  expect(deriveOwner({ ...accepted(' b '), declaredTeam: ' b ' }).candidates).toEqual([
    { name: 'b', confidence: 1, reason: 'accepted', isAccepted: true },
  ]);
  expect(deriveOwner({ ...accepted('  '), declaredTeam: '  ' }).candidates).toEqual([
    { name: 'b', confidence: 0.9, reason: 'tag team' },
  ]);
  expect(deriveOwner({ tags: { team: '', owner: '  ' } })).toEqual({ owner: null, candidates: [] });
  expect(deriveOwner({ tags: { team: ' b ' } }).owner).toBe('b');
});

it('only of who created it the last part is the name', () => {
  expect(deriveOwner({ tags: { owner: 'acme:payments' } }).owner).toBe('acme:payments');
  expect(deriveOwner({ tags: { 'aws:createdBy': `${'x:'.repeat(90)}maria` } }).owner).toBe('maria');
});

it('what it is in is named by its kind where it has no name that people gave', () => {
  const surroundings = [{ what: 'VPC', name: null, tags: { team: 'network' } }];
  expect(deriveOwner({ tags: {}, surroundings }).candidates).toEqual([
    { name: 'network', confidence: 0.4, reason: 'VPC: tag team' },
  ]);
});
