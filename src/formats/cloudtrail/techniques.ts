import { asArray, asNumber, asObject, asText, asTexts, at } from '#base/json-value.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Severity } from '#domain/severity/severity.ts';
import {
  type ApiCall,
  admitsForeigners,
  concernsAnotherUser,
  hasLongLivedKey,
  isForeign,
  items,
  parameter,
  target,
} from './api-call.ts';

/** A way of attack that one call of an API gives away by itself. */
interface Technique {
  /** In the words of Stratus Red Team, where it has the technique. */
  readonly id: string;
  readonly title: string;
  /** Number in ATT&CK. */
  readonly attack: string;
  readonly severity: Severity;
  readonly service: string;
  readonly calls: readonly string[];
  /** What tells the technique from ordinary work. */
  readonly when: (call: ApiCall) => boolean;
  /** What it was done to; who did it is always named beside. */
  readonly targets?: (call: ApiCall) => readonly ResourceDescription[];
  /** Bare ids that only the inventory can place. */
  readonly names?: (call: ApiCall) => readonly string[];
}

const always = () => true;
const ADMINISTRATOR = /:aws:policy\/(?:AdministratorAccess|IAMFullAccess|PowerUserAccess)$/;
const SHELLS = /^(?:arn:[^/]*document\/)?AWS-Run(?:Shell|PowerShell)Script$/;
/** Machines for mining coins. */
const UNUSUAL = /^(?:p\d|g\d|inf|trn|dl\d|x\d|u-)/;

const instance = (call: ApiCall, id: string | undefined) =>
  id?.startsWith('i-') === true ? target(call, 'ec2-instance', 'ec2', id, 'instance/') : [];
const user = (call: ApiCall) => target(call, 'iam-user', 'iam', parameter(call, 'userName'), 'user/', true);
const role = (call: ApiCall) => target(call, 'iam-role', 'iam', parameter(call, 'roleName'), 'role/', true);
const lambda = (call: ApiCall) =>
  target(call, 'lambda-function', 'lambda', parameter(call, 'functionName'), 'function:');
const trail = (call: ApiCall) =>
  target(
    call,
    'cloudtrail-trail',
    'cloudtrail',
    parameter(call, 'name') ?? parameter(call, 'trailName'),
    'trail/',
  );
const bucket = ({ partition, account, ...call }: ApiCall): readonly ResourceDescription[] => {
  const name = asText(at(call.parameters, 'bucketName'));
  return name === undefined
    ? []
    : [
        {
          kind: 'cloud',
          provider: 'aws',
          id: `arn:${partition}:s3:::${name}`,
          type: 's3-bucket',
          name,
          ...(account === undefined ? {} : { account }),
        },
      ];
};

/**
 * The calls that are attacks. Each is rare in ordinary work, or has a condition that makes it so; what needs several
 * calls to be told (a flood of reads, listing everything) is left to tools that see the whole account.
 */
export const TECHNIQUES: readonly Technique[] = [
  {
    id: 'aws.credential-access.ec2-get-password-data',
    title: 'Password data of an instance was asked for',
    attack: 'T1552',
    severity: 'medium',
    service: 'ec2',
    calls: ['GetPasswordData'],
    when: always,
    targets: (call) => instance(call, parameter(call, 'instanceId')),
  },
  {
    id: 'aws.credential-access.secretsmanager-batch-retrieve-secrets',
    title: 'Secrets were read in a batch, by a filter',
    attack: 'T1555.006',
    severity: 'high',
    service: 'secretsmanager',
    calls: ['BatchGetSecretValue'],
    // An application asks for the secrets that it knows.
    when: (call) => asArray(at(call.parameters, 'filters')).length > 0,
  },
  {
    id: 'aws.credential-access.ssm-retrieve-securestring-parameters',
    title: 'Many secret parameters were read with one call',
    attack: 'T1555.006',
    severity: 'medium',
    service: 'ssm',
    calls: ['GetParameters'],
    when: (call) =>
      at(call.parameters, 'withDecryption') === true &&
      asArray(at(call.parameters, 'names')).length >= 5 &&
      hasLongLivedKey(call),
  },
  {
    id: 'aws.defense-evasion.cloudtrail-delete',
    title: 'A trail of CloudTrail was deleted',
    attack: 'T1562.008',
    severity: 'high',
    service: 'cloudtrail',
    calls: ['DeleteTrail'],
    when: always,
    targets: trail,
  },
  {
    id: 'aws.defense-evasion.cloudtrail-stop',
    title: 'Logging of CloudTrail was stopped',
    attack: 'T1562.008',
    severity: 'high',
    service: 'cloudtrail',
    calls: ['StopLogging'],
    when: always,
    targets: trail,
  },
  {
    id: 'aws.defense-evasion.cloudtrail-event-selectors',
    title: 'A trail was set to leave out events of the account',
    attack: 'T1562.008',
    severity: 'high',
    service: 'cloudtrail',
    calls: ['PutEventSelectors'],
    when: (call) =>
      asArray(at(call.parameters, 'eventSelectors')).some(
        (each) => at(each, 'includeManagementEvents') === false,
      ),
    targets: trail,
  },
  {
    id: 'aws.defense-evasion.cloudtrail-lifecycle-rule',
    title: 'A bucket was set to delete what is a day old',
    attack: 'T1562.008',
    severity: 'medium',
    service: 's3',
    calls: ['PutBucketLifecycle', 'PutBucketLifecycleConfiguration'],
    when: (call) => {
      const rules = at(call.parameters, 'LifecycleConfiguration', 'Rule');
      return (Array.isArray(rules) ? rules : [rules]).some(
        (rule) => asNumber(at(rule, 'Expiration', 'Days')) === 1,
      );
    },
    targets: bucket,
  },
  {
    id: 'aws.defense-evasion.dns-delete-logs',
    title: 'Logging of DNS queries was removed',
    attack: 'T1562.008',
    severity: 'high',
    service: 'route53resolver',
    calls: ['DeleteResolverQueryLogConfig'],
    when: always,
  },
  {
    id: 'aws.defense-evasion.vpc-remove-flow-logs',
    title: 'Flow logs of a network were removed',
    attack: 'T1562.008',
    severity: 'high',
    service: 'ec2',
    calls: ['DeleteFlowLogs'],
    when: always,
  },
  {
    id: 'aws.defense-evasion.organizations-leave',
    title: 'The account tried to leave its organization',
    attack: 'T1562.008',
    severity: 'high',
    service: 'organizations',
    calls: ['LeaveOrganization'],
    when: always,
  },
  {
    id: 'guardduty-disabled',
    title: 'GuardDuty was switched off',
    attack: 'T1562.001',
    severity: 'high',
    service: 'guardduty',
    calls: ['DeleteDetector', 'DisassociateFromMasterAccount', 'DisassociateFromAdministratorAccount'],
    when: always,
  },
  {
    id: 'config-recorder-stopped',
    title: 'The recorder of AWS Config was stopped',
    attack: 'T1562.001',
    severity: 'high',
    service: 'config',
    calls: ['StopConfigurationRecorder', 'DeleteConfigurationRecorder'],
    when: always,
  },
  {
    id: 'aws.discovery.ec2-download-user-data',
    title: 'Start-up data of an instance, which often hold secrets, were read',
    attack: 'T1552.005',
    severity: 'medium',
    service: 'ec2',
    calls: ['DescribeInstanceAttribute'],
    when: (call) => parameter(call, 'attribute') === 'userData',
    targets: (call) => instance(call, parameter(call, 'instanceId')),
  },
  {
    id: 'aws.execution.ec2-launch-unusual-instances',
    title: 'Unusually large machines were started in numbers',
    attack: 'T1496',
    severity: 'medium',
    service: 'ec2',
    calls: ['RunInstances'],
    when: (call) =>
      UNUSUAL.test(parameter(call, 'instanceType') ?? '') &&
      items(call, 'instancesSet').some((each) => (asNumber(each.maxCount) ?? 1) >= 5),
  },
  {
    id: 'aws.execution.ec2-user-data',
    title: 'Start-up data of an instance were replaced',
    attack: 'T1059',
    severity: 'high',
    service: 'ec2',
    calls: ['ModifyInstanceAttribute'],
    when: (call) => at(call.parameters, 'userData') !== undefined,
    targets: (call) => instance(call, parameter(call, 'instanceId')),
  },
  {
    id: 'aws.execution.ssm-send-command',
    title: 'A shell command was sent to instances with a long-lived key',
    attack: 'T1651',
    severity: 'high',
    service: 'ssm',
    calls: ['SendCommand'],
    when: (call) => SHELLS.test(parameter(call, 'documentName') ?? '') && hasLongLivedKey(call),
    targets: (call) =>
      asTexts(at(call.parameters, 'instanceIds'))
        .slice(0, 50)
        .flatMap((id) => instance(call, id)),
  },
  {
    id: 'aws.execution.ssm-start-session',
    title: 'A shell on an instance was opened with a long-lived key',
    attack: 'T1021',
    severity: 'medium',
    service: 'ssm',
    calls: ['StartSession'],
    when: hasLongLivedKey,
    targets: (call) => instance(call, parameter(call, 'target')),
  },
  {
    id: 'aws.execution.sagemaker-update-lifecycle-config',
    title: 'What notebooks run at their start was replaced with a long-lived key',
    attack: 'T1059',
    severity: 'high',
    service: 'sagemaker',
    calls: ['UpdateNotebookInstanceLifecycleConfig'],
    when: hasLongLivedKey,
  },
  {
    id: 'aws.exfiltration.ec2-security-group-open-port-22-ingress',
    title: 'Remote administration was opened to everyone',
    attack: 'T1562.007',
    severity: 'medium',
    service: 'ec2',
    calls: ['AuthorizeSecurityGroupIngress'],
    when: (call) =>
      items(call, 'ipPermissions').some(
        (each) =>
          [22, 3389].some(
            (port) => (asNumber(each.fromPort) ?? 1) <= port && port <= (asNumber(each.toPort) ?? 0),
          ) &&
          (asArray(at(each.ipRanges, 'items')).some((range) => at(range, 'cidrIp') === '0.0.0.0/0') ||
            asArray(at(each.ipv6Ranges, 'items')).some((range) => at(range, 'cidrIpv6') === '::/0')),
      ),
    targets: (call) => target(call, 'security-group', 'ec2', parameter(call, 'groupId'), 'security-group/'),
  },
  {
    id: 'aws.exfiltration.ec2-share-ami',
    title: 'A machine image was shared with another account',
    attack: 'T1537',
    severity: 'high',
    service: 'ec2',
    calls: ['ModifyImageAttribute'],
    when: (call) =>
      items(call, 'launchPermission', 'add').some((each) =>
        isForeign(call, asText(each.userId) ?? asText(each.group) ?? ''),
      ),
    names: (call) => asTexts(at(call.parameters, 'imageId')),
  },
  {
    id: 'aws.exfiltration.ec2-share-ebs-snapshot',
    title: 'A snapshot of a disk was shared with another account',
    attack: 'T1537',
    severity: 'high',
    service: 'ec2',
    calls: ['ModifySnapshotAttribute'],
    when: (call) =>
      items(call, 'createVolumePermission', 'add').some((each) =>
        isForeign(call, asText(each.userId) ?? asText(each.group) ?? ''),
      ),
    names: (call) => asTexts(at(call.parameters, 'snapshotId')),
  },
  {
    id: 'aws.exfiltration.rds-share-snapshot',
    title: 'A snapshot of a database was shared with another account',
    attack: 'T1537',
    severity: 'high',
    service: 'rds',
    calls: ['ModifyDBSnapshotAttribute', 'ModifyDBClusterSnapshotAttribute'],
    when: (call) => asTexts(at(call.parameters, 'valuesToAdd')).some((each) => isForeign(call, each)),
    targets: (call) =>
      target(call, 'rds-snapshot', 'rds', parameter(call, 'dBSnapshotIdentifier'), 'snapshot:'),
  },
  {
    id: 'aws.exfiltration.s3-backdoor-bucket-policy',
    title: 'The policy of a bucket lets another account in',
    attack: 'T1537',
    severity: 'high',
    service: 's3',
    calls: ['PutBucketPolicy'],
    when: (call) => admitsForeigners(call, 'bucketPolicy'),
    targets: bucket,
  },
  {
    id: 'aws.impact.bedrock-invoke-model',
    title: 'Access to a model was requested by API',
    attack: 'T1496',
    severity: 'low',
    service: 'bedrock',
    calls: ['PutFoundationModelEntitlement', 'PutUseCaseForModelAccess', 'CreateFoundationModelAgreement'],
    when: always,
  },
  {
    id: 'aws.initial-access.console-login-without-mfa',
    title: 'A user signed in to the console without a second factor',
    attack: 'T1078.004',
    severity: 'medium',
    service: 'signin',
    calls: ['ConsoleLogin'],
    when: ({ event }) =>
      asText(at(event, 'additionalEventData', 'MFAUsed')) === 'No' &&
      asText(at(event, 'responseElements', 'ConsoleLogin')) === 'Success' &&
      ['IAMUser', 'Root'].includes(asText(at(event, 'userIdentity', 'type')) ?? ''),
  },
  {
    id: 'aws.lateral-movement.ec2-instance-connect',
    title: 'An SSH key was pushed to an instance with a long-lived key',
    attack: 'T1021.004',
    severity: 'medium',
    service: 'ec2-instance-connect',
    calls: ['SendSSHPublicKey', 'SendSerialConsoleSSHPublicKey'],
    when: hasLongLivedKey,
    targets: (call) => instance(call, parameter(call, 'instanceId')),
  },
  {
    id: 'aws.persistence.iam-backdoor-role',
    title: "A role's trust lets another account in",
    attack: 'T1098',
    severity: 'high',
    service: 'iam',
    calls: ['UpdateAssumeRolePolicy'],
    when: (call) => admitsForeigners(call, 'policyDocument'),
    targets: role,
  },
  {
    id: 'aws.persistence.iam-create-backdoor-role',
    title: 'A role was made that another account may assume',
    attack: 'T1098',
    severity: 'medium',
    service: 'iam',
    calls: ['CreateRole'],
    when: (call) => admitsForeigners(call, 'assumeRolePolicyDocument'),
    targets: role,
  },
  {
    id: 'aws.persistence.iam-backdoor-user',
    title: 'An access key was made for another user with a long-lived key',
    attack: 'T1098.001',
    severity: 'high',
    service: 'iam',
    calls: ['CreateAccessKey'],
    when: (call) => concernsAnotherUser(call) && hasLongLivedKey(call),
    targets: user,
  },
  {
    id: 'aws.persistence.iam-create-user-login-profile',
    title: 'A console password was made for another user with a long-lived key',
    attack: 'T1098.001',
    severity: 'high',
    service: 'iam',
    calls: ['CreateLoginProfile'],
    when: (call) => concernsAnotherUser(call) && hasLongLivedKey(call),
    targets: user,
  },
  {
    id: 'aws.privilege-escalation.iam-update-user-login-profile',
    title: 'The console password of another user was replaced with a long-lived key',
    attack: 'T1098',
    severity: 'high',
    service: 'iam',
    calls: ['UpdateLoginProfile'],
    when: (call) => concernsAnotherUser(call) && hasLongLivedKey(call),
    targets: user,
  },
  {
    id: 'aws.persistence.iam-create-admin-user',
    title: 'Administrator rights were given with a long-lived key',
    attack: 'T1098.003',
    severity: 'medium',
    service: 'iam',
    calls: ['AttachUserPolicy', 'AttachRolePolicy'],
    when: (call) => ADMINISTRATOR.test(parameter(call, 'policyArn') ?? '') && hasLongLivedKey(call),
    targets: (call) => [...user(call), ...role(call)],
  },
  {
    id: 'aws.persistence.lambda-backdoor-function',
    title: 'A function was opened to another account or everyone',
    attack: 'T1098',
    severity: 'high',
    service: 'lambda',
    calls: ['AddPermission'],
    when: (call) => isForeign(call, parameter(call, 'principal') ?? ''),
    targets: lambda,
  },
  {
    id: 'aws.persistence.lambda-layer-extension',
    title: 'A layer was put under a function with a long-lived key',
    attack: 'T1546',
    severity: 'medium',
    service: 'lambda',
    calls: ['UpdateFunctionConfiguration'],
    when: (call) => asArray(at(call.parameters, 'layers')).length > 0 && hasLongLivedKey(call),
    targets: lambda,
  },
  {
    id: 'aws.persistence.rolesanywhere-create-trust-anchor',
    title: 'An authority of their own may now issue credentials for the account',
    attack: 'T1098.001',
    severity: 'high',
    service: 'rolesanywhere',
    calls: ['CreateTrustAnchor'],
    when: (call) => asObject(at(call.parameters, 'source')) !== undefined,
  },
  {
    id: 'aws.persistence.sts-federation-token',
    title: 'A session of its own was made from a long-lived key',
    attack: 'T1098.001',
    severity: 'medium',
    service: 'sts',
    calls: ['GetFederationToken'],
    when: hasLongLivedKey,
  },
];
