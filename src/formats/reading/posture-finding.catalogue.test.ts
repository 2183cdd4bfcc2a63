import { expect, test } from 'vitest';
import { type CataloguedTool, CONTROLS, type Control } from '#domain/control/control-catalogue.ts';
import { identifyFinding } from '#domain/finding/identify-finding.ts';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import { asff } from '../asff/asff.ts';
import { checkov } from '../checkov/checkov.ts';
import { cloudsploit } from '../cloudsploit/cloudsploit.ts';
import { gcpScc } from '../gcp-scc/gcp-scc.ts';
import { kubeLinter } from '../kube-linter/kube-linter.ts';
import { kubeaudit } from '../kubeaudit/kubeaudit.ts';
import { kubescape } from '../kubescape/kubescape.ts';
import { ocsf } from '../ocsf/ocsf.ts';
import { polaris } from '../polaris/polaris.ts';
import { prowler } from '../prowler/prowler.ts';
import { sarif } from '../sarif/sarif.ts';
import { scoutsuite } from '../scoutsuite/scoutsuite.ts';
import { trivy } from '../trivy/trivy.ts';
import { trivyOperator } from '../trivy-operator/trivy-operator.ts';

/** Every control that the catalogue knows by the ids of several scanners, as each of them tells it of one resource. */

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';

/** What a control is told of, in the words of those who tell it. */
interface Told {
  readonly control: Control;
  readonly check: string;
  /** An id of the cloud; of Kubernetes the name. */
  readonly id: string;
  /** As Security Hub and Prowler call it; of Kubernetes the kind. */
  readonly type: string;
  /** As Terraform does. */
  readonly block: string;
  readonly port: number | undefined;
}

type Teller = readonly [name: string, format: ReportFormat, report: (told: Told) => string];

const json = (value: unknown) => JSON.stringify(value);
const isRbac = (type: string) => type.startsWith('Cluster');
const namespaceOf = (type: string) => (isRbac(type) ? '' : 'shop');
const RBAC = 'rbac.authorization.k8s.io';

/** Of what runs: all of one control is one issue, and one finding where it is about one resource. */
const RUNNING: Readonly<Partial<Record<CataloguedTool, readonly Teller[]>>> = {
  prowler: [
    [
      'Prowler in a table',
      prowler,
      ({ check, control, id, type }) =>
        `ACCOUNT_UID;PROVIDER;CHECK_ID;STATUS;RESOURCE_TYPE;RESOURCE_UID;RESOURCE_NAME;REGION\n${
          control.provider === 'kubernetes'
            ? `shop;kubernetes;${check};FAIL;Kubernetes${type};${id};${id};namespace: ${namespaceOf(type)}`
            : `${ACCOUNT};${control.provider};${check};FAIL;${type};${id};${id};${REGION}`
        }\n`,
    ],
    [
      'Prowler in OCSF',
      ocsf,
      ({ check, control, id, type }) =>
        json([
          {
            class_uid: 2004,
            category_uid: 2,
            type_uid: 200401,
            activity_id: 1,
            severity_id: 5,
            status_code: 'FAIL',
            metadata: { event_code: check, product: { name: 'Prowler' } },
            finding_info: { title: 'x' },
            ...(control.provider === 'kubernetes'
              ? {
                  unmapped: { provider: 'kubernetes', provider_uid: 'shop' },
                  resources: [{ uid: id, name: id, type: `Kubernetes${type}`, namespace: namespaceOf(type) }],
                }
              : {
                  cloud: { provider: control.provider, account: { uid: ACCOUNT }, region: REGION },
                  resources: [{ uid: id, name: id, type, region: REGION }],
                }),
          },
        ]),
    ],
  ],
  securityhub: [
    [
      'Security Hub',
      asff,
      ({ check, id, type, port }) =>
        json([
          {
            SchemaVersion: '2018-10-08',
            Id: 'x',
            ProductArn: `arn:aws:securityhub:${REGION}::product/aws/securityhub`,
            GeneratorId: `security-control/${check}`,
            AwsAccountId: ACCOUNT,
            Title: 'x',
            Compliance: { Status: 'FAILED', SecurityControlId: check },
            ProductFields: port === undefined ? {} : { Port: String(port) },
            Resources: [{ Type: type, Id: id, Region: REGION }],
          },
        ]),
    ],
  ],
  cloudsploit: [
    [
      'CloudSploit',
      cloudsploit,
      ({ check, id }) =>
        json([
          {
            plugin: check,
            category: 'x',
            title: 'x',
            resource: id,
            region: REGION,
            status: 'FAIL',
            message: 'x',
          },
        ]),
    ],
  ],
  scoutsuite: [
    [
      'ScoutSuite',
      scoutsuite,
      ({ check, control }) =>
        `scoutsuite_results =\n${json({
          provider_code: control.provider,
          account_id: ACCOUNT,
          services: {
            x: {
              findings: {
                [check]: { checked_items: 1, flagged_items: 1, items: ['x.things.a'], level: 'danger' },
              },
            },
          },
        })}`,
    ],
  ],
  'gcp-scc': [
    [
      'Security Command Center',
      gcpScc,
      ({ check, id }) =>
        json([{ finding: { category: check, resourceName: id, state: 'ACTIVE' }, resource: { name: id } }]),
    ],
  ],
  trivy: [
    [
      'Trivy in a cluster',
      trivy,
      ({ check, id, type }) =>
        json({
          ClusterName: 'shop',
          Resources: [
            {
              Namespace: namespaceOf(type),
              Kind: type,
              Name: id,
              Results: [
                {
                  Target: `${type}/${id}`,
                  Class: 'config',
                  Type: 'kubernetes',
                  Misconfigurations: [{ ID: check, Status: 'FAIL', Severity: 'HIGH' }],
                },
              ],
            },
          ],
        }),
    ],
    [
      'the Trivy Operator',
      trivyOperator,
      ({ check, id, type }) =>
        json({
          apiVersion: 'aquasecurity.github.io/v1alpha1',
          kind: 'ConfigAuditReport',
          metadata: {
            labels: {
              'trivy-operator.resource.kind': type,
              'trivy-operator.resource.name': id,
              'trivy-operator.resource.namespace': namespaceOf(type),
            },
          },
          report: { checks: [{ checkID: check, success: false }] },
        }),
    ],
  ],
  kubescape: [
    [
      'Kubescape',
      kubescape,
      ({ check, id, type }) =>
        json({
          clusterAPIServerInfo: {},
          results: [
            {
              resourceID: `${isRbac(type) ? RBAC : ''}/v1/${namespaceOf(type)}/${type}/${id}`,
              controls: [{ controlID: check, status: { status: 'failed' } }],
            },
          ],
        }),
    ],
  ],
  kubeaudit: [
    [
      'kubeaudit',
      kubeaudit,
      ({ check, id, type }) =>
        json({
          AuditResultName: check,
          level: 'error',
          ResourceApiVersion: isRbac(type) ? `${RBAC}/v1` : 'v1',
          ResourceKind: type,
          ResourceName: id,
          ResourceNamespace: namespaceOf(type),
        }),
    ],
  ],
  polaris: [
    [
      'Polaris',
      polaris,
      ({ check, id, type }) =>
        json({
          PolarisOutputVersion: '1.0',
          SourceType: 'Cluster',
          Results: [
            {
              Name: id,
              Namespace: namespaceOf(type),
              Kind: type,
              Results: { [check]: { ID: check, Success: false } },
            },
          ],
        }),
    ],
  ],
};

/** Of files: all of one control is one issue. */
const IN_FILES: Readonly<Partial<Record<CataloguedTool, readonly Teller[]>>> = {
  checkov: [
    [
      'Checkov',
      checkov,
      ({ check, block }) =>
        json({
          check_type: 'terraform',
          results: { failed_checks: [{ check_id: check, file_path: '/a.tf', resource: `${block}.a` }] },
          summary: {},
        }),
    ],
    [
      'Checkov in SARIF',
      sarif,
      ({ check, block }) =>
        json({
          version: '2.1.0',
          runs: [
            {
              tool: { driver: { name: 'Checkov', rules: [{ id: check }] } },
              results: [
                {
                  ruleId: check,
                  message: { text: 'x' },
                  locations: [
                    {
                      physicalLocation: {
                        artifactLocation: { uri: 'a.tf' },
                        region: { startLine: 1, snippet: { text: `resource "${block}" "a" {\n}` } },
                      },
                    },
                  ],
                },
              ],
            },
          ],
        }),
    ],
  ],
  trivy: [
    [
      'Trivy of files',
      trivy,
      ({ check, block }) =>
        json({
          SchemaVersion: 2,
          ArtifactName: '.',
          ArtifactType: 'filesystem',
          Results: [
            {
              Target: 'a.tf',
              Class: 'config',
              Type: 'terraform',
              Misconfigurations: [
                { ID: check, Status: 'FAIL', CauseMetadata: { Resource: `${block}.a` }, Message: 'x' },
              ],
            },
          ],
        }),
    ],
  ],
  'kube-linter': [
    [
      'KubeLinter',
      kubeLinter,
      ({ check, type }) =>
        json({
          Checks: [],
          Reports: [
            {
              Check: check,
              Diagnostic: { Message: 'x' },
              Object: { K8sObject: { Name: 'a', GroupVersionKind: { Kind: type } } },
            },
          ],
          Summary: {},
        }),
    ],
  ],
};

/** Types and ids for the parts of names by which controls that share a check are told apart. */
const KINDS: Readonly<Record<string, readonly [type: string, id: string, block: string]>> = {
  instance: [
    'AwsEc2Instance',
    `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-0123456789abcdef0`,
    'aws_instance',
  ],
  launchtemplate: [
    'AwsEc2LaunchTemplate',
    `arn:aws:ec2:${REGION}:${ACCOUNT}:launch-template/lt-0123456789abcdef0`,
    'aws_launch_template',
  ],
  kmskey: ['AwsKmsKey', `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`, 'aws_kms_key'],
  cryptokey: ['cloudkms.googleapis.com/CryptoKey', '//cloudkms.googleapis.com/k', 'google_kms_crypto_key'],
  policyattachment: ['AwsIamPolicy', `arn:aws:iam::${ACCOUNT}:policy/a`, 'aws_iam_policy_attachment'],
  userpolicy: ['AwsIamUser', `arn:aws:iam::${ACCOUNT}:user/a`, 'aws_iam_user_policy'],
  iamuser: ['AwsIamUser', `arn:aws:iam::${ACCOUNT}:user/a`, 'aws_iam_user_policy_attachment'],
  iamrole: ['AwsIamRole', `arn:aws:iam::${ACCOUNT}:role/a`, 'aws_iam_role_policy_attachment'],
  iamgroup: ['AwsIamGroup', `arn:aws:iam::${ACCOUNT}:group/a`, 'aws_iam_group_policy_attachment'],
};

const OF_PROVIDER: Readonly<Record<Control['provider'], readonly [type: string, id: string, block: string]>> =
  {
    aws: ['AwsS3Bucket', 'arn:aws:s3:::shop', 'aws_s3_bucket'],
    azure: [
      'microsoft.storage/storageaccounts',
      '/subscriptions/1/resourceGroups/a/providers/Microsoft.Storage/storageAccounts/shop',
      'azurerm_storage_account',
    ],
    gcp: ['storage.googleapis.com/Bucket', '//storage.googleapis.com/shop', 'google_storage_bucket'],
    github: ['GitHubRepository', 'acme/shop', 'github_repository'],
    kubernetes: ['Pod', 'web', 'kubernetes_pod'],
  };

/** Reports that say nothing of the port by which controls with one id are told apart: theirs is the first of them. */
const TELLS_NO_PORT: readonly string[] = ['trivy:AWS-0107'];

function told(control: Control, check: string): Told {
  const { ports = [], resourceKinds = [] } = control.decidedBy ?? {};
  const [kind = ''] = resourceKinds;
  const [type, id, block] = KINDS[kind] ?? OF_PROVIDER[control.provider];
  const isOfRights = control.provider === 'kubernetes' && control.type === 'identity_risk';
  return {
    control,
    check,
    id,
    type: isOfRights ? 'ClusterRole' : type,
    block: isOfRights ? 'kubernetes_cluster_role' : block,
    port: ports.find((port) => port > 0),
  };
}

interface Identified {
  readonly who: string;
  readonly issue: string;
  readonly fingerprint: string;
}

/** Scanners of clusters alone, by the tool whose checks they are. */
const OF_CLUSTERS: ReadonlySet<string> = new Set(['trivy', 'kubescape', 'kubeaudit', 'polaris']);

async function identify(tellers: typeof RUNNING, control: Control): Promise<readonly Identified[]> {
  const found: Identified[] = [];
  for (const [tool, checks] of Object.entries(control.checks)) {
    if (tellers === RUNNING && OF_CLUSTERS.has(tool) && control.provider !== 'kubernetes') continue;
    for (const check of checks) {
      if (TELLS_NO_PORT.includes(`${tool}:${check}`)) continue;
      for (const [name, format, report] of tellers[tool as CataloguedTool] ?? []) {
        const who = `${name} by ${check}`;
        found.push({ who, ...(await identityOf(format, report(told(control, check)), who)) });
      }
    }
  }
  return found;
}

async function identityOf(
  format: ReportFormat,
  text: string,
  who: string,
): Promise<{ readonly issue: string; readonly fingerprint: string }> {
  const input = {
    name: 'report',
    open: async function* () {
      yield Buffer.from(text);
    },
  };
  const context = { root: null, account: null, region: null, cluster: 'shop' };
  const naming = { sourceId: format.id, cluster: 'shop', repository: 'r', artifact: null };
  for await (const item of format.read(input, context))
    for (const observation of item.kind === 'record' ? item.observations : [])
      if (observation.kind === 'finding') {
        const found = identifyFinding(observation, { naming, secretKey: new Uint8Array(32) });
        return { issue: found.issueKey, fingerprint: found.fingerprint };
      }
  throw new Error(`${who} tells no finding: ${text}`);
}

test.each(CONTROLS.map((control) => [control.id, control] as const))(
  '%s is one issue of what runs and one of files, whoever tells it, and one finding of one resource',
  async (id, control) => {
    const running = await identify(RUNNING, control);
    const inFiles = await identify(IN_FILES, control);
    expect(running.filter(({ issue }) => issue !== `${control.type}|${id}`)).toEqual([]);
    expect(inFiles.filter(({ issue }) => issue !== `iac_misconfiguration|${id}`)).toEqual([]);
    // ScoutSuite names most things by a path of its own, Security Hub of a cluster the object of AWS.
    const others = control.provider === 'kubernetes' ? /^(?:ScoutSuite|Security Hub)/ : /^ScoutSuite/;
    const alike = running.filter(({ who }) => !others.test(who));
    expect(new Set(alike.map(({ fingerprint }) => fingerprint)).size, JSON.stringify(alike)).toBeLessThan(2);
  },
);
