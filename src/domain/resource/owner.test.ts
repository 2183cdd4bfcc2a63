import { describe, expect, it } from 'vitest';
import { type DeclaredOwner, deriveOwner, distinctOwners } from './owner.ts';
import { OwnerPreferences } from './owner-preferences.ts';
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

const named = (clues: Parameters<typeof deriveOwner>[0]) =>
  deriveOwner(clues).candidates.map(({ name }) => name);

it.each([
  ['ana@acme.example; bo@acme.example', ['ana@acme.example', 'bo@acme.example']],
  ['payments, checkout', ['payments', 'checkout']],
  ['payments,,payments ,', ['payments']],
  ['ana|bo\nada', ['ana', 'bo', 'ada']],
  ['Doe, Jane', ['Doe, Jane']],
  ['Ábel, Örs; Doe, Jane', ['Ábel, Örs', 'Doe, Jane']],
  ['Doe,Jane', ['Doe', 'Jane']],
  ['Payments, checkout', ['Payments', 'checkout']],
  ['Ana, Bo, Ada', ['Ana', 'Bo', 'Ada']],
  ['Ana@acme.example, Bo@acme.example', ['Ana@acme.example', 'Bo@acme.example']],
  ['terraform, payments', ['payments']],
  ['https://acme.example/teams/payments', ['https://acme.example/teams/payments']],
  [' ; ', []],
])('a tag may list owners: %j', (value, names) => {
  expect(named({ tags: { owner: value } })).toEqual(names);
  expect(named({ tags: { 'cost-center': value } })).toEqual(
    names[0] === 'payments' && value.startsWith('terraform') ? ['terraform', 'payments'] : names,
  );
});

it('a tag that names a team names one whatever it is called, a tag for an owner may name a login', () => {
  for (const key of [
    'team',
    'dd-team',
    'tags.datadoghq.com/team',
    'squad',
    'slack',
    'product',
    'cost-center',
  ])
    expect([key, named({ tags: { [key]: 'jenkins' } })]).toEqual([key, ['jenkins']]);
  for (const key of ['owner', 'owned-by', 'contact', 'email', 'org.opencontainers.image.vendor'])
    expect([key, named({ tags: { [key]: 'jenkins' } }), named({ tags: { [key]: 'build' } })]).toEqual([
      key,
      [],
      ['build'],
    ]);
  expect(named({ tags: { 'aws:createdBy': 'IAMUser:AIDAEXAMPLE:build' } })).toEqual([]);
});

it('a catalogue, a line of CODEOWNERS and whoever did something are taken for what they name', () => {
  const sources = ['catalogue', 'code-owners', 'commits', 'creator'] as const;
  const from = (name: string) =>
    sources.filter((source) => {
      const declared: readonly DeclaredOwner[] = [{ name, confidence: 0.5, reason: 'r', source }];
      return named({ tags: {}, declared }).length > 0;
    });
  expect(from('ci-platform')).toEqual(['catalogue', 'code-owners']);
  expect(from('terraform')).toEqual(['catalogue']);
  expect(from('@acme/platform-ci')).toEqual(sources);
  expect(from('renovate[bot]')).toEqual([]);
  expect(from('maria')).toEqual(sources);
});

it('whom a person or a preference names is nobody else, whatever the name', () => {
  const preferences = new OwnerPreferences({
    tags: [{ tag: 'cost-center', value: 'cc-1', owner: 'ci', note: null }],
  });
  const tags = { 'cost-center': 'cc-1' };
  expect(named({ tags, preferences })).toEqual(['ci', 'cc-1']);
  expect(named({ tags: {}, surroundings: [{ what: 'VPC', name: null, tags }], preferences })).toEqual([
    'ci',
    'cc-1',
  ]);
  expect(named({ tags: {}, declaredTeam: 'build' })).toEqual(['build']);
  expect(named({ tags: { team: 'payments' }, declaredTeam: 'Payments' })).toEqual(['Payments']);
});

it('what an outer thing is sold as or who made it stands behind whom another one names', () => {
  const surroundings = [
    { what: 'namespace', name: 'shop', tags: { product: 'helper', 'aws:createdBy': 'IAMUser:A:ada' } },
    { what: 'account', name: 'acme', tags: { team: 'sre' } },
  ];
  const made = creatorCandidate('maria', 'CreateBucket', 0);
  expect(
    deriveOwner({ tags: {}, surroundings, declared: [made] }).candidates.map(({ name, confidence }) => [
      name,
      confidence,
    ]),
  ).toEqual([
    ['maria', 0.4],
    ['sre', 0.4],
    ['helper', 0.3],
    ['ada', 0.3],
  ]);
});

it.each([
  ['IAMUser:AIDAEXAMPLE:maria', ['maria']],
  ['IAMUser: AIDAEXAMPLE : maria', ['maria']],
  ['FederatedUser:111111111111:maria', ['maria']],
  ['AssumedRole:AROAEXAMPLE:maria@acme.example', ['maria@acme.example']],
  ['AssumedRole:AROAEXAMPLE:run-8812', []],
  ['Root:111111111111', []],
  ['Root:111111111111:someone', []],
  ['IAMUser:AIDAEXAMPLE:', []],
  ['maria', ['maria']],
])('of who created it, as AWS writes it: %s', (value, names) => {
  expect(named({ tags: { 'aws:createdBy': value } })).toEqual(names);
});

it('each name stands once, whatever its case, where it is first', () => {
  const of = (name: string) => ({ name, confidence: 1, reason: name });
  expect(distinctOwners([of('A'), of('b'), of('a'), of('B')]).map(({ name }) => name)).toEqual(['A', 'b']);
});
