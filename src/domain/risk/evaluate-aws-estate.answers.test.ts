import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { awsCli } from '#formats/aws-cli/aws-cli.ts';
import { openBytes } from '#formats/reading/open-input.ts';
import { identifyResource } from '../resource/resource-key.ts';
import type { EstateResource } from './estate.ts';
import { evaluateAwsEstate } from './evaluate-aws-estate.ts';

/** Answers of the AWS CLI, from the file to the ways in. */
const NOW = Date.UTC(2026, 10, 28);
const CONTEXT = { root: null, account: '111111111111', region: 'eu-west-1', cluster: null };

async function judged(answers: Readonly<Record<string, JsonObject>>, key: string) {
  const resources = new Map<string, EstateResource>();
  for (const [name, answer] of Object.entries(answers)) {
    for await (const input of openBytes(Buffer.from(JSON.stringify(answer)), name)) {
      for await (const item of awsCli.read(input, CONTEXT)) {
        expect(item.kind).not.toBe('reject');
        if (item.kind !== 'record' && item.kind !== 'beside') continue;
        for (const observation of item.observations) {
          if (observation.kind !== 'resource') continue;
          const { key: id } = identifyResource(observation.resource, {
            sourceId: 's',
            cluster: null,
            repository: null,
            artifact: null,
          });
          const { type, name: called, account = null, region = null, tags = {}, facts } = observation;
          resources.set(id, {
            key: id,
            type,
            name: called,
            account,
            region,
            tags,
            facts,
            seenAt: NOW,
            provenance: 'aws-cli',
          });
        }
      }
    }
  }
  const risks = evaluateAwsEstate([...resources.values()], { now: NOW }).get(key);
  return {
    state: risks?.publiclyAccessible.state,
    ways: risks?.exposure.map(
      ({ surface, audience, auth, verdict }) => `${verdict} ${audience} ${auth} ${surface}`,
    ),
  };
}

const API = 'aws:arn:aws:apigateway:eu-west-1::/restapis/a1b2c3';
const everybody = (action: string, resource: string): string =>
  JSON.stringify({
    Statement: [{ Effect: 'Allow', Principal: '*', Action: action, Resource: resource }],
  });

describe('answers of the AWS CLI', () => {
  it('tell who may call the methods of a REST API', async () => {
    expect(
      await judged(
        {
          'apigateway-get-rest-apis.json': {
            items: [
              {
                id: 'a1b2c3',
                name: 'shop',
                apiKeySource: 'HEADER',
                endpointConfiguration: { types: ['REGIONAL'] },
              },
            ],
          },
          'apigateway-get-resources-a1b2c3.json': {
            items: [
              { id: 'r0', path: '/' },
              {
                id: 'r1',
                path: '/orders',
                resourceMethods: {
                  GET: { httpMethod: 'GET', authorizationType: 'NONE', apiKeyRequired: true },
                  POST: { httpMethod: 'POST', authorizationType: 'AWS_IAM', apiKeyRequired: false },
                },
              },
            ],
          },
          'apigateway-get-stages-a1b2c3.json': { item: [{ stageName: 'prod', deploymentId: 'd' }] },
        },
        API,
      ),
    ).toEqual({
      state: 'yes',
      ways: [
        'yes internet api-key GET /orders of execute-api',
        'no internet iam POST /orders of execute-api',
      ],
    });
  });

  it('tell what an accelerator stands in front of', async () => {
    const arn = 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/1';
    const accelerator = 'arn:aws:globalaccelerator::111111111111:accelerator/1';
    expect(
      await judged(
        {
          'elbv2-describe-load-balancers.json': {
            LoadBalancers: [
              {
                LoadBalancerArn: arn,
                LoadBalancerName: 'web',
                Type: 'application',
                Scheme: 'internal',
                VpcId: 'vpc-1',
                SecurityGroups: ['sg-1'],
                AvailabilityZones: [{ SubnetId: 'subnet-1' }],
              },
            ],
          },
          'elbv2-describe-listeners-web.json': {
            Listeners: [
              {
                ListenerArn: `${arn.replace(':loadbalancer/', ':listener/')}/2`,
                LoadBalancerArn: arn,
                Port: 443,
                Protocol: 'HTTPS',
                DefaultActions: [{ Type: 'fixed-response' }],
              },
            ],
          },
          'ec2-describe-security-groups.json': {
            SecurityGroups: [
              {
                GroupId: 'sg-1',
                GroupName: 'web',
                OwnerId: '111111111111',
                IpPermissions: [
                  { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
                ],
              },
            ],
          },
          'globalaccelerator-list-accelerators.json': {
            Accelerators: [{ AcceleratorArn: accelerator, Name: 'ga', Enabled: true }],
          },
          'globalaccelerator-list-listeners.json': {
            Listeners: [
              {
                ListenerArn: `${accelerator}/listener/2`,
                Protocol: 'TCP',
                PortRanges: [{ FromPort: 443, ToPort: 443 }],
              },
            ],
          },
          'globalaccelerator-list-endpoint-groups.json': {
            EndpointGroups: [
              {
                EndpointGroupArn: `${accelerator}/listener/2/endpoint-group/3`,
                EndpointDescriptions: [{ EndpointId: arn }],
              },
            ],
          },
        },
        `aws:${arn}`,
      ),
    ).toEqual({ state: 'yes', ways: ['no internet app any', 'yes internet app tcp/443 through ga'] });
  });

  it('tell that a distribution serves a private bucket', async () => {
    expect(
      await judged(
        {
          's3api-list-buckets.json': {
            Buckets: [{ Name: 'shop', CreationDate: '2024-01-01' }],
            Owner: { ID: 'x' },
          },
          's3api-get-bucket-policy-shop.json': {
            Policy: JSON.stringify({
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { Service: 'cloudfront.amazonaws.com' },
                  Action: 's3:GetObject',
                  Resource: 'arn:aws:s3:::shop/*',
                  Condition: {
                    StringEquals: { 'AWS:SourceArn': 'arn:aws:cloudfront::111111111111:distribution/E1' },
                  },
                },
              ],
            }),
          },
          's3api-get-bucket-ownership-controls-shop.json': {
            OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
          },
          'cloudfront-list-distributions.json': {
            DistributionList: {
              Quantity: 1,
              Items: [
                {
                  Id: 'E1',
                  ARN: 'arn:aws:cloudfront::111111111111:distribution/E1',
                  DomainName: 'd1.cloudfront.net',
                  Enabled: true,
                  Origins: { Items: [{ Id: 'o', DomainName: 'shop.s3.eu-west-1.amazonaws.com' }] },
                  DefaultCacheBehavior: { TargetOriginId: 'o' },
                },
              ],
            },
          },
        },
        'aws:arn:aws:s3:::shop',
      ),
    ).toEqual({
      state: 'no',
      ways: ['no internet app any', 'no internet app any', 'yes cdn-only app read'],
    });
  });

  const table = 'arn:aws:dynamodb:eu-west-1:111111111111:table/orders';
  const vault = 'arn:aws:backup:eu-west-1:111111111111:backup-vault:main';
  const bus = 'arn:aws:events:eu-west-1:111111111111:event-bus/shop';
  it.each<[string, string, Record<string, JsonObject>]>([
    [
      'a table',
      `aws:${table}`,
      {
        'dynamodb-list-tables.json': { TableNames: ['orders'] },
        'dynamodb-get-resource-policy-orders.json': {
          Policy: everybody('dynamodb:GetItem', table),
          RevisionId: '1',
        },
      },
    ],
    [
      'a vault of backups',
      `aws:${vault}`,
      {
        'backup-list-backup-vaults.json': {
          BackupVaultList: [{ BackupVaultName: 'main', BackupVaultArn: vault }],
        },
        'backup-get-backup-vault-access-policy-main.json': {
          BackupVaultName: 'main',
          BackupVaultArn: vault,
          Policy: everybody('backup:StartRestoreJob', '*'),
        },
      },
    ],
    [
      'a bus of events',
      `aws:${bus}`,
      {
        'events-list-event-buses.json': {
          EventBuses: [{ Name: 'shop', Arn: bus, Policy: everybody('events:PutEvents', bus) }],
        },
      },
    ],
  ])('tell who may use %s', async (_, key, answers) => {
    const { state, ways } = await judged(answers, key);
    expect(state).toBe('yes');
    expect(ways?.every((way) => way.startsWith('yes any-aws-account iam '))).toBe(true);
  });
});

describe('an answer that is not all of a list', () => {
  const INSTANCE = 'aws:arn:aws:ec2:eu-west-1:111111111111:instance/i-0a1b2c3d';
  const within = { VpcId: 'vpc-1' };
  const ANSWERS: Readonly<Record<string, JsonObject>> = {
    'ec2-describe-instances.json': {
      Reservations: [
        {
          OwnerId: '111111111111',
          Instances: [
            {
              ...within,
              InstanceId: 'i-0a1b2c3d',
              State: { Name: 'running' },
              NetworkInterfaces: [
                {
                  ...within,
                  NetworkInterfaceId: 'eni-1',
                  SubnetId: 'subnet-1',
                  Groups: [{ GroupId: 'sg-1' }],
                  Association: { PublicIp: '3.3.3.3' },
                },
              ],
            },
          ],
        },
      ],
    },
    'ec2-describe-security-groups.json': {
      SecurityGroups: [
        {
          ...within,
          GroupId: 'sg-1',
          GroupName: 'web',
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges: [{ CidrIp: '0.0.0.0/0' }] },
          ],
        },
      ],
    },
    'ec2-describe-vpcs.json': { Vpcs: [{ ...within, CidrBlock: '10.0.0.0/16' }] },
    'ec2-describe-subnets.json': { Subnets: [{ ...within, SubnetId: 'subnet-1', CidrBlock: '10.0.1.0/24' }] },
    'ec2-describe-route-tables.json': {
      RouteTables: [
        {
          ...within,
          RouteTableId: 'rtb-main',
          Associations: [{ Main: true }],
          Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' }],
        },
      ],
    },
    'ec2-describe-network-acls.json': {
      NetworkAcls: [
        {
          ...within,
          NetworkAclId: 'acl-1',
          Associations: [{ SubnetId: 'subnet-1' }],
          Entries: [true, false].map((Egress) => ({
            Egress,
            RuleNumber: 100,
            RuleAction: 'allow',
            Protocol: '-1',
            CidrBlock: '0.0.0.0/0',
          })),
        },
      ],
    },
    'elb-describe-load-balancers.json': { LoadBalancerDescriptions: [] },
    'elbv2-describe-load-balancers.json': {
      LoadBalancers: [
        {
          ...within,
          LoadBalancerArn: 'arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/net/front/1',
          LoadBalancerName: 'front',
          Type: 'network',
          Scheme: 'internet-facing',
          AvailabilityZones: [{ SubnetId: 'subnet-1' }],
        },
      ],
    },
    'elbv2-describe-target-groups.json': { TargetGroups: [] },
  };

  it('proves a no only where it is all', async () => {
    expect((await judged(ANSWERS, INSTANCE)).state).toBe('no');
  });

  it.each([
    'ec2-describe-route-tables.json',
    'elb-describe-load-balancers.json',
    'elbv2-describe-load-balancers.json',
  ])('gives no *no* that the missing ones could change: %s', async (name) => {
    const rest = Object.entries(ANSWERS).filter(([each]) => each !== name);
    for (const called of [name.replace('.json', '-filtered.json'), name.replace('.json', '.page-2.json')]) {
      const answers = { ...Object.fromEntries(rest), [called]: ANSWERS[name] as JsonObject };
      expect((await judged(answers, INSTANCE)).state).toBe('unknown');
    }
    const paged = {
      ...Object.fromEntries(rest),
      [name]: { ...(ANSWERS[name] as JsonObject), NextToken: 'more' },
    };
    expect((await judged(paged, INSTANCE)).state).toBe('unknown');
  });
});
