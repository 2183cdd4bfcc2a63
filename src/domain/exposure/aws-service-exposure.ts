import { type AddressSet, parseAddresses, unionAddresses } from '#base/address-set.ts';
import {
  DB_SNAPSHOT,
  EKS_CLUSTER,
  FUNCTION,
  type FunctionFacts,
  IAM_ROLE,
  MACHINE_IMAGE,
  POLICY_HOLDER,
  SNAPSHOT,
} from '../resource/facts/aws-facts.ts';
import type { PolicyFacts } from '../resource/facts/fact-shape.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { audienceOfSources, isPublic } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import {
  type AwsExposure,
  combineExposures,
  type ExposedSurface,
  exposureUnknown,
  notExposed,
} from './aws-exposure-record.ts';
import { openingsOf, type PolicyOpening } from './aws-policy-exposure.ts';

/** What somebody outside could do with a resource that its policy opens. */
interface PolicyService {
  readonly actions: readonly string[];
  /** The service answers requests without a signature. */
  readonly unsigned: boolean;
  readonly call: string;
}

const SERVICES: Readonly<Record<string, PolicyService>> = {
  'sqs-queue': {
    actions: [
      'sqs:SendMessage',
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:PurgeQueue',
      'sqs:DeleteQueue',
      'sqs:SetQueueAttributes',
      'sqs:AddPermission',
      'sqs:ChangeMessageVisibility',
    ],
    unsigned: true,
    call: 'aws sqs get-queue-attributes --attribute-names All',
  },
  'sns-topic': {
    actions: [
      'sns:Publish',
      'sns:Subscribe',
      'sns:AddPermission',
      'sns:SetTopicAttributes',
      'sns:DeleteTopic',
    ],
    unsigned: false,
    call: 'aws sns get-topic-attributes',
  },
  secret: {
    actions: [
      'secretsmanager:GetSecretValue',
      'secretsmanager:PutSecretValue',
      'secretsmanager:UpdateSecret',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:DeleteSecret',
    ],
    unsigned: false,
    call: 'aws secretsmanager get-resource-policy',
  },
  'kms-key': {
    actions: [
      'kms:Decrypt',
      'kms:Encrypt',
      'kms:ReEncryptFrom',
      'kms:GenerateDataKey',
      'kms:CreateGrant',
      'kms:PutKeyPolicy',
      'kms:ScheduleKeyDeletion',
      'kms:Sign',
    ],
    unsigned: false,
    call: 'aws kms get-key-policy > kms-get-key-policy-KEY_ID.json',
  },
  'ecr-repository': {
    actions: [
      'ecr:BatchGetImage',
      'ecr:GetDownloadUrlForLayer',
      'ecr:PutImage',
      'ecr:CompleteLayerUpload',
      'ecr:BatchDeleteImage',
      'ecr:SetRepositoryPolicy',
      'ecr:DeleteRepository',
    ],
    unsigned: false,
    call: 'aws ecr get-repository-policy',
  },
};

/** Whether the policy of a queue, topic, secret, key or repository opens it. */
export function exposeByPolicy(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const service = SERVICES[resource.type] as PolicyService;
  const { Policy } = estate.facts(POLICY_HOLDER, resource);
  return judge(resource, Policy, service, `the policy of ${resource.name}: ${service.call}`);
}

function judge(
  resource: EstateResource,
  policy: PolicyFacts | undefined,
  { actions, unsigned }: Pick<PolicyService, 'actions' | 'unsigned'>,
  missing: string,
): AwsExposure {
  if (policy === undefined) return exposureUnknown([missing]);
  const { open, undecided } = openingsOf(policy, actions, unsigned);
  if (open.length > 0) {
    return {
      state: 'yes',
      surfaces: open.map(surfaceOf),
      evidence: [
        evidence(
          `The policy of ${resource.name} lets ${audienceText(open)} take ${open
            .map(({ action }) => action)
            .slice(0, 4)
            .join(', ')}.`,
          resource,
        ),
      ],
      missing: [],
    };
  }
  if (undecided.length > 0)
    return exposureUnknown(
      undecided.map((key) => `what the policy of ${resource.name} means by its condition on ${key}`),
    );
  return notExposed(
    evidence(
      policy.Statement.length === 0
        ? `${resource.name} has no policy.`
        : `The policy of ${resource.name} gives nothing to everybody.`,
      resource,
    ),
  );
}

function surfaceOf({ action, audience }: PolicyOpening): ExposedSurface {
  return { surface: action, audience, auth: audience === 'any-aws-account' ? 'iam' : 'none' };
}

function audienceText(open: readonly PolicyOpening[]): string {
  return open.some(({ audience }) => audience !== 'any-aws-account') ? 'everybody' : 'every AWS account';
}

const INVOKE_URL = 'lambda:InvokeFunctionUrl';
const INVOKE = 'lambda:InvokeFunction';

/** Whether a function is called by anybody: over its URL, or with the API of any AWS account. */
export function exposeFunction(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const facts = estate.facts(FUNCTION, resource);
  if (facts.Policy === undefined)
    return exposureUnknown([`the policy of ${resource.name}: aws lambda get-policy`]);
  return combineExposures([
    overUrl(resource, facts, facts.Policy),
    judge(
      resource,
      withoutUrlGrants(facts.Policy),
      { actions: [INVOKE, 'lambda:UpdateFunctionCode', 'lambda:AddPermission'], unsigned: false },
      '',
    ),
  ]);
}

/** Grants that hold only for calls over the function's URL. */
function withoutUrlGrants(policy: PolicyFacts): PolicyFacts {
  return {
    ...policy,
    Statement: policy.Statement.filter(
      (statement) =>
        !JSON.stringify(statement.Condition ?? {})
          .toLowerCase()
          .includes('lambda:invokedviafunctionurl'),
    ),
  };
}

/** A URL answers strangers only if the policy lets everybody use the URL and invoke the function through it. */
function overUrl(resource: EstateResource, { Url }: FunctionFacts, policy: PolicyFacts): AwsExposure {
  const verdict = openingsOf(policy, [INVOKE_URL, INVOKE], true);
  const grants = new Set(verdict.open.map(({ action }) => action));
  if (!grants.has(INVOKE_URL) || !grants.has(INVOKE)) {
    if (verdict.undecided.length > 0)
      return exposureUnknown(
        verdict.undecided.map(
          (key) => `what the policy of ${resource.name} means by its condition on ${key}`,
        ),
      );
    return notExposed(
      evidence(`The policy of ${resource.name} does not let everybody invoke it over a URL.`, resource),
    );
  }
  if (Url === undefined)
    return exposureUnknown([`the URL of ${resource.name}: aws lambda get-function-url-config`]);
  const isOpen = Url.AuthType === 'NONE';
  const surface: ExposedSurface = {
    surface: Url.FunctionUrl ?? 'function URL',
    audience: isOpen ? 'internet' : 'any-aws-account',
    auth: isOpen ? 'app' : 'iam',
  };
  return {
    state: 'yes',
    surfaces: [surface],
    evidence: [
      evidence(
        `${resource.name} has a URL with authentication ${Url.AuthType ?? 'unknown'}, and its policy lets everybody use it.`,
        resource,
      ),
    ],
    missing: [],
  };
}

/** Whether anybody may become a role. */
export function exposeRole(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const { AssumeRolePolicyDocument } = estate.facts(IAM_ROLE, resource);
  return judge(
    resource,
    AssumeRolePolicyDocument,
    { actions: ['sts:AssumeRole'], unsigned: false },
    `the trust policy of ${resource.name}: aws iam get-account-authorization-details`,
  );
}

/** Whether the API server of a cluster answers the internet. It asks everybody for an identity, and is public all the same. */
export function exposeEksCluster(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const config = estate.facts(EKS_CLUSTER, resource).resourcesVpcConfig;
  const missing = `the endpoint of ${resource.name}: aws eks describe-cluster`;
  if (config?.endpointPublicAccess === undefined) return exposureUnknown([missing]);
  if (!config.endpointPublicAccess)
    return notExposed(evidence(`The API server of ${resource.name} has no public endpoint.`, resource));
  const ranges = (config.publicAccessCidrs ?? []).map(parseAddresses);
  if (ranges.length === 0 || ranges.includes(null)) return exposureUnknown([missing]);
  const audience = audienceOfSources(unionAddresses(...(ranges as AddressSet[])));
  if (!isPublic(audience))
    return notExposed(
      evidence(
        `The public endpoint of ${resource.name} answers only ${(config.publicAccessCidrs ?? []).slice(0, 4).join(', ')}.`,
        resource,
      ),
    );
  return {
    state: 'yes',
    surfaces: [{ surface: 'tcp/443', audience, auth: 'iam' }],
    evidence: [
      evidence(
        `The API server of ${resource.name} answers ${audience === 'internet' ? 'the whole internet' : 'a large part of the internet'} and asks for an AWS identity.`,
        resource,
      ),
    ],
    missing: [],
  };
}

/** Whether every AWS account may copy a snapshot of a volume. */
export function exposeSnapshot(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const { CreateVolumePermissions } = estate.facts(SNAPSHOT, resource);
  return shared(
    resource,
    CreateVolumePermissions,
    `who may use ${resource.name}: aws ec2 describe-snapshot-attribute --attribute createVolumePermission`,
  );
}

/** Whether every AWS account may restore a snapshot of a database. */
export function exposeDbSnapshot(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const { Restore } = estate.facts(DB_SNAPSHOT, resource);
  return shared(
    resource,
    Restore,
    `who may restore ${resource.name}: aws rds describe-db-snapshot-attributes`,
  );
}

function shared(
  resource: EstateResource,
  accounts: readonly string[] | undefined,
  missing: string,
): AwsExposure {
  if (accounts === undefined) return exposureUnknown([missing]);
  if (!accounts.includes('all'))
    return notExposed(
      evidence(
        `${resource.name} is shared with ${accounts.length === 0 ? 'nobody' : 'named accounts only'}.`,
        resource,
      ),
    );
  return {
    state: 'yes',
    surfaces: [{ surface: 'copy', audience: 'any-aws-account', auth: 'iam' }],
    evidence: [evidence(`${resource.name} may be copied by every AWS account.`, resource)],
    missing: [],
  };
}

/** Whether every AWS account may start a machine image. */
export function exposeMachineImage(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const { Public } = estate.facts(MACHINE_IMAGE, resource);
  return shared(
    resource,
    Public === undefined ? undefined : Public ? ['all'] : [],
    `whether ${resource.name} is public: aws ec2 describe-images --owners self`,
  );
}
