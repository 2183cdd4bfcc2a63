import { expect, test } from 'vitest';
import { hostEndOf, isAwsRegion, partitionOfRegion } from './aws-region.ts';

test.each([
  ['eu-west-1', 'aws'],
  ['ap-southeast-7', 'aws'],
  ['mx-central-1', 'aws'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-east-1', 'aws-us-gov'],
  ['eusc-de-east-1', 'aws-eusc'],
  ['us-iso-west-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['us-isof-south-1', 'aws-iso-f'],
])('%s is a region of %s', (region, partition) => {
  expect(isAwsRegion(region)).toBe(true);
  expect(partitionOfRegion(region)).toBe(partition);
});

test.each(['eu-vest-1', 'us-east', 'eusc-east-1', 'europe-west1', 'eu-west-1a', 'aws-global', 'EU-WEST-1'])(
  '%s is none',
  (text) => {
    expect(isAwsRegion(text)).toBe(false);
  },
);

test('where no region is known the partition is the common one', () => {
  expect(partitionOfRegion(undefined)).toBe('aws');
});

test.each([
  ['aws', 'amazonaws.com'],
  ['aws-us-gov', 'amazonaws.com'],
  ['aws-cn', 'amazonaws.com.cn'],
  ['aws-eusc', 'amazonaws.eu'],
  ['aws-iso', 'c2s.ic.gov'],
  ['aws-iso-b', 'sc2s.sgov.gov'],
  ['aws-iso-e', 'cloud.adc-e.uk'],
  ['aws-iso-f', 'csp.hci.ic.gov'],
  ['constructor', 'amazonaws.com'],
])('hosts of %s end with %s', (partition, end) => {
  expect(hostEndOf(partition)).toBe(end);
});
