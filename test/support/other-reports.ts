import { type Instant, instantText } from '../../src/base/instant.ts';
import { digestOf } from './trivy-report.ts';

/** A result of a static analysis. */
export interface CodeResult {
  readonly rule: string;
  readonly path?: string;
  readonly line?: number;
  readonly text?: string;
  readonly level?: 'error' | 'warning' | 'note';
  readonly suppressed?: string;
}

/** A SARIF report of one run. */
export function sarifReport(run: {
  readonly tool?: string;
  readonly repository?: string;
  readonly branch?: string;
  readonly at?: Instant;
  readonly results: readonly CodeResult[];
}): unknown {
  const { tool = 'Bandit', repository, branch, at, results } = run;
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: tool, rules: [...new Set(results.map((each) => each.rule))].map((id) => ({ id })) },
        },
        ...(repository === undefined
          ? {}
          : {
              versionControlProvenance: [
                { repositoryUri: repository, ...(branch === undefined ? {} : { branch }) },
              ],
            }),
        ...(at === undefined
          ? {}
          : { invocations: [{ executionSuccessful: true, endTimeUtc: instantText(at) }] }),
        results: results.map(
          ({
            rule,
            path = 'src/a.py',
            line = 1,
            text = `flagged by ${rule}`,
            level = 'error',
            suppressed,
          }) => ({
            ruleId: rule,
            level,
            message: { text: `Found by ${rule}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: path },
                  region: { startLine: line, snippet: { text } },
                },
              },
            ],
            ...(suppressed === undefined
              ? {}
              : { suppressions: [{ kind: 'external', status: 'accepted', justification: suppressed }] }),
          }),
        ),
      },
    ],
  };
}

/** A check of Prowler on one bucket. */
export interface PostureResult {
  readonly check?: string;
  readonly account?: string;
  readonly region?: string;
  readonly bucket?: string;
  /** Of another resource than the bucket. */
  readonly uid?: string;
  readonly status?: 'PASS' | 'FAIL' | 'MANUAL';
}

export const ACCOUNT = '123456789012';

/** What `prowler aws --output-formats json-ocsf` writes. */
export function prowlerReport(results: readonly PostureResult[]): unknown {
  return results.map(
    ({
      check = 's3_bucket_default_encryption',
      account = ACCOUNT,
      region = 'eu-west-1',
      bucket = 'bucket',
      uid = `arn:aws:s3:::${bucket}`,
      status = 'FAIL',
    }) => ({
      metadata: {
        event_code: check,
        product: { name: 'Prowler', vendor_name: 'Prowler', version: '5.1.0' },
        version: '1.4.0',
      },
      severity_id: 3,
      severity: 'Medium',
      status: 'New',
      status_id: 1,
      status_code: status,
      activity_id: 1,
      category_uid: 2,
      class_uid: 2004,
      type_uid: 200401,
      finding_info: { title: `Check ${check}`, uid: `${check}-${bucket}` },
      resources: [{ uid, name: bucket, type: 'AwsS3Bucket', region, cloud_partition: 'aws' }],
      cloud: { provider: 'aws', region, account: { uid: account, type: 'AWS Account', type_id: 10 } },
    }),
  );
}

/** A pod that runs one image. */
export interface PodReport {
  readonly name: string;
  readonly namespace?: string;
  readonly image: string;
  /** As in `imageReport`. */
  readonly digest: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** What `kubectl get pods,namespaces -A -o json` prints. */
export function podsReport(pods: readonly PodReport[]): unknown {
  const namespaces = [...new Set([...pods.map((pod) => pod.namespace ?? 'shop'), 'kube-system'])];
  return {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      ...namespaces.map((name) => ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name,
          ...(name === 'kube-system' ? { uid: '0b6b2a5e-0000-4000-8000-000000000001' } : {}),
        },
      })),
      ...pods.map(({ name, namespace = 'shop', image, digest, labels = {} }) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace, labels },
        spec: { containers: [{ name: 'main', image }] },
        status: {
          phase: 'Running',
          containerStatuses: [
            { name: 'main', image, imageID: `${image.slice(0, image.lastIndexOf(':'))}@${digestOf(digest)}` },
          ],
        },
      })),
    ],
  };
}

/** What Falco writes about shells in pods. */
export function falcoReport(
  pods: readonly { readonly namespace: string; readonly pod: string; readonly at: Instant }[],
): unknown {
  return pods.map(({ namespace, pod, at }) => ({
    rule: 'Terminal shell in container',
    priority: 'Critical',
    output: 'A shell was opened',
    time: instantText(at),
    source: 'syscall',
    hostname: 'node',
    output_fields: { 'k8s.ns.name': namespace, 'k8s.pod.name': pod },
  }));
}

/** CISA's catalogue of exploited vulnerabilities. */
export function kevCatalogue(advisories: readonly string[]): unknown {
  return {
    title: 'CISA Catalog of Known Exploited Vulnerabilities',
    catalogVersion: '2026.09.30',
    dateReleased: '2026-09-30T00:00:00Z',
    count: advisories.length,
    vulnerabilities: advisories.map((cveID) => ({
      cveID,
      vulnerabilityName: `Flaw ${cveID}`,
      dateAdded: '2026-09-01',
      knownRansomwareCampaignUse: 'Unknown',
    })),
  };
}
