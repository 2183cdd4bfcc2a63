import { expect, test } from 'vitest';
import { controlById } from './control-catalogue.ts';
import { impliedRisks } from './implied-risks.ts';

function implied(id: string, check: string) {
  const control = controlById(id);
  if (control === null) throw new Error(`no control ${id}`);
  return impliedRisks(control, check);
}

test.each([
  ['s3.public-read', 'prowler:s3_bucket_public_access', ['publicly_accessible']],
  ['rds.public', 'securityhub:RDS.2', ['publicly_accessible']],
  ['id.cognito.guest', 'prowler:cognito_identity_pool_guest_access_disabled', ['publicly_accessible']],
  ['id.role.admin', 'prowler:iam_role_administratoraccess_policy', ['privileged_access']],
  ['eks.public-endpoint', 'prowler:eks_cluster_not_publicly_accessible', ['publicly_accessible']],
  // Security Hub's check fails also where only some addresses are let in.
  ['eks.public-endpoint', 'securityhub:EKS.1', []],
  ['gcp.sql.public', 'prowler:cloudsql_instance_public_ip', []],
  ['id.policy.star-attached', 'securityhub:IAM.1', []],
  // A group's rules say nothing about what stands behind it.
  ['net.sg.ssh', 'prowler:ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22', []],
  ['cloudtrail.bucket-public', 'prowler:cloudtrail_logs_s3_bucket_is_not_publicly_accessible', []],
  ['k8s.privileged', 'kubescape:C-0057', []],
])('%s by %s implies %o', (id, check, risks) => {
  expect(implied(id, check).map(({ risk }) => risk)).toEqual(risks);
});

test('the sentence says which check found what', () => {
  expect(implied('rds.public', 'prowler:rds_instance_no_public_access')).toEqual([
    {
      risk: 'publicly_accessible',
      sentence: 'Database reachable from the internet (prowler:rds_instance_no_public_access).',
    },
  ]);
});
