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
    },
    {
      title: 'the tag wins over the account, which is named',
      clues: { tags: { env: 'dev' }, accountName: 'prod-billing' },
      environment: 'development',
      production: 'no',
      evidence: 'The tag env says "dev"; The account name says "prod-billing" and was not followed.',
    },
    {
      title: 'the tags of the namespace',
      clues: {
        tags: {},
        inherited: [{ from: 'namespace shop', tags: { env: 'prod' } }],
        namespace: 'shop-dev',
      },
      environment: 'production',
      production: 'yes',
      evidence:
        'The namespace shop: tag env says "prod"; The namespace says "shop-dev" and was not followed.',
    },
    {
      title: 'the namespace',
      clues: { tags: {}, namespace: 'shop-staging' },
      environment: 'staging',
      production: 'no',
      evidence: 'The namespace says "shop-staging".',
    },
    {
      title: 'a namespace that only sounds like it',
      clues: { tags: {}, namespace: 'live-chat' },
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
      evidence: 'A person says "production"; The tag env says "dev" and was not followed.',
    },
    {
      title: 'an empty tag says nothing',
      clues: { tags: { env: ' ' }, cluster: 'prod-1' },
      environment: 'production',
      production: 'yes',
      evidence: 'The cluster name says "prod-1".',
    },
  ])('$title', ({ clues, environment, production, evidence }) => {
    expect(deriveEnvironment(clues)).toEqual({ environment, production, evidence });
  });

  it('never says no without a word that names another environment', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), fc.option(fc.string()), (tags, namespace) => {
        const derived = deriveEnvironment({ tags, namespace });
        if (derived.production === 'no') expect(derived.environment).not.toBeNull();
        if (derived.production !== 'unknown') expect(derived.evidence).not.toBeNull();
      }),
    );
  });
});
