import type { Instant } from '#base/instant.ts';
import { asObjects, asText, at } from '#base/json-value.ts';
import type { CreatorObservation } from '#domain/finding/observation.ts';
import { isMachineAccount } from '#domain/resource/machine-account.ts';
import { parseArn } from '../reading/aws/aws-names.ts';
import { type ApiCall, target } from './api-call.ts';

/** What a call makes: the ARN or the bare id that its answer tells, and for bare ids how an ARN of it goes on. */
interface Creation {
  readonly service: string;
  readonly call: string;
  readonly type: string;
  readonly made: (answer: unknown, call: ApiCall) => readonly (string | undefined)[];
  /** Before a bare id in an ARN; absent where the answer tells ARNs. */
  readonly prefix?: string;
}

const answered =
  (...path: readonly string[]) =>
  (answer: unknown) => [asText(at(answer, ...path))];

/** Calls by which people make what lasts, and findings are about. */
const CREATIONS: readonly Creation[] = [
  {
    service: 'ec2',
    call: 'RunInstances',
    type: 'ec2-instance',
    prefix: 'instance/',
    made: (answer) =>
      asObjects(at(answer, 'instancesSet', 'items')).map((item) => asText(item['instanceId'])),
  },
  {
    service: 'ec2',
    call: 'CreateSecurityGroup',
    type: 'security-group',
    prefix: 'security-group/',
    made: answered('groupId'),
  },
  { service: 'ec2', call: 'CreateVpc', type: 'vpc', prefix: 'vpc/', made: answered('vpc', 'vpcId') },
  {
    service: 's3',
    call: 'CreateBucket',
    type: 's3-bucket',
    // The answer says nothing of the bucket.
    made: (_, { partition, parameters }) => {
      const name = asText(at(parameters, 'bucketName'));
      return [name === undefined ? undefined : `arn:${partition}:s3:::${name}`];
    },
  },
  { service: 'rds', call: 'CreateDBInstance', type: 'rds-instance', made: answered('dBInstanceArn') },
  { service: 'rds', call: 'CreateDBCluster', type: 'rds-cluster', made: answered('dBClusterArn') },
  { service: 'lambda', call: 'CreateFunction', type: 'lambda-function', made: answered('functionArn') },
  { service: 'iam', call: 'CreateRole', type: 'iam-role', made: answered('role', 'arn') },
  { service: 'iam', call: 'CreateUser', type: 'iam-user', made: answered('user', 'arn') },
  {
    service: 'dynamodb',
    call: 'CreateTable',
    type: 'dynamodb-table',
    made: answered('tableDescription', 'tableArn'),
  },
  { service: 'sns', call: 'CreateTopic', type: 'sns-topic', made: answered('topicArn') },
  {
    service: 'sqs',
    call: 'CreateQueue',
    type: 'sqs-queue',
    prefix: '',
    made: (_, { parameters }) => [asText(at(parameters, 'queueName'))],
  },
  { service: 'ecs', call: 'CreateCluster', type: 'ecs-cluster', made: answered('cluster', 'clusterArn') },
  { service: 'ecs', call: 'CreateService', type: 'ecs-service', made: answered('service', 'serviceArn') },
  { service: 'eks', call: 'CreateCluster', type: 'eks-cluster', made: answered('cluster', 'arn') },
  {
    service: 'elasticloadbalancing',
    call: 'CreateLoadBalancer',
    type: 'load-balancer',
    made: (answer) =>
      asObjects(at(answer, 'loadBalancers')).map((balancer) => asText(balancer['loadBalancerArn'])),
  },
  {
    service: 'ecr',
    call: 'CreateRepository',
    type: 'ecr-repository',
    made: answered('repository', 'repositoryArn'),
  },
  { service: 'kms', call: 'CreateKey', type: 'kms-key', made: answered('keyMetadata', 'arn') },
];

/** Who made what by a call that succeeded; nothing where a machine did, or the root user, who is nobody's name. */
export function creatorsOf(call: ApiCall, time: Instant): readonly CreatorObservation[] {
  const { event } = call;
  const creation = CREATIONS.find((each) => each.service === call.service && each.call === call.name);
  if (creation === undefined || asText(event.errorCode) !== undefined) return [];
  const name = personOf(event.userIdentity);
  if (name === undefined || isMachineAccount(name, 'account')) return [];
  return creation.made(event.responseElements, call).flatMap((id): readonly CreatorObservation[] => {
    if (id === undefined || (creation.prefix === undefined && parseArn(id) === null)) return [];
    return target(call, creation.type, creation.service, id, creation.prefix ?? '').map((resource) => ({
      kind: 'creator',
      resource,
      name,
      call: call.name,
      at: time,
    }));
  });
}

/**
 * A user's name. How the session of a role is called is a person's name where single sign-on made the session or it is a mail
 * address; programs call theirs as they like.
 */
function personOf(identity: unknown): string | undefined {
  if (asText(at(identity, 'type')) === 'IAMUser') return asText(at(identity, 'userName'));
  const resource = parseArn(asText(at(identity, 'arn')))?.resource ?? '';
  const [, role = '', session] = /^assumed-role\/([^/]+)\/(.+)$/.exec(resource) ?? [];
  return role.startsWith('AWSReservedSSO_') || session?.includes('@') === true ? session : undefined;
}
