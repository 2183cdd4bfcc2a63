import { asArray, asObject, asText, type JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../risk/estate.ts';
import { spelledAsKey } from './aws-access-finding.ts';
import { namesOf } from './aws-estate.ts';
import { POLICY_SERVICES } from './aws-policy-services.ts';
import { unqualified } from './aws-target-group.ts';
import { textsOf } from './aws-text-holders.ts';

/** A resource with all that is known of it, answers of their own among it. */
export interface WholeResource {
  readonly resource: EstateResource;
  readonly facts: JsonObject;
}

type Texts = (whole: WholeResource) => readonly string[];

/** What rests on a resource: those of these types that hold one of its texts, or are called so. */
interface Spread {
  /** Null where it rests on no text: all of those types in its region do. */
  readonly texts: Texts | null;
  readonly to: ReadonlySet<string> | 'any';
}

function spread(texts: Spread['texts'], ...to: readonly string[]): Spread {
  return { texts, to: to.length === 0 ? 'any' : new Set(to) };
}

function members(...names: readonly string[]): Texts {
  return ({ facts }) => names.flatMap((name) => textsOf(facts[name]));
}

function names({ resource, facts }: WholeResource): readonly string[] {
  return namesOf({ ...resource, facts });
}

function items(facts: JsonObject, list: string, member: string): readonly string[] {
  return (asArray(facts[list]) ?? []).flatMap((each) => asText(asObject(each)?.[member]) ?? []);
}

/** Subnets that a table says to be its own; all of the network where it is the main one or that of a gateway. */
function placesOfTable({ facts }: WholeResource): readonly string[] {
  const isWide = (asArray(facts['Associations']) ?? []).some((each) => {
    const { Main, GatewayId } = asObject(each) ?? {};
    return Main === true || GatewayId !== undefined;
  });
  return [...items(facts, 'Associations', 'SubnetId'), ...(isWide ? textsOf(facts['VpcId']) : [])];
}

/** The ARN of a rule is its listener's, called otherwise, and a part of its own. */
function listenerOfRule({ facts }: WholeResource): readonly string[] {
  const arn = asText(facts['RuleArn']);
  return arn === undefined ? [] : [arn.replace(':listener-rule/', ':listener/').replace(/\/[^/]*$/, '')];
}

/** What AWS writes as the description of the interfaces of a load balancer. */
function interfacesOfBalancer({ facts }: WholeResource): readonly string[] {
  const [, name] = asText(facts['LoadBalancerArn'])?.split(':loadbalancer/') ?? [];
  return name === undefined ? [] : [`ELB ${name}`];
}

/** The ARN of what stands below an accelerator begins with the accelerator's. */
function acceleratorOf({ facts }: WholeResource): readonly string[] {
  const arn = asText(facts['ListenerArn']) ?? asText(facts['EndpointGroupArn']);
  return arn === undefined ? [] : [arn.replace(/\/listener\/.*$/, '')];
}

const OF_API = spread(members('Api'), 'rest-api', 'http-api');

/** One whose own endpoint is off rests on there being no domain that leads to it. */
const EVERY_API = spread(null, 'rest-api', 'http-api');

/** Everything that has a place in a network. */
const NETWORKED = spread(
  null,
  'ec2-instance',
  'network-interface',
  'subnet',
  'load-balancer',
  'classic-load-balancer',
  'rds-instance',
  'redshift-cluster',
  'redshift-workgroup',
  'emr-cluster',
  'auto-scaling-group',
  'ecs-task',
);

/** What may change when a resource of a type was changed, or stands otherwise because of another one. */
export const SPREADS: Readonly<Record<string, readonly Spread[]>> = {
  'security-group': [
    spread(names),
    // What names no group stands in the default one of its network.
    spread(({ facts }) => (facts['GroupName'] === 'default' ? textsOf(facts['VpcId']) : []), 'subnet'),
  ],
  'security-group-rule': [spread(members('GroupId'), 'security-group')],
  'prefix-list': [spread(names, 'security-group', 'route-table')],
  'prefix-list-entry': [spread(members('PrefixListId'), 'security-group', 'route-table')],
  vpc: [spread(names)],
  subnet: [spread(names)],
  'route-table': [spread(placesOfTable)],
  'network-acl': [spread(({ facts }) => items(facts, 'Associations', 'SubnetId'))],
  'vpc-peering-connection': [spread(names, 'route-table')],
  'launch-template-version': [spread(members('LaunchTemplateId'), 'auto-scaling-group')],
  'launch-configuration': [spread(names, 'auto-scaling-group')],
  'network-interface': [
    spread(members('NetworkInterfaceId'), 'ecs-task'),
    spread(({ facts }) => textsOf(asObject(facts['Attachment'])?.['InstanceId']), 'ec2-instance'),
  ],
  'ecs-task': [
    spread(members('taskDefinitionArn'), 'ecs-task-definition'),
    spread(({ facts }) => [asText(facts['group'])?.replace(/^service:/, '') ?? ''], 'ecs-service'),
  ],
  'ec2-instance': [spread(members('InstanceId'), 'beanstalk-environment', 'ecs-container-instance')],
  'ecs-container-instance': [spread(members('containerInstanceArn'), 'ecs-task')],
  'auto-scaling-group': [spread(({ facts }) => items(facts, 'Instances', 'InstanceId'), 'ec2-instance')],
  'load-balancer': [
    spread(names, 'target-group', 'beanstalk-environment'),
    spread(interfacesOfBalancer, 'network-interface'),
  ],
  'classic-load-balancer': [
    spread(names, 'beanstalk-environment'),
    spread(({ facts }) => items(facts, 'Instances', 'InstanceId'), 'ec2-instance'),
  ],
  listener: [spread(members('LoadBalancerArn'), 'load-balancer')],
  'listener-rule': [spread(listenerOfRule, 'listener')],
  'target-group': [
    spread(
      (whole) => [...members('TargetGroupArn', 'TargetGroupName')(whole), whole.resource.name],
      'target-health',
      'auto-scaling-group',
    ),
  ],
  'target-health': [
    spread((whole) => members('Id')(whole).flatMap((id) => [id, unqualified(id)])),
    // A later answer about the group takes away what it no longer lists.
    spread(
      (whole) => (whole.facts['Id'] === undefined ? members('TargetGroup')(whole) : []),
      'target-group',
      'target-health',
    ),
  ],
  'rds-instance': [spread(names, 'rds-cluster')],
  'rds-cluster': [spread(names, 'rds-instance')],
  'redshift-subnet-group': [spread(members('ClusterSubnetGroupName'), 'redshift-cluster')],
  'access-finding': [
    spread((whole) =>
      members('Resource')(whole).flatMap((arn) => [arn, spelledAsKey(`aws:${arn}`).slice('aws:'.length)]),
    ),
  ],
  's3-bucket': [spread(names, 'cloudtrail-trail', 's3-bucket', 's3-access-point', 'lambda-function')],
  'sns-topic': [spread(names, 'lambda-function')],
  's3-access-point': [spread(members('Bucket'), 's3-bucket')],
  's3-object-acl': [spread(members('Bucket'), 's3-bucket')],
  's3-account-public-access-block': [spread(null, 's3-bucket', 's3-access-point')],
  'vpc-block-public-access': [NETWORKED],
  'vpc-block-public-access-exclusion': [NETWORKED],
  'accelerator-listener': [spread(acceleratorOf, 'global-accelerator')],
  'accelerator-endpoint-group': [spread(acceleratorOf, 'global-accelerator')],
  'cloudfront-vpc-origin': [spread(members('Id'), 'cloudfront-distribution')],
  'api-route': [OF_API],
  'api-stage': [OF_API],
  'api-integration': [OF_API],
  'api-mapping': [OF_API, EVERY_API],
  'api-domain': [spread(members('DomainName'), 'api-mapping'), EVERY_API],
  'vpc-link': [spread(members('id'), 'api-route', 'api-integration')],
  'web-acl-association': [spread(members('ResourceArn'))],
  'kms-key': [spread(names, 's3-bucket')],
};

/** Descriptions of a network on which no other one rests but as `SPREADS` names it. */
const NETWORK_PARTS: ReadonlySet<string> = new Set([
  'security-group',
  'security-group-rule',
  'prefix-list',
  'prefix-list-entry',
  'vpc',
  'route-table',
  'network-acl',
  'vpc-peering-connection',
]);

/** Whether what is of this type may rest on what spreads to it. */
export function isReached({ to }: Spread, type: string): boolean {
  return to === 'any' ? !NETWORK_PARTS.has(type) : to.has(type);
}

/** Types on which nothing rests but they themselves. */
const ALONE = [
  'global-accelerator',
  'cloudfront-distribution',
  'rest-api',
  'http-api',
  'lambda-function',
  'cloudtrail-trail',
  'app-runner-service',
  'appsync-api',
  'beanstalk-environment',
  'ecs-service',
  'eks-cluster',
  'elasticache-cluster',
  'emr-cluster',
  'kafka-cluster',
  'lightsail-instance',
  'memorydb-cluster',
  'opensearch-collection',
  'opensearch-domain',
  'outside-machine',
  'rds-cluster-snapshot',
  'rds-proxy',
  'rds-snapshot',
  'redshift-cluster',
  'redshift-workgroup',
  'sagemaker-notebook',
  'snapshot',
  'ami',
  'ssm-document',
];

/** Types of which a change is followed; a change of any other one is taken to be about everything. */
export const FOLLOWED: ReadonlySet<string> = new Set([
  ...Object.keys(POLICY_SERVICES),
  ...Object.keys(SPREADS),
  ...ALONE,
]);
