import { expect, test } from 'vitest';
import { isMachineAccount } from './machine-account.ts';

test.each([
  'terraform',
  '@renovate',
  'renovate[bot]',
  '49699333+dependabot[bot]@users.noreply.github.com',
  'github-actions',
  'acme-bot',
  'release_ci',
  'svc-deploy',
  'noreply@github.com',
  'jenkins@acme.example',
  'ci-acme@acme.example',
  'builder@project.iam.gserviceaccount.com',
  'botocore-session-1691234567',
  'i-0abc1234def567890',
  'AWSServiceRoleForECS',
  'unknown',
  'N/A',
  ' terraform ',
])('%s is a machine', (name) => {
  expect(isMachineAccount(name)).toBe(true);
});

test.each([
  'maria',
  'talbot',
  'lucia',
  '@acme/checkout',
  'abbot@acme.example',
  'platform',
  'building-services',
  'cicero',
])('%s is somebody', (name) => {
  expect(isMachineAccount(name)).toBe(false);
});
