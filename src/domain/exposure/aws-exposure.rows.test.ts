import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  expose,
  group,
  instance,
  NETWORK,
  NO_BALANCERS,
  recordsOf,
  resource,
  tcp,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/**
 * Rows of attack-paths §2.2 to §2.6 beside those of the reference product and the edge cases, each with all that is
 * told of it (`aws-exposure.rows.expected.snap`).
 */
type Row = readonly [
  title: string,
  state: 'yes' | 'no' | 'unknown',
  of: EstateResource,
  ...others: EstateResource[],
];

const open = group('sg-web', tcp(443, '0.0.0.0/0'), tcp(9094, '0.0.0.0/0'), tcp(5439, '0.0.0.0/0'));
const EVERYBODY: JsonObject = { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' };
const check = ([, state, of, ...others]: Row): void => {
  expect(expose([...NETWORK, open, ...others], of).state).toBe(state);
};

describe('services with endpoints', () => {
  const runner = (facts: JsonObject) =>
    resource('app-runner-service', 'shop', { ServiceName: 'shop', ...facts });
  const ingress = (isOpen: boolean): JsonObject => ({
    NetworkConfiguration: { IngressConfiguration: { IsPubliclyAccessible: isOpen } },
  });
  const lightsail = (facts: JsonObject) => resource('lightsail-instance', 'blog', { name: 'blog', ...facts });
  const port = (facts: JsonObject): JsonObject => ({
    networking: { ports: [{ fromPort: 80, toPort: 81, protocol: 'tcp', cidrs: ['0.0.0.0/0'], ...facts }] },
  });
  const notebook = (facts: JsonObject) => resource('sagemaker-notebook', 'lab', facts);
  const kafka = (facts: JsonObject) => resource('kafka-cluster', 'events', facts);
  const brokers = (Type: string, SecurityGroups: string[] = ['sg-web']): JsonObject => ({
    BrokerNodeGroupInfo: { SecurityGroups, ConnectivityInfo: { PublicAccess: { Type } } },
  });
  const appsync = (facts: JsonObject) => resource('appsync-api', 'graph', { name: 'graph', ...facts });
  const collection = resource('opensearch-collection', 'logs', {});
  const networkPolicy = (name: string, facts: JsonObject) =>
    resource('opensearch-network-policy', name, facts);
  const domain = (facts: JsonObject) => resource('opensearch-domain', 'logs', facts);
  const policyFor = (statement: JsonObject): JsonObject => ({
    AccessPolicies: { Statement: [{ Effect: 'Allow', Action: 'es:*', Resource: '*', ...statement }] },
  });
  const cluster = (config: JsonObject | null) =>
    resource('eks-cluster', 'shop', { resourcesVpcConfig: config });

  it.each<Row>([
    ['App Runner for everybody', 'yes', runner({ ...ingress(true), ServiceUrl: 'x.awsapprunner.com' })],
    ['App Runner without an address', 'yes', runner(ingress(true))],
    ['App Runner in a network', 'no', runner(ingress(false))],
    ['App Runner that is paused', 'no', runner({ ...ingress(true), Status: 'PAUSED' })],
    ['App Runner of which nothing is told', 'unknown', runner({})],
    ['Lightsail for everybody', 'yes', lightsail({ ...port({}), publicIpAddress: '3.3.3.3' })],
    ['Lightsail for IPv6', 'yes', lightsail(port({ cidrs: [], ipv6Cidrs: ['::/0'] }))],
    ['Lightsail for every protocol', 'yes', lightsail(port({ protocol: 'all' }))],
    ['Lightsail for UDP', 'yes', lightsail(port({ protocol: 'udp' }))],
    ['Lightsail without a range of ports', 'yes', lightsail(port({ fromPort: null, toPort: null }))],
    ['Lightsail for pings', 'no', lightsail(port({ protocol: 'icmp' }))],
    ['Lightsail for one address', 'no', lightsail(port({ cidrs: ['1.1.1.1/32'] }))],
    ['Lightsail for nobody', 'no', lightsail(port({ cidrs: [] }))],
    ['Lightsail that is stopped', 'no', lightsail({ ...port({}), state: { name: 'stopped' } })],
    ['Lightsail of which nothing is told', 'unknown', lightsail({})],
    ['a notebook with internet access', 'no', notebook({ DirectInternetAccess: 'Enabled' })],
    ['a notebook in a network', 'no', notebook({ DirectInternetAccess: 'Disabled' })],
    ['a notebook of which nothing is told', 'unknown', notebook({})],
    ['MSK with addresses and an open group', 'yes', kafka(brokers('SERVICE_PROVIDED_EIPS'))],
    [
      'MSK with addresses and a closed group',
      'no',
      kafka(brokers('SERVICE_PROVIDED_EIPS', ['sg-closed'])),
      group('sg-closed', tcp(22, '0.0.0.0/0')),
    ],
    [
      'MSK with addresses for one office',
      'no',
      kafka(brokers('SERVICE_PROVIDED_EIPS', ['sg-office'])),
      group('sg-office', tcp(9094, '1.1.1.1/32')),
    ],
    ['MSK in an unknown group', 'unknown', kafka(brokers('SERVICE_PROVIDED_EIPS', ['sg-unknown']))],
    ['MSK without public access', 'no', kafka(brokers('DISABLED'))],
    ['MSK of which nothing is told', 'unknown', kafka({})],
    ['AppSync by key', 'yes', appsync({ authenticationType: 'API_KEY' })],
    [
      'AppSync by key among others',
      'yes',
      appsync({
        authenticationType: 'AMAZON_COGNITO_USER_POOLS',
        additionalAuthenticationProviders: [{ authenticationType: 'API_KEY' }],
      }),
    ],
    ['AppSync behind IAM', 'no', appsync({ authenticationType: 'AWS_IAM' })],
    ['AppSync that is private', 'no', appsync({ authenticationType: 'API_KEY', visibility: 'PRIVATE' })],
    ['AppSync of which nothing is told', 'unknown', appsync({})],
    [
      'a collection for everybody',
      'yes',
      collection,
      networkPolicy('p', { Resources: ['collection/lo*'], AllowFromPublic: true }),
    ],
    [
      'a collection by its name',
      'yes',
      collection,
      networkPolicy('p', { Resources: ['dashboard/logs'], AllowFromPublic: true }),
    ],
    [
      'a collection in a network',
      'no',
      collection,
      networkPolicy('p', { Resources: ['collection/logs'], AllowFromPublic: false }),
    ],
    [
      'a collection without a policy',
      'unknown',
      collection,
      networkPolicy('p', { Resources: ['collection/x*'], AllowFromPublic: true }),
    ],
    [
      'a domain for everybody',
      'yes',
      domain({ Endpoint: 'search-logs.es.amazonaws.com', ...policyFor({ Principal: '*' }) }),
    ],
    [
      'a domain with a login of its own',
      'yes',
      domain({
        EndpointV2: 'x.aos.on.aws',
        AdvancedSecurityOptions: { Enabled: true },
        ...policyFor({ Principal: '*' }),
      }),
    ],
    [
      'a domain for every account',
      'yes',
      domain(
        policyFor({
          Principal: '*',
          Condition: { StringLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/x' } },
        }),
      ),
    ],
    [
      'a domain that everybody may search',
      'yes',
      domain(policyFor({ Principal: '*', Action: 'es:ESHttpPost' })),
    ],
    [
      'a domain for its owner',
      'no',
      domain(policyFor({ Principal: { AWS: 'arn:aws:iam::111111111111:root' } })),
    ],
    ['a domain in a network', 'no', domain({ VPCOptions: { VPCId: 'vpc-1' } })],
    ['a domain with an endpoint in a network', 'no', domain({ Endpoints: { vpc: 'vpc-logs' } })],
    ['a domain without its policy', 'unknown', domain({ Endpoint: 'search-logs.es.amazonaws.com' })],
    ['a domain of which nothing is told', 'unknown', domain({})],
    [
      'a domain by an unknown condition',
      'unknown',
      domain(policyFor({ Principal: '*', Condition: { StringEquals: { 'custom:key': 'x' } } })),
    ],
    [
      'an API server for a part of the internet',
      'yes',
      cluster({ endpointPublicAccess: true, publicAccessCidrs: ['8.0.0.0/7'] }),
    ],
    [
      'an API server of unreadable ranges',
      'unknown',
      cluster({ endpointPublicAccess: true, publicAccessCidrs: ['office'] }),
    ],
    ['an API server without ranges', 'unknown', cluster({ endpointPublicAccess: true })],
    ...(
      [
        ['of which nothing is told', 'unknown', {}],
        ['outside of a network', 'yes', { PublicAddress: 'ec2-3-3-3-3.compute.amazonaws.com' }],
        ['in a network without an address', 'no', { SubnetId: 'subnet-1', SecurityGroupIds: ['sg-ssh'] }],
        [
          'in a network whose group opens SSH',
          'yes',
          {
            PublicAddress: 'ec2-3-3-3-3.compute.amazonaws.com',
            SubnetId: 'subnet-1',
            SecurityGroupIds: ['sg-ssh'],
          },
        ],
        [
          'in a network whose group opens other ports',
          'no',
          {
            PublicAddress: 'ec2-3-3-3-3.compute.amazonaws.com',
            SubnetId: 'subnet-1',
            SecurityGroupIds: ['sg-web'],
          },
        ],
        [
          'in a network in groups that nobody told',
          'unknown',
          { PublicAddress: 'ec2-3-3-3-3.compute.amazonaws.com', SubnetId: 'subnet-1' },
        ],
      ] as const
    ).map(
      ([which, state, facts]): Row => [
        `a development endpoint ${which}`,
        state,
        resource('glue-dev-endpoint', 'dev', facts as unknown as JsonObject),
        group('sg-ssh', tcp(22, '0.0.0.0/0')),
      ],
    ),
    ...[
      'bedrock-code-interpreter',
      'cloudformation-stack',
      'codebuild-project',
      'glue-job',
      'iam-root',
      'state-machine',
    ].map((type): Row => [`a ${type}`, 'no', resource(type, 'one', {})]),
    ['a cache', 'no', resource('elasticache-cluster', 'cache', {})],
    ['a proxy of databases', 'no', resource('rds-proxy', 'proxy', {})],
    ['a public repository', 'yes', resource('ecr-public-repository', 'images', {})],
    ['a trail without a bucket', 'unknown', resource('cloudtrail-trail', 'audit', {})],
    [
      'a trail to a bucket that was not described',
      'unknown',
      resource('cloudtrail-trail', 'audit', { S3BucketName: 'logs' }),
    ],
    [
      'a file system for everybody',
      'no',
      resource('efs-file-system', 'home', { Policy: { Statement: [EVERYBODY] } }),
    ],
    ['a file system without its policy', 'no', resource('efs-file-system', 'home', {})],
  ])('%s', (...row) => check(row as unknown as Row));
});

describe('composites', () => {
  const onMachine = (facts: JsonObject = {}) =>
    resource('ecs-task', 't', {
      lastStatus: 'RUNNING',
      containerInstanceArn: 'c-1',
      taskDefinitionArn: 'd-1',
      ...facts,
    });
  const MACHINE = resource('ecs-container-instance', 'c-1', {
    containerInstanceArn: 'c-1',
    ec2InstanceId: 'i-1',
  });
  const takes = (hostPort: number, protocol = 'tcp'): JsonObject[] => [
    { networkBindings: [{ hostPort, protocol }] },
  ];
  const definition = (networkMode: string) =>
    resource('ecs-task-definition', 'd', { taskDefinitionArn: 'd-1', networkMode });

  const emr = (facts: JsonObject, at: JsonObject = {}) =>
    resource('emr-cluster', 'jobs', {
      MasterPublicDnsName: 'ec2-3-3-3-3.compute-1.amazonaws.com',
      Ec2InstanceAttributes: { Ec2SubnetId: 'subnet-1', EmrManagedMasterSecurityGroup: 'sg-web', ...at },
      ...facts,
    });
  const scaling = (facts: JsonObject) =>
    resource('auto-scaling-group', 'web', { VPCZoneIdentifier: 'subnet-1, subnet-2', ...facts });
  const version = (VersionNumber: number, data: JsonObject, DefaultVersion = false) =>
    resource('launch-template-version', `lt/${VersionNumber}`, {
      LaunchTemplateId: 'lt',
      VersionNumber,
      DefaultVersion,
      LaunchTemplateData: data,
    });
  const addressed = { NetworkInterfaces: [{ AssociatePublicIpAddress: true, Groups: ['sg-web'] }] };
  const hidden = { NetworkInterfaces: [{ AssociatePublicIpAddress: false, Groups: ['sg-web'] }] };
  const uses = (Version?: string): JsonObject => ({
    LaunchTemplate: { LaunchTemplateId: 'lt', ...(Version === undefined ? {} : { Version }) },
  });
  /** A subnet that leads to the internet and gives what starts in it an address. */
  const giving = [
    resource('subnet', 'subnet-7', { SubnetId: 'subnet-7', VpcId: 'vpc-1', MapPublicIpOnLaunch: true }),
    resource('route-table', 'rtb-7', {
      Associations: [{ SubnetId: 'subnet-7' }],
      Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' }],
    }),
    resource('network-acl', 'acl-7', {
      Associations: [{ SubnetId: 'subnet-7' }],
      Entries: [true, false].map((Egress) => ({
        RuleNumber: 1,
        Protocol: '-1',
        RuleAction: 'allow',
        Egress,
        CidrBlock: '0.0.0.0/0',
      })),
    }),
  ];
  const running = { Instances: [{ InstanceId: 'i-1' }] };
  const beanstalk = (facts: JsonObject) => resource('beanstalk-environment', 'shop', facts);
  const classic = resource('classic-load-balancer', 'old', {
    LoadBalancerName: 'old',
    Scheme: 'internet-facing',
    VPCId: 'vpc-1',
    Subnets: ['subnet-1'],
    SecurityGroups: ['sg-web'],
    ListenerDescriptions: [{ Listener: { LoadBalancerPort: 443, Protocol: 'TCP', InstancePort: 8443 } }],
  });

  it.each<Row>([
    ['a master with a public name', 'yes', emr({})],
    [
      'a master by a further group',
      'yes',
      emr({}, { EmrManagedMasterSecurityGroup: 'sg-x', AdditionalMasterSecurityGroups: ['sg-web'] }),
      group('sg-x'),
    ],
    ['a master with a private name', 'no', emr({ MasterPublicDnsName: 'ip-10-0-0-4.ec2.internal' })],
    ['a master that is terminated', 'no', emr({ Status: { State: 'TERMINATED_WITH_ERRORS' } })],
    ['a master of which nothing is told', 'unknown', emr({ MasterPublicDnsName: null })],
    ['a master without a subnet', 'unknown', emr({}, { Ec2SubnetId: null })],
    [
      'a template in use',
      'yes',
      scaling({ ...uses('2'), ...running }),
      version(1, hidden),
      version(2, addressed),
    ],
    ['a template without instances', 'no', scaling(uses('2')), version(2, addressed)],
    [
      'the latest template',
      'yes',
      scaling({ ...uses('$Latest'), ...running }),
      version(3, addressed),
      version(2, hidden),
    ],
    [
      'the default template',
      'yes',
      scaling({ ...uses('$Default'), ...running }),
      version(3, hidden),
      version(2, addressed, true),
    ],
    [
      'the template of no version',
      'yes',
      scaling({ ...uses(), ...running }),
      version(2, addressed, true),
      version(4, hidden),
    ],
    ['a template without an address', 'no', scaling({ ...uses('1'), ...running }), version(1, hidden)],
    [
      'a group in two subnets, of which one gives addresses',
      'yes',
      scaling({ ...uses('1'), ...running, VPCZoneIdentifier: 'subnet-2, subnet-7' }),
      version(1, { SecurityGroupIds: ['sg-web'] }),
      resource('subnet', 'subnet-2', { SubnetId: 'subnet-2', VpcId: 'vpc-1', MapPublicIpOnLaunch: false }),
      ...giving,
    ],
    [
      'a mixed group in a subnet that gives addresses',
      'yes',
      scaling({
        ...running,
        VPCZoneIdentifier: 'subnet-7',
        MixedInstancesPolicy: {
          LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: 'lt', Version: '1' } },
        },
      }),
      version(1, { SecurityGroupIds: ['sg-web'] }),
      ...giving,
    ],
    [
      'a template beside that of another group',
      'no',
      scaling({ ...uses('1'), ...running }),
      resource('launch-template-version', 'other/1', {
        LaunchTemplateId: 'other',
        VersionNumber: 1,
        LaunchTemplateData: addressed,
      }),
      version(1, hidden),
    ],
    ['a group without a template', 'unknown', scaling(running)],
    [
      'a group whose template was not described',
      'unknown',
      scaling({ ...uses('9'), ...running }),
      version(1, addressed),
    ],
    [
      'Beanstalk behind a classic load balancer',
      'yes',
      beanstalk({ LoadBalancers: [{ Name: 'old' }] }),
      classic,
    ],
    ['Beanstalk on something unknown', 'unknown', beanstalk({ Instances: [{ Id: 'i-9' }] })],
    ['Beanstalk of which nothing is told', 'unknown', beanstalk({})],
    ['Beanstalk of which no load balancers are told', 'unknown', beanstalk({ Instances: [] })],
    ['Beanstalk that is served by nothing', 'no', beanstalk({ Instances: [], LoadBalancers: [] })],
    ['a definition that no task runs', 'unknown', definition('host')],
    ['a definition whose task has stopped', 'no', definition('host'), onMachine({ lastStatus: 'STOPPED' })],
    [
      'a definition whose task is open',
      'yes',
      definition('bridge'),
      onMachine({ containers: takes(443) }),
      MACHINE,
      instance('i-1'),
      ...NO_BALANCERS,
    ],
    [
      'a definition beside a task of another one',
      'unknown',
      definition('bridge'),
      onMachine({ containers: takes(443), taskDefinitionArn: 'd-2' }),
      MACHINE,
      instance('i-1'),
      ...NO_BALANCERS,
    ],
    ['a service without tasks', 'unknown', resource('ecs-service', 'web', { serviceName: 'web' })],
    ['a task that has stopped', 'no', resource('ecs-task', 't', { lastStatus: 'STOPPED' })],
    ['a task on an unknown machine', 'unknown', onMachine()],
    ['a task on a machine that was not described', 'unknown', onMachine(), MACHINE],
    ['a task whose ports were not told', 'unknown', onMachine(), MACHINE, instance('i-1'), ...NO_BALANCERS],
    [
      'a task on an open port of its machine',
      'yes',
      onMachine({ containers: takes(443) }),
      MACHINE,
      instance('i-1'),
      ...NO_BALANCERS,
    ],
    [
      'a task on a port of its machine of another protocol',
      'no',
      onMachine({ containers: takes(443, 'udp') }),
      MACHINE,
      instance('i-1'),
      ...NO_BALANCERS,
    ],
    [
      'a task on a closed port of its machine',
      'no',
      onMachine({ containers: takes(8080) }),
      MACHINE,
      instance('i-1'),
      ...NO_BALANCERS,
    ],
    [
      'a task on a port of a private machine',
      'no',
      onMachine({ containers: takes(443) }),
      MACHINE,
      instance('i-1', {}, { Association: null }),
      ...NO_BALANCERS,
    ],
    [
      'a task without ports, of an unknown definition',
      'unknown',
      onMachine({ containers: [{}] }),
      MACHINE,
      instance('i-1'),
      ...NO_BALANCERS,
    ],
    [
      'a task without ports',
      'no',
      onMachine({ containers: [{}] }),
      MACHINE,
      instance('i-1'),
      ...NO_BALANCERS,
      definition('bridge'),
    ],
    [
      'a task on the network of its machine',
      'yes',
      onMachine({ containers: [{}] }),
      MACHINE,
      instance('i-1'),
      ...NO_BALANCERS,
      definition('host'),
    ],
    ['a classic load balancer', 'yes', classic],
    [
      'an internal classic load balancer',
      'no',
      { ...classic, facts: { ...classic.facts, Scheme: 'internal' } },
    ],
    [
      'a classic load balancer whose listeners nobody told',
      'unknown',
      { ...classic, facts: { ...classic.facts, ListenerDescriptions: null } },
    ],
    [
      'a classic load balancer without listeners',
      'no',
      { ...classic, facts: { ...classic.facts, ListenerDescriptions: [] } },
    ],
    [
      'a classic load balancer of unknown scheme',
      'unknown',
      { ...classic, facts: { ...classic.facts, Scheme: null } },
    ],
  ])('%s', (...row) => check(row as unknown as Row));
});

/** Every type of AWS of which the answer does not rest on a network or a policy of its own, and those that have both. */
describe('what has an answer at all', () => {
  it.each(
    (
      'ec2-instance network-interface subnet auto-scaling-group load-balancer classic-load-balancer global-accelerator ' +
      'cloudfront-distribution rest-api http-api appsync-api lambda-function app-runner-service beanstalk-environment ' +
      'lightsail-instance sagemaker-notebook emr-cluster ecs-task ecs-service ecs-task-definition eks-cluster rds-instance ' +
      'rds-cluster rds-snapshot rds-cluster-snapshot rds-proxy redshift-cluster redshift-workgroup opensearch-domain ' +
      'opensearch-collection elasticache-cluster memorydb-cluster kafka-cluster s3-bucket s3-access-point cloudtrail-trail ' +
      'ecr-public-repository snapshot ami ssm-document iam-role iam-root iam-user iam-group glue-dev-endpoint sqs-queue ' +
      'sns-topic secret kms-key ecr-repository dynamodb-table efs-file-system lambda-layer event-bus glacier-vault ' +
      'backup-vault ses-identity codeartifact-domain codeartifact-repository glue-catalog logs-policy'
    ).split(' '),
  )('%s', (type) => {
    const one = resource(type, 'one', {});
    expect(recordsOf([one], one).length).toBeGreaterThan(0);
  });

  it.each([
    ['memorydb-cluster', 'no'],
    ['elasticache-cluster', 'no'],
    ['iam-user', 'no'],
    ['iam-group', 'no'],
    ['rds-cluster-snapshot', 'unknown'],
    ['s3-access-point', 'unknown'],
  ])('%s of which nothing is told: %s', (type, state) => {
    const one = resource(type, 'one', {});
    expect(expose([one], one).state).toBe(state);
  });
});
