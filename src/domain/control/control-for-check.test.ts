import { expect, test } from 'vitest';
import { type ControlHints, controlForCheck } from './control-for-check.ts';

test.each<[string, string, ControlHints, string | null]>([
  ['prowler', 'rds_instance_no_public_access', {}, 'rds.public'],
  ['Prowler', 'prowler-extra78', {}, 'rds.public'],
  ['AWS Security Hub', 'security-control/S3.3', {}, 's3.public-write'],
  ['trivy', 'AVD-KSV-0017', {}, 'k8s.privileged'],
  ['tfsec', 'AVD-AWS-0180', {}, 'rds.public'],
  ['kubescape', 'C-0057', {}, 'k8s.privileged'],
  ['checkov', 'CKV_AWS_287', {}, 'id.policy.cred-exposure'],
  ['prowler', 'accessanalyzer_enabled', {}, null],
  ['kubescape', 'CIS-5.1.2', {}, 'id.k8s.secrets-read'],
  ['kubescape', 'C-0206', {}, 'k8s.no-networkpolicy'],
  ['polaris', 'hostPathSet', {}, 'k8s.hostpath'],
  ['polaris', 'automountServiceAccountToken', {}, 'k8s.token-automount'],
  ['kics', 'CKV_AWS_287', {}, null],
  ['prowler', 'constructor', {}, null],

  ['trivy', 'AWS-0107', {}, 'net.sg.any-all'],
  ['trivy', 'AWS-0107', { port: -1 }, 'net.sg.any-all'],
  ['trivy', 'AWS-0107', { port: 22 }, 'net.sg.ssh'],
  ['trivy', 'AWS-0107', { port: 3389 }, 'net.sg.rdp'],
  ['trivy', 'AWS-0107', { port: 443 }, null],
  ['securityhub', 'EC2.19', {}, 'net.sg.high-risk-ports'],
  ['securityhub', 'EC2.19', { port: 5432 }, 'net.sg.db.postgres'],
  ['securityhub', 'EC2.19', { port: 9300 }, 'net.sg.db.elastic'],
  ['securityhub', 'EC2.19', { port: 4333 }, 'net.sg.high-risk-ports'],
  ['securityhub', 'EC2.53', { port: 3389 }, 'net.sg.rdp'],
  ['checkov', 'CKV_AWS_79', { resourceKind: 'aws_instance' }, 'ec2.imdsv1'],
  ['checkov', 'CKV_AWS_79', { resourceKind: 'aws_launch_template' }, 'ec2.lt.imdsv1'],
  ['checkov', 'CKV_AWS_79', { resourceKind: 'aws_launch_configuration' }, 'ec2.lt.imdsv1'],
  ['prowler', 'kms_key_not_publicly_accessible', { resourceKind: 'AwsKmsKey' }, 'kms.public'],
  [
    'prowler',
    'kms_key_not_publicly_accessible',
    { resourceKind: 'cloudkms.googleapis.com/CryptoKey' },
    'gcp.kms-secret.public',
  ],
  ['checkov', 'CKV_AWS_62', { resourceKind: 'aws_iam_policy' }, 'id.policy.star-attached'],
  ['checkov', 'CKV_AWS_62', { resourceKind: 'aws_iam_role_policy' }, 'id.policy.star-inline'],
  ['securityhub', 'IAM.1', { resourceKind: 'AwsIamPolicy' }, 'id.policy.star-attached'],
  ['checkov', 'CKV_AWS_274', { resourceKind: 'aws_iam_role' }, 'id.role.admin'],
  ['checkov', 'CKV_AWS_274', { resourceKind: 'aws_iam_group_policy_attachment' }, 'id.group.admin'],
  ['checkov', 'CKV_AWS_274', { resourceKind: 'aws_ssoadmin_managed_policy_attachment' }, 'id.user.admin'],
  ['checkov', 'CKV_AWS_274', { resourceKind: 'aws_iam_role', port: 22 }, 'id.role.admin'],
  // An id of one control means it, whatever else the record says.
  ['checkov', 'CKV_AWS_24', { port: 443, resourceKind: 'aws_security_group_rule' }, 'net.sg.ssh'],
])('%s %s with %o is %s', (tool, check, hints, control) => {
  expect(controlForCheck(tool, check, hints)?.id ?? null).toBe(control);
});
