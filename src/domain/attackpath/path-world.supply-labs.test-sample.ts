import type { JsonObject } from '#base/json-value.ts';
import { allow, document, iam, role, user } from '../privilege/aws/iam-principal.test-sample.ts';
import type { Credential, PipelineFlaw } from './path-facts.ts';
import {
  credential,
  data,
  database,
  EC2,
  EVERYTHING,
  flaw,
  LAMBDA,
  type Lab,
  machine,
  NETWORK,
  profiled,
  reads,
  rule,
  type Scenario,
  securityGroup,
  service,
  starts,
  TASKS,
  task,
} from './path-world.labs.test-sample.ts';

const REPOSITORY = {
  key: 'repo:github.com/lab/shop',
  kind: 'repository',
  name: 'github.com/lab/shop',
} as const;

function pipelineFlaw(kind: string, probability: number): PipelineFlaw {
  return {
    kind,
    fingerprint: `${kind} of shop`,
    issueId: `issue of ${kind}`,
    name: kind,
    repository: REPOSITORY,
    probability,
    words: 'its pipeline runs what strangers send it',
    evidence: [],
  };
}

export const PULL_REQUEST = pipelineFlaw('pull-request', 0.5);
const ACTION = pipelineFlaw('mutable-action', 0.05);
const PACKAGE = pipelineFlaw('package', 0.85);

/** A role that trusts pipelines of GitHub whose subject is like this. */
const deployer = (name: string, subject: string, statements: readonly JsonObject[]) =>
  role(name, {}, statements, {
    AssumeRolePolicyDocument: document({
      Effect: 'Allow',
      Action: 'sts:AssumeRoleWithWebIdentity',
      Principal: { Federated: iam('oidc-provider', 'token.actions.githubusercontent.com') },
      Condition: {
        StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
        StringLike: { 'token.actions.githubusercontent.com:sub': subject },
      },
    }),
  });

const PROD = '222222222222';
const reader = (trusted: string) => role('prod-deployer', { AWS: trusted }, [reads(data)], {}, PROD);
const ops = (subject: string) =>
  deployer('ops-deployer', subject, [
    allow('sts:AssumeRole', { Resource: iam('role', 'prod-deployer', PROD) }),
  ]);
const pivot = (subject: string): Lab => ({
  resources: [ops(subject), reader(iam('role', 'ops-deployer')), { ...data, account: PROD }],
  pipelines: [PULL_REQUEST],
  sensitive: [data.key],
});

const runner = service('runner');
const built: Lab = {
  resources: [runner, task('runner', 'runner'), role('runner', TASKS, EVERYTHING)],
  pipelines: [PACKAGE],
  builds: new Map([[REPOSITORY.key, [runner.key]]]),
};

const inRepository = (opens: ReturnType<typeof user>): Credential => ({
  ...credential('public repository', opens),
  place: REPOSITORY,
  isLeaked: false,
});
const ci = user('ci', EVERYTHING);

const web = machine('i-web', { role: 'web' });
const customers = database('customers');
const OPEN_WEB = securityGroup('sg-web', [rule(80, '0.0.0.0/0')]);
const queried = (from: string): Lab => ({
  resources: [
    ...NETWORK,
    OPEN_WEB,
    securityGroup('sg-db', [rule(5432, from)]),
    web,
    role('web', EC2, [], profiled('web')),
    customers,
  ],
  weaknesses: [flaw('query', web)],
  credentials: [credential(web, customers, { name: 'A login' })],
  sensitive: [customers.key],
});

/** Somebody whose key leaked, and what they have to go on. */
const start = (statements: readonly JsonObject[], ...others: Lab['resources']): Lab => {
  const who = user('starting', statements);
  return { resources: [who, ...others], credentials: [starts(who)] };
};

const onTarget = (trust: JsonObject) => role('target', trust, EVERYTHING);
const admin = user('admin', EVERYTHING);
const byService = (name: string) => ({ Service: `${name}.amazonaws.com` });
const PASSES = allow('iam:PassRole');

/** What passes a role to a service that runs code as it; hardened, the role trusts another service. */
const passing = (actions: readonly string[], trusted: string): Scenario => ({
  lab: start([PASSES, allow(actions)], onTarget(byService(trusted))),
  expected: ['internet: leaked-credential starting, iam-escalation target, administrator account'],
  hardened: start([PASSES, allow(actions)], onTarget(byService('backup'))),
});

/** What gives a right over another identity; hardened, it is a right over nothing that administers. */
const over = (name: string, actions: readonly string[], target: typeof admin): Scenario => ({
  lab: start([allow(actions)], target),
  expected: [`internet: leaked-credential starting, iam-escalation ${name}, administrator account`],
  hardened: start([allow(actions)], user('nobody', [allow('s3:ListAllMyBuckets')])),
});

/**
 * Scenarios of public labs, rebuilt as the others: supply chains, what a flaw of one's own code asks a database, and ways
 * to gain rights in one hop.
 */
export const SUPPLY_LABS: Readonly<Record<string, Scenario>> = {
  'pathfinding-labs github-oidc-cross-account-pivot': {
    lab: pivot('repo:lab/shop:*'),
    expected: [
      'internet: pipeline-flaw shop, pipeline-role ops-deployer, assume-role prod-deployer, reads-data cardholder-data',
    ],
    hardened: pivot('repo:lab/cart:*'),
  },
  'a role that any repository of the owner may take, through an action that somebody moves': {
    lab: { resources: [deployer('deployer', 'repo:Lab/*', EVERYTHING)], pipelines: [ACTION] },
    expected: ['internet: pipeline-flaw shop, pipeline-role deployer, administrator account'],
    hardened: { resources: [deployer('deployer', 'repo:other/*', EVERYTHING)], pipelines: [ACTION] },
  },
  'a malicious package in what is built and run': {
    lab: built,
    expected: [
      'internet: pipeline-flaw shop, pushes-image runner, workload-role runner, administrator account',
    ],
    hardened: { ...built, builds: new Map() },
  },
  'a key in a repository whose pipeline strangers run': {
    lab: { resources: [ci], pipelines: [PULL_REQUEST], credentials: [inRepository(ci)] },
    expected: ['internet: pipeline-flaw shop, found-credential ci, administrator account'],
    hardened: { resources: [ci], credentials: [inRepository(ci)] },
  },
  'a flaw that words what an application asks its database': {
    lab: queried('sg-web'),
    expected: ['internet: public-endpoint i-web, code-exploit customers'],
    hardened: queried('sg-other'),
  },
  'pathfinding-labs root-trust-role-assumption': {
    lab: start([allow('sts:AssumeRole')], onTarget({ AWS: 'arn:aws:iam::111111111111:root' })),
    expected: ['internet: leaked-credential starting, assume-role target, administrator account'],
    hardened: start([allow('sts:AssumeRole')], onTarget({ AWS: 'arn:aws:iam::333333333333:root' })),
  },
  'pathfinding-labs apprunner-001': passing(['apprunner:CreateService'], 'tasks.apprunner'),
  'pathfinding-labs cloudformation-001': passing(['cloudformation:CreateStack'], 'cloudformation'),
  'pathfinding-labs codebuild-004': passing(
    ['codebuild:CreateProject', 'codebuild:StartBuildBatch'],
    'codebuild',
  ),
  'pathfinding-labs glue-004': passing(['glue:CreateJob', 'glue:CreateTrigger'], 'glue'),
  'pathfinding-labs lambda-006': passing(['lambda:CreateFunction', 'lambda:AddPermission'], 'lambda'),
  'pathfinding-labs sagemaker-002': passing(['sagemaker:CreateTrainingJob'], 'sagemaker'),
  'pathfinding-labs ecs-009': passing(
    ['ecs:StartTask', 'ecs:RegisterTaskDefinition', 'ecs:CreateCluster', 'ecs:RunTask'],
    'ecs-tasks',
  ),
  'pathfinding-labs iam-002': over('admin', ['iam:CreateAccessKey'], admin),
  'pathfinding-labs iam-004': over('admin', ['iam:CreateLoginProfile'], admin),
  'pathfinding-labs iam-012': {
    lab: start([allow(['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'])], onTarget(LAMBDA)),
    expected: ['internet: leaked-credential starting, iam-escalation target, administrator account'],
    hardened: start([allow(['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'])], role('target', LAMBDA, [])),
  },
};
