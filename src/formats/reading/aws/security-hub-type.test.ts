import { expect, test } from 'vitest';
import { guardDutyType, isAttackType, isIdentityControl } from './security-hub-type.ts';

test.each([
  [
    'TTPs/Defense Evasion/Stealth:IAMUser-CloudTrailLoggingDisabled',
    'Stealth:IAMUser/CloudTrailLoggingDisabled',
  ],
  ['TTPs/Discovery/Recon:EC2-Portscan', 'Recon:EC2/Portscan'],
  ['TTPs/Discovery/IAMUser-AnomalousBehavior', 'Discovery:IAMUser/AnomalousBehavior'],
  ['TTPs/Defense Evasion/IAMUser-AnomalousBehavior', 'DefenseEvasion:IAMUser/AnomalousBehavior'],
  ['Unusual Behaviors/User/Persistence:IAMUser-NetworkPermissions', 'Persistence:IAMUser/NetworkPermissions'],
  ['Recon:EC2/Portscan', 'Recon:EC2/Portscan'],
  ['anything', 'anything'],
  ['', ''],
])('%s is %s', (type, expected) => {
  expect(guardDutyType(type)).toBe(expected);
});

test('only tactics and unusual behaviour are attacks', () => {
  expect(
    [
      'TTPs/Discovery',
      'Unusual Behaviors/VM',
      'Software and Configuration Checks/Vulnerabilities/CVE',
      'Sensitive Data Identifications/PII',
      '',
    ].map(isAttackType),
  ).toEqual([true, true, false, false, false]);
});

test.each([
  ['IAM.4', true],
  ['PCI.IAM.1', true],
  ['SSO.1', true],
  ['S3.2', false],
  ['Config.1', false],
])('%s is about identities: %s', (control, expected) => {
  expect(isIdentityControl(control)).toBe(expected);
});
