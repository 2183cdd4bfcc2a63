import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toolCheck, toolName } from './tool-check.ts';

test.each([
  ['Semgrep OSS', 'semgrep'],
  ['Semgrep PRO', 'semgrep'],
  ['semgrep', 'semgrep'],
  ['LGTM.com', 'codeql'],
  ['CodeQL', 'codeql'],
  ['Trivy  Operator', 'trivy'],
  ['AWS Security Hub', 'securityhub'],
  ['security-hub', 'securityhub'],
  ['nodejsscan', 'njsscan'],
  ['Some New  Tool', 'some-new-tool'],
  ['constructor', 'constructor'],
])('the tool %s is %s', (tool, name) => {
  expect(toolName(tool)).toBe(name);
});

test.each([
  ['trivy', 'AVD-DS-0002', 'trivy:DS-0002'],
  ['trivy', 'DS-0002', 'trivy:DS-0002'],
  ['Trivy', 'DS002', 'trivy:DS-0002'],
  ['trivy', 'KSV116', 'trivy:KSV-0116'],
  ['trivy', 'KSV-0116', 'trivy:KSV-0116'],
  ['trivy', 'avd-aws-0107', 'trivy:AWS-0107'],
  ['trivy', 'aws-secret-access-key', 'trivy:aws-secret-access-key'],
  ['tfsec', 'AVD-AWS-0107', 'trivy:AWS-0107'],
  ['tfsec', 'AWS007', 'tfsec:AWS007'],
  ['tfsec', 'aws-s3-block-public-acls', 'tfsec:aws-s3-block-public-acls'],
  ['prowler', 'prowler-s3_bucket_public_access', 'prowler:s3_bucket_public_access'],
  ['Prowler', 'check11', 'prowler:iam_avoid_root_usage'],
  ['prowler', 'prowler-extra73', 'prowler:s3_bucket_public_access'],
  ['prowler', '1.1', 'prowler:iam_avoid_root_usage'],
  ['prowler', '1.01', 'prowler:iam_avoid_root_usage'],
  ['prowler', '1.14', 'prowler:iam_root_hardware_mfa_enabled'],
  ['prowler', '7.94', 'prowler:eks_control_plane_logging_all_types_enabled'],
  ['prowler', 'eks_endpoints_not_publicly_accessible', 'prowler:eks_cluster_not_publicly_accessible'],
  ['securityhub', 'aws-foundational-security-best-practices/v/1.0.0/EC2.8', 'securityhub:EC2.8'],
  ['securityhub', 'security-control/EC2.8', 'securityhub:EC2.8'],
  ['securityhub', 'aws-foundational-security-best-practices/v/1.0.0/ELBv2.1', 'securityhub:ELB.1'],
  [
    'securityhub',
    'arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.1',
    'securityhub:arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.1',
  ],
  ['checkov', 'ckv_aws_24', 'checkov:CKV_AWS_24'],
  ['kubescape', 'c-0057', 'kubescape:C-0057'],
  ['codeql', 'py/empty-except', 'codeql:py/empty-except'],
  ['LGTM.com', 'com.lgtm/python-queries:py/unused-import', 'codeql:py/unused-import'],
  ['Shell Script Analysis', '2076', 'shellcheck:SC2076'],
  ['ESLint', '@typescript-eslint/no-unused-vars', 'eslint:@typescript-eslint/no-unused-vars'],
  ['zap', '__proto__', 'zap:__proto__'],
])('%s %s is %s', (tool, check, expected) => {
  expect(toolCheck(tool, check)).toBe(expected);
});

test('spelling a spelled name again changes nothing, and the tool ends at the first colon', () => {
  const tools = fc.oneof(
    fc.constantFrom('trivy', 'prowler', 'securityhub', 'codeql', 'a:b'),
    fc.string({ maxLength: 20 }),
  );
  const checks = fc.oneof(fc.constantFrom('KSV1', 'AVD-X-001', 'prowler-7.1'), fc.string({ maxLength: 20 }));
  fc.assert(
    fc.property(tools, checks, (tool, check) => {
      const spelled = toolCheck(tool, check);
      const colon = spelled.indexOf(':');
      expect(toolName(tool)).not.toContain(':');
      expect(toolCheck(spelled.slice(0, colon), spelled.slice(colon + 1))).toBe(spelled);
    }),
  );
});
