import { expect, test } from 'vitest';
import { identifyFinding } from '#domain/finding/identify-finding.ts';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import { asff } from '../asff/asff.ts';
import { awsInspector2 } from '../aws-inspector2/aws-inspector2.ts';
import { kubeaudit } from '../kubeaudit/kubeaudit.ts';
import { ocsf } from '../ocsf/ocsf.ts';
import { polaris } from '../polaris/polaris.ts';
import { prowler } from '../prowler/prowler.ts';
import { trivyOperator } from '../trivy-operator/trivy-operator.ts';

const CONTEXT = { root: null, account: null, region: null, cluster: 'shop' };

async function identity(format: ReportFormat, text: string): Promise<string> {
  const input = {
    name: 'report',
    open: async function* () {
      yield Buffer.from(text);
    },
  };
  const naming = { sourceId: format.id, cluster: 'shop', repository: null, artifact: null };
  for await (const item of format.read(input, CONTEXT))
    for (const observation of item.kind === 'record' ? item.observations : [])
      if (observation.kind === 'finding') {
        const found = identifyFinding(observation, { naming, secretKey: new Uint8Array(32) });
        return `${found.issueId} ${found.fingerprint}`;
      }
  throw new Error(`${format.id} reads no finding`);
}

const BUCKET = 'arn:aws:s3:::shop-assets';

test('a failed check of Prowler is one finding in all that it writes', async () => {
  const found = await Promise.all([
    identity(
      prowler,
      `ACCOUNT_UID;PROVIDER;CHECK_ID;STATUS;RESOURCE_TYPE;RESOURCE_UID;RESOURCE_NAME;REGION\n123456789012;aws;s3_bucket_public_access;FAIL;AwsS3Bucket;${BUCKET};shop-assets;eu-west-1\n`,
    ),
    identity(
      prowler,
      JSON.stringify([
        {
          CheckID: 's3_bucket_public_access',
          FindingUniqueId: 'x',
          Provider: 'aws',
          Status: 'FAIL',
          AccountId: '123456789012',
          Region: 'eu-west-1',
          ResourceId: 'shop-assets',
          ResourceArn: BUCKET,
          ResourceType: 'AwsS3Bucket',
        },
      ]),
    ),
    identity(
      ocsf,
      JSON.stringify([
        {
          class_uid: 2004,
          category_uid: 2,
          type_uid: 200401,
          activity_id: 1,
          severity_id: 5,
          status_code: 'FAIL',
          metadata: { event_code: 's3_bucket_public_access', product: { name: 'Prowler' } },
          cloud: { provider: 'aws', account: { uid: '123456789012' }, region: 'eu-west-1' },
          finding_info: { title: 'x' },
          resources: [{ uid: BUCKET, name: 'shop-assets', type: 'AwsS3Bucket', region: 'eu-west-1' }],
        },
      ]),
    ),
    identity(
      asff,
      JSON.stringify([
        {
          SchemaVersion: '2018-10-08',
          Id: 'prowler-x',
          ProductArn: 'arn:aws:securityhub:eu-west-1::product/prowler/prowler',
          ProductFields: { ProviderName: 'Prowler' },
          GeneratorId: 'prowler-s3_bucket_public_access',
          AwsAccountId: '123456789012',
          Title: 'x',
          Compliance: { Status: 'FAILED' },
          Resources: [{ Type: 'AwsS3Bucket', Id: BUCKET, Region: 'eu-west-1' }],
        },
      ]),
    ),
  ]);
  expect(new Set(found).size).toBe(1);
});

test('a flaw that Inspector found is one finding in its own words and in those of Security Hub', async () => {
  const instance = 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0';
  const found = await Promise.all([
    identity(
      awsInspector2,
      JSON.stringify({
        findings: [
          {
            findingArn: 'arn:aws:inspector2:eu-west-1:123456789012:finding/1',
            awsAccountId: '123456789012',
            status: 'ACTIVE',
            title: 'CVE-2024-0001 - openssl',
            packageVulnerabilityDetails: {
              vulnerabilityId: 'CVE-2024-0001',
              vulnerablePackages: [{ name: 'lodash', version: '1', packageManager: 'NPM' }],
            },
            resources: [{ type: 'AWS_EC2_INSTANCE', id: 'i-0123456789abcdef0', region: 'eu-west-1' }],
          },
        ],
      }),
    ),
    identity(
      asff,
      JSON.stringify([
        {
          SchemaVersion: '2018-10-08',
          Id: 'x',
          ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/inspector',
          GeneratorId: 'AWSInspector',
          AwsAccountId: '123456789012',
          Title: 'CVE-2024-0001 - openssl',
          Resources: [{ Type: 'AwsEc2Instance', Id: instance, Region: 'eu-west-1' }],
          Vulnerabilities: [
            {
              Id: 'CVE-2024-0001',
              VulnerablePackages: [{ Name: 'lodash', Version: '1', PackageManager: 'NPM' }],
            },
          ],
        },
      ]),
    ),
  ]);
  expect(new Set(found).size).toBe(1);
});

test('a privileged workload is one finding, whatever scanner of clusters says it', async () => {
  const labels = {
    'trivy-operator.resource.kind': 'StatefulSet',
    'trivy-operator.resource.name': 'web',
    'trivy-operator.resource.namespace': 'shop',
  };
  const found = await Promise.all([
    identity(
      trivyOperator,
      JSON.stringify({
        apiVersion: 'aquasecurity.github.io/v1alpha1',
        kind: 'ConfigAuditReport',
        metadata: { labels },
        report: { checks: [{ checkID: 'KSV017', success: false }] },
      }),
    ),
    identity(
      kubeaudit,
      JSON.stringify({
        AuditResultName: 'PrivilegedTrue',
        level: 'error',
        ResourceApiVersion: 'apps/v1',
        ResourceKind: 'StatefulSet',
        ResourceName: 'web',
        ResourceNamespace: 'shop',
      }),
    ),
    identity(
      polaris,
      JSON.stringify({
        PolarisOutputVersion: '1.0',
        SourceType: 'Cluster',
        Results: [
          {
            Name: 'web',
            Namespace: 'shop',
            Kind: 'StatefulSet',
            PodResult: {
              ContainerResults: [{ Results: { runAsPrivileged: { ID: 'runAsPrivileged', Success: false } } }],
            },
          },
        ],
      }),
    ),
  ]);
  expect(new Set(found).size).toBe(1);
});
