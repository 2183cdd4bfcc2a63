import {
  allow,
  attached,
  document,
  iam,
  policy,
  role,
  user,
} from '../privilege/aws/iam-principal.test-sample.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  credential,
  data,
  EC2,
  EVERYTHING,
  flaw,
  hidden,
  LAMBDA,
  type Lab,
  lambda,
  machine,
  profiled,
  reads,
  regional,
  type Scenario,
  service,
  starts,
  TASKS,
  task,
} from './path-world.labs.test-sample.ts';

/** A lab of identities alone: somebody's key leaked, and the account's rights do the rest. */
function identities(start: EstateResource, ...others: readonly EstateResource[]): Lab {
  return { resources: [start, ...others], credentials: [starts(start)] };
}

const chris = user('chris', [allow('sts:AssumeRole', { Resource: iam('role', 'lambda-manager') })]);
const manager = role('lambda-manager', { AWS: iam('user', 'chris') }, [allow(['lambda:*', 'iam:PassRole'])]);
const raynor = user('raynor', [], attached('cg-raynor'));
const kerrigan = user('kerrigan', [
  allow(['iam:PassRole', 'iam:AddRoleToInstanceProfile', 'iam:RemoveRoleFromInstanceProfile']),
  allow(['ec2:RunInstances', 'ec2:AssociateIamInstanceProfile', 'ec2:Describe*', 'ec2:CreateKeyPair']),
]);
const mighty = role('mighty', EC2, EVERYTHING, profiled('mighty'));
const KEYS = allow(['iam:CreateAccessKey', 'iam:DeleteAccessKey'], {
  Condition: { StringEquals: { 'aws:ResourceTag/developer': 'true' } },
});
const rotator = user('manager', [allow(['iam:TagUser', 'iam:UntagUser']), KEYS]);

const glueUser = user('glue-admin', [allow(['glue:CreateJob', 'glue:StartJobRun', 'iam:PassRole'])]);
const jobRole = role('job', { Service: 'glue.amazonaws.com' }, [reads(data)]);

const limited = user('limited', [allow(['ssm:StartSession', 'ec2:DescribeInstances'])]);
const elevated = machine('i-admin', { role: 'elevated', isPublic: false });
const managed = (id: string) =>
  regional('ssm-managed-instance', 'ssm', `managed-instance/${id}`, { InstanceId: id, PingStatus: 'Online' });

const grace = user('grace', [allow(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'])]);
const inventory = lambda('inventory', 'inventory');
const inventoryRole = role('inventory', LAMBDA, [reads(data)]);

const bilbo = user('bilbo', [allow('sts:AssumeRole', { Resource: iam('role', 'invoker') })]);
const invoker = role('invoker', { AWS: iam('user', 'bilbo') }, [allow('lambda:InvokeFunction')]);
const applier = lambda('applier', 'applier');
const applierRole = role('applier', LAMBDA, [allow('iam:AttachUserPolicy')]);

const beanUser = user('bean', [allow(['elasticbeanstalk:DescribeConfigurationSettings'])]);
const secondary = user('secondary', [allow('iam:CreateAccessKey')]);
const beanstalk = regional('beanstalk-environment', 'elasticbeanstalk', 'environment/app/env', {
  EnvironmentArn: 'arn:aws:elasticbeanstalk:eu-west-1:111111111111:environment/app/env',
  EnvironmentName: 'env',
});

const starting = user('starting-user', [reads(hidden)]);
const compromised = user('compromised-user', [
  allow(['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration', 'lambda:InvokeFunction']),
]);
const frick = user('frick', EVERYTHING);
const init = lambda('ec2-init', 'ec2-init');
const initRole = role('ec2-init', LAMBDA, [allow('iam:CreateAccessKey', { Resource: iam('user', 'frick') })]);
const eightMinutes: Lab = {
  resources: [starting, compromised, frick, init, initRole, hidden],
  credentials: [starts(starting), credential(hidden, compromised)],
};

const OTHER = '222222222222';
const hop = user('dev-user', [allow('sts:AssumeRole', { Resource: iam('role', 'dev-role') })]);
const devHop = role('dev-role', { AWS: iam('user', 'dev-user') }, [
  allow('sts:AssumeRole', { Resource: iam('role', 'prod-role', OTHER) }),
]);
const prodRole = (trust: string) => role('prod-role', { AWS: trust }, EVERYTHING, {}, OTHER);

const pusher = user('pusher', [allow('ecr:PutImage')]);
const repository = regional('ecr-repository', 'ecr', 'repository/shop', { repositoryName: 'shop' });
const runner = service('runner');
const image: Lab = {
  resources: [pusher, repository, runner, task('runner', 'runner'), role('runner', TASKS, EVERYTHING)],
  credentials: [starts(pusher)],
  runners: new Map([['image:111111111111.dkr.ecr.eu-west-1.amazonaws.com/shop', [runner.key]]]),
};

/**
 * Scenarios of public labs (attack-paths §8), rebuilt from what they are about: the estate as its inventory describes it,
 * what scanners find in it, and what whoever starts there gets to. Who starts as a user starts with a key that leaked. Names
 * are our own. These are about identities.
 */
export const IDENTITY_LABS: Readonly<Record<string, Scenario>> = {
  'cloudgoat lambda_privesc': {
    lab: identities(chris, manager, role('debug', LAMBDA, EVERYTHING)),
    expected: [
      'internet: leaked-credential chris, assume-role lambda-manager, iam-escalation debug, administrator account',
    ],
    hardened: identities(chris, manager, role('debug', EC2, EVERYTHING)),
  },
  'cloudgoat iam_privesc_by_rollback': {
    lab: identities(
      raynor,
      policy('cg-raynor', [allow(['iam:Get*', 'iam:List*', 'iam:SetDefaultPolicyVersion'])], {
        OtherVersions: [document(allow('*'))],
      }),
    ),
    expected: ['internet: leaked-credential raynor, iam-escalation account'],
    hardened: identities(
      raynor,
      policy('cg-raynor', [allow(['iam:Get*', 'iam:List*', 'iam:SetDefaultPolicyVersion'])], {
        OtherVersions: [document(allow('s3:ListAllMyBuckets'))],
      }),
    ),
  },
  'cloudgoat iam_privesc_by_attachment': {
    lab: identities(kerrigan, mighty),
    expected: ['internet: leaked-credential kerrigan, iam-escalation mighty, administrator account'],
    hardened: identities(kerrigan, role('mighty', LAMBDA, EVERYTHING)),
  },
  'cloudgoat iam_privesc_by_key_rotation': {
    lab: identities(rotator, user('admin', EVERYTHING)),
    expected: ['internet: leaked-credential manager, iam-escalation admin, administrator account'],
    hardened: identities(user('manager', [KEYS]), user('admin', EVERYTHING)),
  },
  'cloudgoat glue_privesc': {
    lab: { ...identities(glueUser, jobRole, data), sensitive: [data.key] },
    expected: ['internet: leaked-credential glue-admin, iam-escalation job, reads-data cardholder-data'],
    hardened: { ...identities(glueUser, role('job', LAMBDA, [reads(data)]), data), sensitive: [data.key] },
  },
  'cloudgoat federated_console_takeover': {
    lab: identities(
      limited,
      elevated,
      managed('i-admin'),
      role('elevated', EC2, EVERYTHING, profiled('elevated')),
    ),
    expected: ['internet: leaked-credential limited, iam-escalation elevated, administrator account'],
    hardened: identities(
      limited,
      elevated,
      managed('i-other'),
      role('elevated', EC2, EVERYTHING, profiled('elevated')),
    ),
  },
  'cloudgoat bedrock_agent_hijacking': {
    lab: { ...identities(grace, inventory, inventoryRole, data), sensitive: [data.key] },
    expected: ['internet: leaked-credential grace, iam-escalation inventory, reads-data cardholder-data'],
    hardened: {
      ...identities(user('grace', [allow('lambda:InvokeFunction')]), inventory, inventoryRole, data),
      sensitive: [data.key],
    },
  },
  'cloudgoat vulnerable_lambda': {
    lab: { ...identities(bilbo, invoker, applier, applierRole), weaknesses: [flaw('exec', applier)] },
    expected: [
      'internet: leaked-credential bilbo, assume-role invoker, invokes-function applier, code-exploit applier, workload-role applier, iam-escalation account',
    ],
    hardened: identities(bilbo, invoker, applier, applierRole),
  },
  'cloudgoat beanstalk_secrets': {
    lab: {
      resources: [beanUser, secondary, beanstalk, user('admin', EVERYTHING)],
      credentials: [starts(beanUser), credential(beanstalk, secondary)],
    },
    expected: [
      'internet: leaked-credential bean, reads-data env#configuration, found-credential secondary, iam-escalation admin, administrator account',
    ],
    hardened: {
      resources: [beanUser, secondary, beanstalk, user('admin', EVERYTHING)],
      credentials: [starts(beanUser)],
    },
  },
  'pathfinding-labs sysdig-8-minutes-to-admin': {
    lab: eightMinutes,
    expected: [
      'internet: leaked-credential starting-user, reads-data secret-bucket, found-credential compromised-user, iam-escalation ec2-init, iam-escalation frick, administrator account',
    ],
    hardened: { ...eightMinutes, credentials: (eightMinutes.credentials ?? []).slice(1) },
  },
  'pathfinding-labs dev-to-prod multi-hop': {
    lab: identities(hop, devHop, prodRole(iam('role', 'dev-role'))),
    expected: [
      'internet: leaked-credential dev-user, assume-role dev-role, assume-role prod-role, administrator other account',
    ],
    hardened: identities(hop, devHop, prodRole(iam('role', 'somebody-else'))),
  },
  'an image that somebody may replace': {
    lab: image,
    expected: [
      'internet: leaked-credential pusher, pushes-image runner, workload-role runner, administrator account',
    ],
    hardened: { ...image, runners: new Map() },
  },
};
