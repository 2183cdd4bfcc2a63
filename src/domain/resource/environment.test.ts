import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveEnvironment, environmentOfWord } from './environment.ts';

describe('the environment that a tag value names', () => {
  it.each([
    ['prod', 'production'],
    ['Production', 'production'],
    ['PRD', 'production'],
    ['prd1', 'production'],
    ['prod-eu-1', 'production'],
    ['eu_west_prod', 'production'],
    ['live', 'production'],
    ['p', 'production'],
    ['nonprod', 'non-production'],
    ['non-prod', 'non-production'],
    ['Non_Production', 'non-production'],
    ['prod-like', 'non-production'],
    ['preprod', 'staging'],
    ['pre-prod', 'staging'],
    ['pre-production-2', 'staging'],
    ['stg', 'staging'],
    ['uat2', 'staging'],
    ['dev', 'development'],
    ['qa-3', 'test'],
    ['sandbox', 'sandbox'],
    ['production-like', 'non-production'],
    ['not production', 'non-production'],
    ['no-prod', 'non-production'],
    ['near_live', 'non-production'],
    ['nonprod-eu-2', 'non-production'],
    ['NonProd', 'non-production'],
    ['prod nonprod', null],
    ['prod-test', null],
    ['dev-prod', null],
    ['product', null],
    ['reproduction', null],
    ['blue', null],
    ['', null],
    ['pr', null],
  ])('%s names %s', (value, environment) => {
    expect(environmentOfWord(value)).toBe(environment);
  });

  const PRODUCTION = ['prod', 'production', 'prd', 'live'];
  it.each([
    ['production', [...PRODUCTION, 'prd1', 'p']],
    [
      'staging',
      ['stg', 'stage', 'staging', 'uat', 'acceptance', 's', ...PRODUCTION.map((word) => `pre-${word}`)],
    ],
    ['development', ['dev', 'devel', 'develop', 'development', 'local', 'd']],
    ['test', ['test', 'testing', 'tst', 'qa', 'qas', 'integration', 'e2e', 'ci', 'perf', 't']],
    ['sandbox', ['sandbox', 'sbx', 'demo', 'playground', 'poc', 'lab', 'training']],
    [
      'non-production',
      PRODUCTION.flatMap((word) => [
        `${word}-like`,
        ...['non', 'not', 'no', 'un', 'near', 'pseudo', 'quasi', 'semi'].map((not) => `${not}-${word}`),
      ]),
    ],
  ])('%s has many words, in any case, glued or not', (environment, words) => {
    for (const word of words)
      for (const value of [
        word,
        word.toUpperCase(),
        word.replace('-', ''),
        word.replace('-', '_'),
        ` ${word} `,
      ])
        expect([value, environmentOfWord(value)]).toEqual([value, environment]);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const environment = environmentOfWord(text);
        expect(environment === null || /^[a-z-]+$/.test(environment)).toBe(true);
      }),
    );
  });
});

describe('the environment of a resource', () => {
  it.each([
    {
      title: 'silence is unknown',
      clues: { tags: {} },
      environment: null,
      production: 'unknown',
      evidence: null,
    },
    {
      title: 'a tag',
      clues: { tags: { env: 'prod' } },
      environment: 'production',
      production: 'yes',
      evidence: 'The tag env says "prod".',
    },
    {
      title: 'a tag key in capitals',
      clues: { tags: { Environment: 'Staging' } },
      environment: 'staging',
      production: 'no',
      evidence: 'The tag Environment says "Staging".',
    },
    {
      title: 'a label of Datadog',
      clues: { tags: { 'tags.datadoghq.com/env': 'prod' } },
      environment: 'production',
      production: 'yes',
      evidence: 'The tag tags.datadoghq.com/env says "prod".',
    },
    {
      title: 'a word that nobody knows is not another environment',
      clues: { tags: { env: 'customer-a' } },
      environment: 'customer-a',
      production: 'unknown',
      evidence:
        'The tag env says "customer-a", which names neither production nor another known environment.',
    },
    {
      title: 'a known word behind an unknown one',
      clues: { tags: { env: 'eu', stage: 'dev' } },
      environment: 'development',
      production: 'no',
      evidence: 'The tag stage says "dev".',
      others: ['The tag env says "eu" (confidence 0.95).'],
    },
    {
      title: 'the tag wins over the account, which is named',
      clues: { tags: { env: 'dev' }, surroundings: [{ what: 'account', name: 'prod-billing', tags: {} }] },
      environment: 'development',
      production: 'no',
      evidence: 'The tag env says "dev"; The account says "prod-billing" and was not followed.',
      others: ['The account says "prod-billing" (confidence 0.6).'],
    },
    {
      title: 'the tags of the namespace',
      clues: {
        tags: {},
        surroundings: [{ what: 'namespace', name: 'shop-dev', tags: { env: 'prod' } }],
      },
      environment: 'production',
      production: 'yes',
      evidence:
        'The namespace shop-dev: tag env says "prod"; The namespace says "shop-dev" and was not followed.',
      others: ['The namespace says "shop-dev" (confidence 0.6).'],
    },
    {
      title: 'the namespace',
      clues: { tags: {}, surroundings: [{ what: 'namespace', name: 'shop-staging', tags: {} }] },
      environment: 'staging',
      production: 'no',
      evidence: 'The namespace says "shop-staging".',
    },
    {
      title: 'a namespace that only sounds like it',
      clues: { tags: {}, surroundings: [{ what: 'namespace', name: 'live-chat', tags: {} }] },
      environment: null,
      production: 'unknown',
      evidence: null,
    },
    {
      title: 'the path',
      clues: { tags: {}, path: 'envs/prod/main.tf' },
      environment: 'production',
      production: 'yes',
      evidence: 'The path says "envs/prod/main.tf".',
    },
    {
      title: 'a person',
      clues: { tags: { env: 'dev' }, explicit: 'production' },
      environment: 'production',
      production: 'yes',
      evidence: '--env of the import says "production"; The tag env says "dev" and was not followed.',
      others: ['The tag env says "dev" (confidence 0.95).'],
    },
    {
      title: 'an empty tag says nothing',
      clues: { tags: { env: ' ' }, surroundings: [{ what: 'cluster', name: 'prod-1', tags: {} }] },
      environment: 'production',
      production: 'yes',
      evidence: 'The cluster says "prod-1".',
    },
    {
      title: 'the tags of what it is in, before the name of what is nearer',
      clues: {
        tags: {},
        surroundings: [
          { what: 'VPC', name: 'dev', tags: {} },
          { what: 'account', name: null, tags: { stage: 'prd' } },
        ],
      },
      environment: 'production',
      production: 'yes',
      evidence: 'The account: tag stage says "prd"; The VPC says "dev" and was not followed.',
      others: ['The VPC says "dev" (confidence 0.6).'],
    },
    {
      title: 'its own name, last of all',
      clues: { tags: {}, path: 'envs/staging/db.tf', name: 'orders-prod-db' },
      environment: 'staging',
      production: 'no',
      evidence: 'The path says "envs/staging/db.tf"; The name says "orders-prod-db" and was not followed.',
      others: ['The name says "orders-prod-db" (confidence 0.3).'],
    },
    {
      title: 'a name that is not production',
      clues: { tags: {}, name: 'nonprod-orders' },
      environment: 'non-production',
      production: 'no',
      evidence: 'The name says "nonprod-orders".',
    },
  ])('$title', ({ clues, environment, production, evidence, others = [] }) => {
    expect(deriveEnvironment(clues)).toEqual({ environment, production, evidence, others });
  });

  it.each([
    'env',
    'environment',
    'Environment',
    'ENV',
    'stage',
    'deployment_environment',
    'deployment.environment',
    'deployment.environment.name',
    'app.kubernetes.io/env',
    'app.kubernetes.io/environment',
    'tags.datadoghq.com/env',
  ])('the tag %s names it', (key) => {
    expect(deriveEnvironment({ tags: { [key]: 'prd' } }).production).toBe('yes');
    expect(deriveEnvironment({ tags: { [`x${key}`]: 'prd' } }).production).toBe('unknown');
  });

  it('tells each place that was not followed, with how sure it is, and of a word its beginning', () => {
    const long = `${'x'.repeat(199)} prod`;
    const clues = {
      explicit: 'blue',
      tags: { env: 'green', environment: long },
      surroundings: [{ what: 'VPC', name: 'orders-prod', tags: { env: 'red' } }],
      path: 'envs/dev/db.tf',
      name: 'db-uat',
    };
    expect(deriveEnvironment(clues)).toMatchObject({
      environment: 'production',
      others: [
        '--env of the import says "blue" (confidence 1).',
        'The tag env says "green" (confidence 0.95).',
        `The tag environment says "${long.slice(0, 200)}" (confidence 0.95).`,
        'The VPC orders-prod: tag env says "red" (confidence 0.8).',
        'The path says "envs/dev/db.tf" (confidence 0.5).',
        'The name says "db-uat" (confidence 0.3).',
      ],
    });
  });

  it('reads each place only where no place before it tells', () => {
    const places = [
      { explicit: 'dev' },
      { tags: { env: 'prod' } },
      { surroundings: [{ what: 'VPC', name: 'dev', tags: { env: 'uat' } }] },
      { surroundings: [{ what: 'VPC', name: 'prod', tags: {} }] },
      { path: 'envs/sandbox/db.tf' },
      { name: 'orders-prod-db' },
    ];
    const told = ['development', 'production', 'staging', 'production', 'sandbox', 'production'];
    places.forEach((_, first) => {
      const clues = Object.assign({ tags: {} }, ...places.slice(first).reverse());
      expect(deriveEnvironment(clues).environment).toBe(told[first]);
    });
  });

  it.each([
    'live-chat',
    'stage-door',
    'acceptance',
    'local-files',
    'integration',
    'ci',
    'perf',
    'demo',
    'lab',
    'training',
    'poc',
    'e2e',
    'develop',
    'pre-live',
    'no-live-chat',
    'live-like',
  ])('a name may hold %s by chance', (name) => {
    expect(deriveEnvironment({ tags: {}, name }).production).toBe('unknown');
  });

  it('never says no without a word that names another environment', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.option(fc.string()), (tags, name) => {
        const derived = deriveEnvironment({ tags, name });
        if (derived.production === 'no') expect(derived.environment).not.toBeNull();
        if (derived.production !== 'unknown') expect(derived.evidence).not.toBeNull();
      }),
    );
  });
});

it('two spellings of a key are two tags: small letters first, an empty one says nothing', () => {
  const told = (tags: Readonly<Record<string, string>>) => deriveEnvironment({ tags });
  expect(told({ env: 'prod', Env: 'dev' })).toMatchObject({
    environment: 'production',
    evidence: 'The tag env says "prod"; The tag Env says "dev" and was not followed.',
  });
  expect(told({ Env: 'dev', env: 'prod' }).environment).toBe('production');
  expect(told({ Env: 'prod', env: ' ' }).environment).toBe('production');
  expect(told({ 'Deployment-Environment': 'prod' }).environment).toBe('production');
});

it('of a word that denies production and one that says what it is the latter counts', () => {
  expect(['nonprod-dev', 'prod-like staging', 'qa (non-prod)', 'nonprod'].map(environmentOfWord)).toEqual([
    'development',
    'staging',
    'test',
    'non-production',
  ]);
});
