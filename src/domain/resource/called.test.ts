import { expect, it } from 'vitest';
import { called, calledFirst } from './called.ts';

it.each([
  ['security-group', 'security group x'],
  ['ec2-instance', 'EC2 instance x'],
  ['s3-bucket', 'S3 bucket x'],
  ['network-acl', 'network ACL x'],
  ['app-runner-service', 'App Runner service x'],
  ['azure-nsg', 'network security group x'],
  ['azure-sql-server', 'SQL server x'],
  ['gcp-firewall', 'firewall rule x'],
  ['gcp-run-service', 'Cloud Run service x'],
  ['gcp-bucket', 'bucket x'],
  ['constructor', 'constructor x'],
])('a thing of type %s is called %s', (type, words) => {
  expect(called({ type, name: 'x' })).toBe(words);
});

it('has a capital letter where a sentence begins, and keeps its name as it is', () => {
  expect(calledFirst({ type: 'security-group', name: 'bastion' })).toBe('Security group bastion');
});
