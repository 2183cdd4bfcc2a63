import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import { isGuardDutyFinding, mapFinding } from './map-finding.ts';

const FINDING: JsonObject = {
  accountId: '111111111111',
  region: 'eu-west-1',
  id: 'a',
  type: 'Recon:EC2/Portscan',
  title: 'Scan',
  severity: 5,
  updatedAt: '2026-09-01T00:00:00Z',
  service: { serviceName: 'guardduty' },
};

function signalOf(more: JsonObject): SignalObservation {
  const mapped = mapFinding({ ...FINDING, ...more });
  if ('reject' in mapped) throw new Error(mapped.reject);
  return mapped.signal;
}

describe('severity', () => {
  it.each<[unknown, string | null]>([
    [0.5, 'low'],
    [3.9, 'low'],
    [4, 'medium'],
    [6.9, 'medium'],
    [7, 'high'],
    [8.9, 'high'],
    [9, 'critical'],
    [10, 'critical'],
    [0, null],
    [11, null],
    [-1, null],
    ['high', null],
    [null, null],
  ])('%s', (severity, expected) => {
    expect(signalOf({ severity: severity as number }).severity).toBe(expected);
  });
});

describe('whether it is an attack', () => {
  it.each<[string, JsonObject, boolean]>([
    ['a finding', {}, true],
    ['archived', { service: { archived: true } }, false],
    ['not archived', { service: { archived: false } }, true],
    ['a sample by its title', { title: '[SAMPLE] Scan' }, false],
    ['a sample by its flag', { service: { additionalInfo: { sample: true } } }, false],
    [
      "a sample in the API's answer",
      { service: { additionalInfo: { value: '{"sample":true}', type: 'default' } } },
      false,
    ],
    [
      'a free part that only speaks of samples',
      { service: { additionalInfo: { value: '{"note":"sample"' } } },
      true,
    ],
    ['a setting against good practice', { type: 'Policy:S3/BucketBlockPublicAccessDisabled' }, false],
  ])('%s', (_, more, isAttack) => {
    const signal = signalOf(more);
    expect(signal.isAttack).toBe(isAttack);
    expect(signal.whyNoAttack === undefined).toBe(isAttack);
  });
});

describe('what it is about', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    [
      'an instance',
      { instanceDetails: { instanceId: 'i-1' } },
      ['arn:aws:ec2:eu-west-1:111111111111:instance/i-1'],
    ],
    [
      'a user',
      { accessKeyDetails: { userName: 'alice', userType: 'IAMUser', accessKeyId: 'AKIA' } },
      ['arn:aws:iam::111111111111:user/alice'],
    ],
    [
      'a session of a role',
      { accessKeyDetails: { userName: 'deploy', userType: 'AssumedRole' } },
      ['arn:aws:iam::111111111111:role/deploy'],
    ],
    ['root', { accessKeyDetails: { userName: 'Root', userType: 'Root' } }, ['account 111111111111']],
    ['a service', { accessKeyDetails: { userName: 'x', userType: 'AWSService' } }, []],
    ['a user without a name', { accessKeyDetails: { userType: 'IAMUser' } }, []],
    [
      'two buckets',
      { s3BucketDetails: [{ arn: 'arn:aws:s3:::a' }, { name: 'b' }, {}] },
      ['arn:aws:s3:::a', 'arn:aws:s3:::b'],
    ],
    [
      'a database',
      { rdsDbInstanceDetails: { dbInstanceArn: 'arn:aws:rds:eu-west-1:111111111111:db:d' } },
      ['arn:aws:rds:eu-west-1:111111111111:db:d'],
    ],
    [
      'a function',
      { lambdaDetails: { functionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:f' } },
      ['arn:aws:lambda:eu-west-1:111111111111:function:f'],
    ],
    [
      'a workload of a cluster',
      {
        eksClusterDetails: { arn: 'arn:aws:eks:eu-west-1:111111111111:cluster/c' },
        kubernetesDetails: {
          kubernetesWorkloadDetails: { name: 'web', type: 'daemonsets', namespace: 'shop' },
        },
      },
      [
        'apps DaemonSet shop/web in arn:aws:eks:eu-west-1:111111111111:cluster/c',
        'arn:aws:eks:eu-west-1:111111111111:cluster/c',
      ],
    ],
    [
      'a workload of a kind that we do not know',
      { kubernetesDetails: { kubernetesWorkloadDetails: { name: 'w', type: 'toString' } } },
      [' toString /w in null'],
    ],
    ['nothing', { resourceType: 'Other' }, []],
  ])('%s', (_, resource, expected) => {
    const described = signalOf({ resource }).resources.map((each) => {
      if (each.kind === 'cloud') return each.id;
      if (each.kind === 'account') return `account ${each.account}`;
      return each.kind === 'kubernetes'
        ? `${each.group} ${each.objectKind} ${each.namespace}/${each.name} in ${each.cluster}`
        : each.kind;
    });
    expect(described).toEqual(expected);
  });

  it('is what a call changed where it names nothing else', () => {
    const service = {
      action: {
        awsApiCallAction: {
          affectedResources: {
            'AWS::IAM::Role': 'arn:aws:iam::111111111111:role/r',
            'AWS::EC2::Instance': 'i-1',
            constructor: 'arn:aws:x:::y',
          },
        },
      },
    };
    expect(signalOf({ service }).resources).toEqual([
      {
        kind: 'cloud',
        provider: 'aws',
        id: 'arn:aws:iam::111111111111:role/r',
        type: 'iam-role',
        account: '111111111111',
      },
    ]);
  });
});

describe('the kind of a workload is what Kubernetes calls it', () => {
  it.each([
    ['pods', '', 'Pod'],
    ['deployments', 'apps', 'Deployment'],
    ['Deployment', 'apps', 'Deployment'],
    ['daemonsets', 'apps', 'DaemonSet'],
    ['statefulsets', 'apps', 'StatefulSet'],
    ['replicasets', 'apps', 'ReplicaSet'],
    ['jobs', 'batch', 'Job'],
    ['cronjobs', 'batch', 'CronJob'],
  ])('%s', (type, group, objectKind) => {
    const resource = { kubernetesDetails: { kubernetesWorkloadDetails: { name: 'web', type } } };
    expect(signalOf({ resource }).resources).toMatchObject([{ group, objectKind, name: 'web' }]);
  });
});

describe('a sequence of attacks is about each thing that it names', () => {
  it.each([
    ['EC2_INSTANCE', 'ec2-instance'],
    ['S3_BUCKET', 's3-bucket'],
    ['EKS_CLUSTER', 'eks-cluster'],
    ['ACCESS_KEY', 'access-key'],
    ['LAMBDA', 'lambda-function'],
    ['OTHER', 'aws-resource'],
  ])('%s', (resourceType, type) => {
    const uid = 'arn:aws:x:eu-west-1:111111111111:y/z';
    const sequence = { resources: [{ uid, resourceType, name: 'z' }] };
    expect(signalOf({ service: { detection: { sequence } } }).resources).toMatchObject([
      { id: uid, type, name: 'z' },
    ]);
  });
});

it.each([
  ['AWS::IAM::User', 'arn:aws:iam::111111111111:user/u', 'iam-user'],
  ['AWS::EC2::Instance', 'arn:aws:ec2:eu-west-1:111111111111:instance/i-1', 'ec2-instance'],
  ['AWS::S3::Bucket', 'arn:aws:s3:::b', 's3-bucket'],
  ['AWS::CloudTrail::Trail', 'arn:aws:cloudtrail:eu-west-1:111111111111:trail/t', 'cloudtrail-trail'],
])('what a call changed, in either spelling: %s', (kind, id, type) => {
  for (const service of [
    { action: { awsApiCallAction: { affectedResources: { [kind]: id } } } },
    { Action: { AwsApiCallAction: { AffectedResources: { [kind]: id } } } },
  ]) {
    const more: JsonObject = 'action' in service ? { service } : { service: null, Service: service };
    expect(signalOf(more).resources).toMatchObject([{ id, type }]);
  }
});

it.each([
  ['CredentialAccess:Kubernetes/MaliciousIPCaller', ['TA0006']],
  ['DefenseEvasion:IAMUser/AnomalousBehavior', ['TA0005']],
  ['Stealth:IAMUser/CloudTrailLoggingDisabled', ['TA0005']],
  ['Discovery:S3/AnomalousBehavior', ['TA0007']],
  ['Recon:EC2/Portscan', ['TA0043']],
  ['Execution:Runtime/NewBinaryExecuted', ['TA0002']],
  ['Exfiltration:S3/AnomalousBehavior', ['TA0010']],
  ['Impact:EC2/PortSweep', ['TA0040']],
  ['InitialAccess:IAMUser/AnomalousBehavior', ['TA0001']],
  ['Persistence:IAMUser/AnomalousBehavior', ['TA0003']],
  ['PrivilegeEscalation:Runtime/ContainerMountsHostDirectory', ['TA0004']],
  ['Trojan:EC2/DNSDataExfiltration', undefined],
])('the tactic of %s', (type, techniques) => {
  expect(signalOf({ type }).techniques).toEqual(techniques);
});

it.each<[string, JsonObject]>([
  ['a call', { awsApiCallAction: { remoteIpDetails: { ipAddressV4: '203.0.113.9' } } }],
  ['a connection', { networkConnectionAction: { remoteIpDetails: { ipAddressV4: '203.0.113.9' } } }],
  ['a call to Kubernetes', { kubernetesApiCallAction: { remoteIpDetails: { ipAddressV4: '203.0.113.9' } } }],
  ['a login to a database', { rdsLoginAttemptAction: { remoteIpDetails: { ipAddressV4: '203.0.113.9' } } }],
  [
    'a probe',
    { portProbeAction: { portProbeDetails: [{ remoteIpDetails: { ipAddressV4: '203.0.113.9' } }] } },
  ],
])('where %s came from', (_, action) => {
  expect(signalOf({ service: { action } }).sourceAddress).toBe('203.0.113.9');
});

describe('times and counts', () => {
  it('come from the service, else from the finding', () => {
    expect(
      signalOf({
        service: { eventFirstSeen: '2026-08-01T00:00:00Z', eventLastSeen: '2026-08-02T00:00:00Z', count: 3 },
      }),
    ).toMatchObject({ firstAt: Date.UTC(2026, 7, 1), lastAt: Date.UTC(2026, 7, 2), count: 3 });
    expect(signalOf({ service: { count: 0 } })).toMatchObject({
      firstAt: Date.UTC(2026, 8, 1),
      lastAt: Date.UTC(2026, 8, 1),
      count: 1,
    });
    expect(
      signalOf({
        service: { eventFirstSeen: '2026-09-05T00:00:00Z', eventLastSeen: '2026-09-01T00:00:00Z' },
      }),
    ).toMatchObject({ firstAt: Date.UTC(2026, 8, 1) });
  });

  it('are needed', () => {
    expect(mapFinding({ ...FINDING, updatedAt: 'yesterday' })).toEqual({
      reject: expect.stringContaining('updatedAt'),
    });
    expect(mapFinding({ ...FINDING, type: 7 })).toEqual({ reject: expect.stringContaining('type') });
  });
});

describe('isGuardDutyFinding', () => {
  it.each<[string, unknown, boolean]>([
    ['its own shape', FINDING, true],
    ["the API's spelling", { Type: 'x', Service: { DetectorId: 'd' } }, true],
    [
      'the shape of Security Hub',
      { ...FINDING, ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty' },
      false,
    ],
    ['another service', { type: 'x', service: { serviceName: 'macie' } }, false],
    ['nothing', null, false],
  ])('%s', (_, value, expected) => {
    expect(isGuardDutyFinding(value)).toBe(expected);
  });
});
