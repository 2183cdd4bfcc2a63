import type { FactFields } from '#domain/resource/facts/fact-shape.ts';

/**
 * The members of a GuardDuty finding that are read, in the spelling of its events. The API's answer
 * (`GetFindings`) spells the same in PascalCase.
 */
export const FINDING = {
  accountId: 'text',
  arn: 'text',
  id: 'text',
  region: 'text',
  type: 'text',
  title: 'text',
  severity: 'number',
  createdAt: 'text',
  updatedAt: 'text',
  resource: {
    resourceType: 'text',
    accessKeyDetails: { userName: 'text', userType: 'text', principalId: 'text', accessKeyId: 'text' },
    instanceDetails: { instanceId: 'text' },
    s3BucketDetails: [{ arn: 'text', name: 'text' }],
    eksClusterDetails: { arn: 'text', name: 'text' },
    ecsClusterDetails: { arn: 'text', name: 'text' },
    lambdaDetails: { functionArn: 'text', functionName: 'text' },
    rdsDbInstanceDetails: {
      dbInstanceArn: 'text',
      dbInstanceIdentifier: 'text',
      dbClusterIdentifier: 'text',
    },
    rdsLimitlessDbDetails: { dbShardGroupArn: 'text', dbShardGroupIdentifier: 'text' },
    ebsVolumeDetails: { scannedVolumeDetails: [{ volumeArn: 'text' }] },
    kubernetesDetails: {
      kubernetesUserDetails: { username: 'text' },
      kubernetesWorkloadDetails: { name: 'text', type: 'text', namespace: 'text' },
    },
  },
  service: {
    archived: 'boolean',
    count: 'number',
    detectorId: 'text',
    serviceName: 'text',
    eventFirstSeen: 'text',
    eventLastSeen: 'text',
    additionalInfo: { sample: 'boolean', value: 'text' },
    action: {
      actionType: 'text',
      awsApiCallAction: { remoteIpDetails: { ipAddressV4: 'text' } },
      networkConnectionAction: { remoteIpDetails: { ipAddressV4: 'text' } },
      kubernetesApiCallAction: { remoteIpDetails: { ipAddressV4: 'text' } },
      rdsLoginAttemptAction: { remoteIpDetails: { ipAddressV4: 'text' } },
      portProbeAction: { portProbeDetails: [{ remoteIpDetails: { ipAddressV4: 'text' } }] },
    },
    detection: { sequence: { resources: [{ uid: 'text', resourceType: 'text', name: 'text' }] } },
  },
} as const satisfies FactFields;
