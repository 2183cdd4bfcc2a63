import { describe, expect, it } from 'vitest';
import { NO_ENVIRONMENT } from '../risk/deployment.ts';
import type { EstateResource } from '../risk/estate.ts';
import { OwnerPreferences } from './owner-preferences.ts';
import { NOTHING_DECLARED, placeResource } from './place-resource.ts';
import { Surroundings } from './surroundings.ts';

function resource(key: string, type: string, more: Partial<EstateResource> = {}): EstateResource {
  const name = key.slice(key.lastIndexOf('/') + 1);
  return {
    key,
    type,
    name,
    account: null,
    region: null,
    tags: {},
    facts: {},
    seenAt: 0,
    provenance: 'x',
    ...more,
  };
}

function placed(one: EstateResource, others: readonly EstateResource[] = [], estate: string | null = null) {
  const surroundings = new Surroundings([one, ...others], estate);
  return placeResource(one, NOTHING_DECLARED, surroundings.of(one));
}

const INSTANCE = 'aws:arn:aws:ec2:eu-west-1:111111111111:instance/i-1';

describe('where a resource belongs', () => {
  it.each([
    [
      'a pod’s controller: the labels of its namespace',
      placed(
        resource('k8s:c/apps/Deployment/shop/cart', 'workload', { facts: { namespace: 'shop' } }),
        [resource('k8s:c//Namespace//shop', 'namespace', { tags: { env: 'prod', team: 'checkout' } })],
        'k8s:c',
      ),
      { environment: 'production', team: 'checkout', sentence: 'The namespace shop: tag env says "prod".' },
    ],
    [
      'a namespace is not in itself',
      placed(resource('k8s:c//Namespace//shop', 'namespace', { tags: { team: 'checkout' } }), [], 'k8s:c'),
      { environment: null, team: 'checkout', sentence: undefined },
    ],
    [
      'a cluster’s name, where nothing nearer tells',
      placed(resource('k8s:prod-eu/apps/Deployment/shop/cart', 'workload'), [], 'k8s:prod-eu'),
      { environment: 'production', team: null, sentence: 'The cluster says "prod-eu".' },
    ],
    [
      'a cluster of which only an id is known has no name',
      placed(
        resource('k8s:x/apps/Deployment/shop/cart', 'workload'),
        [],
        'k8s:0d9b1c3e-0000-4000-8000-000000000000',
      ),
      { environment: null, team: null, sentence: undefined },
    ],
    [
      'a cluster of AWS by the name in its ARN',
      placed(
        resource('k8s:x/apps/Deployment/shop/cart', 'workload'),
        [],
        'k8s:arn:aws:eks:eu-west-1:111111111111:cluster/prod-1',
      ),
      { environment: 'production', team: null, sentence: 'The cluster says "prod-1".' },
    ],
    [
      'an instance: the scaling group that made it',
      placed(resource(INSTANCE, 'ec2-instance', { tags: { 'aws:autoscaling:groupName': 'web' } }), [
        resource('aws:arn:aws:autoscaling:eu-west-1:111111111111:asg/web', 'auto-scaling-group', {
          name: 'web',
          tags: { environment: 'staging' },
        }),
      ]),
      {
        environment: 'staging',
        team: null,
        sentence: 'The scaling group web: tag environment says "staging".',
      },
    ],
    [
      'an instance: the node group that made it',
      placed(resource(INSTANCE, 'ec2-instance', { tags: { 'eks:nodegroup-name': 'workers' } }), [
        resource('aws:arn:aws:eks:eu-west-1:111111111111:nodegroup/c/workers/1', 'eks-nodegroup', {
          name: 'workers',
          tags: { env: 'uat' },
        }),
      ]),
      { environment: 'staging', team: null, sentence: 'The node group workers: tag env says "uat".' },
    ],
    [
      'anything: the stack that made it, by its tags',
      placed(
        resource('aws:arn:aws:s3:::files', 's3-bucket', {
          tags: { 'aws:cloudformation:stack-name': 'shop' },
        }),
        [
          resource('aws:arn:aws:cloudformation:eu-west-1:111111111111:stack/shop/1', 'cloudformation-stack', {
            name: 'shop',
            tags: { stage: 'live', squad: 'checkout' },
          }),
        ],
      ),
      { environment: 'production', team: 'checkout', sentence: 'The stack shop: tag stage says "live".' },
    ],
    [
      'a stack that nobody described, by its name',
      placed(
        resource('aws:arn:aws:s3:::files', 's3-bucket', {
          tags: { 'aws:cloudformation:stack-name': 'shop-nonprod' },
        }),
      ),
      { environment: 'non-production', team: null, sentence: 'The stack says "shop-nonprod".' },
    ],
    [
      'anything: the unit of its account',
      placed(
        resource(INSTANCE, 'ec2-instance'),
        [
          resource('aws:a', 'organization-parent', { facts: { Child: '111111111111', Parent: 'ou-1' } }),
          resource('aws:b', 'organization-name', { facts: { Id: 'ou-1', Name: 'Production' } }),
        ],
        'aws:111111111111',
      ),
      { environment: 'production', team: null, sentence: 'The organisational unit says "Production".' },
    ],
    [
      'an instance: the name of its VPC, which is a tag',
      placed(resource(INSTANCE, 'ec2-instance', { facts: { VpcId: 'vpc-0a' } }), [
        resource('aws:arn:aws:ec2:eu-west-1:111111111111:vpc/vpc-0a', 'vpc', {
          facts: { VpcId: 'vpc-0a' },
          tags: { Name: 'production-main' },
        }),
      ]),
      { environment: 'production', team: null, sentence: 'The VPC says "production-main".' },
    ],
    [
      'anything: the account',
      placed(
        resource(INSTANCE, 'ec2-instance'),
        [
          resource('aws:a', 'organization-name', { facts: { Id: '111111111111', Name: 'shop-sandbox' } }),
          resource('aws:b', 'organization-tags', { facts: { Id: '111111111111' }, tags: { owner: 'shop' } }),
        ],
        'aws:111111111111',
      ),
      { environment: 'sandbox', team: 'shop', sentence: 'The account says "shop-sandbox".' },
    ],
    [
      'a resource of Azure: its group before its subscription',
      placed(
        resource('azure:/subscriptions/s/resourcegroups/g/providers/microsoft.sql/servers/db', 'sql-server'),
        [
          resource('azure:/subscriptions/s', 'azure-subscription', { name: 'Production' }),
          resource('azure:/subscriptions/s/resourcegroups/g', 'azure-resource-group', {
            tags: { env: 'qa' },
          }),
        ],
      ),
      {
        environment: 'test',
        team: null,
        sentence:
          'The resource group g: tag env says "qa"; The subscription says "Production" and was not followed.',
      },
    ],
    [
      'an asset of Google Cloud: its project before its folder',
      placed(
        resource('gcp://storage.googleapis.com/files', 'gcp-bucket', {
          facts: { ancestors: ['projects/1', 'folders/2', 'organizations/3'] },
        }),
        [
          resource('gcp://cloudresourcemanager.googleapis.com/folders/2', 'gcp-folder', {
            name: 'Production',
          }),
          resource('gcp://cloudresourcemanager.googleapis.com/projects/1', 'gcp-project', {
            name: 'shop',
            tags: { env: 'dev', team: 'checkout' },
          }),
        ],
        'gcp:1',
      ),
      {
        environment: 'development',
        team: 'checkout',
        sentence: 'The project shop: tag env says "dev"; The folder says "Production" and was not followed.',
      },
    ],
    [
      'its own name at last',
      placed(resource('aws:arn:aws:s3:::acme-prod-exports', 's3-bucket', { name: 'acme-prod-exports' })),
      { environment: 'production', team: null, sentence: 'The name says "acme-prod-exports".' },
    ],
  ])('%s', (_title, placement, { environment, team, sentence }) => {
    expect(placement).toMatchObject({ environment, team });
    expect(placement.production.evidence[0]?.sentence).toBe(sentence);
    expect(placement.production.state).toBe(
      environment === null ? 'unknown' : environment === 'production' ? 'yes' : 'no',
    );
  });

  it('what a person said stands before everything, and the rest is kept', () => {
    const declared = { environment: 'production', services: ['cart'], team: 'checkout' };
    const tags = { env: 'dev', service: 'shop', team: 'platform' };
    expect(placeResource({ name: 'x', tags }, declared, [])).toMatchObject({
      environment: 'production',
      services: ['cart'],
      team: 'checkout',
      attribution: {
        services: { reason: 'declared', confidence: 1 },
        owners: [
          { name: 'checkout', confidence: 1 },
          { name: 'platform', confidence: 0.9 },
        ],
      },
    });
  });
});

it('whom a person accepted for this very resource owns it', () => {
  const preferences = new OwnerPreferences({
    accepted: [{ resource: INSTANCE, owner: 'search', by: 'maria' }],
  });
  const team = (key?: string) =>
    placeResource({ key, name: 'x', tags: { team: 'front' } }, NOTHING_DECLARED, [], undefined, preferences)
      .team;
  expect([team(INSTANCE), team(`${INSTANCE}2`), team()]).toEqual(['search', 'front', 'front']);
});

it.each([
  ['prod', 'yes', []],
  ['dev', 'no', []],
  ['blue', 'unknown', NO_ENVIRONMENT.missing],
])(
  'of the tag env %s production is %s, and what is missing is named where nobody can tell',
  (env, state, missing) => {
    const { production } = placeResource({ name: 'x', tags: { env } }, NOTHING_DECLARED, []);
    expect([production.state, production.missing]).toEqual([state, missing]);
  },
);
