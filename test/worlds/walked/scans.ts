import { updateFeed } from '../../../src/app/update-feed.ts';
import { instantText } from '../../../src/base/instant.ts';
import type { IntelligenceFeed } from '../../../src/domain/ports/intelligence-feed.ts';
import { epss } from '../../../src/feeds/epss/epss.ts';
import { kev } from '../../../src/feeds/kev/kev.ts';
import { nvd } from '../../../src/feeds/nvd/nvd.ts';
import { grypeReport } from '../../support/grype-report.ts';
import { kevCatalogue } from '../../support/other-reports.ts';
import type { TestInbox } from '../../support/test-inbox.ts';
import { imageReport } from '../../support/trivy-report.ts';

const ANYBODY = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
export const FRONT = '600000000001';
export const LAB = '600000000003';

interface Advisory {
  readonly epss: number;
  readonly isExploited?: true;
  readonly references?: readonly string[];
}

const ADVISORIES: Readonly<Record<string, Advisory>> = {
  'CVE-2026-4001': { epss: 0.02, isExploited: true },
  'CVE-2026-4002': { epss: 0.02 },
  'CVE-2026-4003': { epss: 0.02, isExploited: true },
  'CVE-2026-4005': { epss: 0.1 },
  'CVE-2026-4006': { epss: 0.02, isExploited: true },
  'CVE-2026-4007': { epss: 0.02, isExploited: true },
  'CVE-2026-4008': { epss: 0.02, isExploited: true },
  'CVE-2026-4009': {
    epss: 0.02,
    references: ['https://github.com/walked/CVE-2026-4009-exploit'],
  },
};

/** What feeds say of all advisories; of some something else. */
export async function tellFeeds(
  inbox: TestInbox,
  otherwise: Readonly<Record<string, Advisory>> = {},
): Promise<void> {
  const now = inbox.clock.now();
  const update = (feed: IntelligenceFeed, text: string) => {
    async function* open() {
      yield Buffer.from(text);
    }
    return updateFeed(inbox.ctx, { feed, files: [{ name: 'file', open }], origin: 'test' });
  };
  const all = Object.entries({ ...ADVISORIES, ...otherwise });
  await update(
    nvd,
    JSON.stringify({
      format: 'NVD_CVE',
      version: '2.0',
      totalResults: all.length,
      vulnerabilities: all.map(([id, { references = [] }]) => ({
        cve: {
          id,
          published: '2026-05-01T00:00:00.000',
          references: references.map((url) => ({ url, tags: ['Exploit'] })),
          metrics: {
            cvssMetricV31: [
              {
                source: 'nvd@nist.gov',
                type: 'Primary',
                cvssData: { version: '3.1', vectorString: ANYBODY, baseScore: 9.8, baseSeverity: 'CRITICAL' },
              },
            ],
          },
        },
      })),
    }),
  );
  await update(
    epss,
    `#model_version:v2025.03.14,score_date:${instantText(now)}\ncve,epss,percentile\n${all.map(([id, told]) => `${id},${told.epss},0.5\n`).join('')}`,
  );
  await update(
    kev,
    JSON.stringify(kevCatalogue(all.flatMap(([id, told]) => (told.isExploited ? [id] : [])))),
  );
}

/** Flaws that Inspector found on machines and functions. */
const MACHINES: readonly (readonly [resource: string, type: string, advisory: string])[] = [
  ['i-quay', 'AWS_EC2_INSTANCE', 'CVE-2026-4001'],
  ['i-quay', 'AWS_EC2_INSTANCE', 'CVE-2026-4002'],
  ['i-mole', 'AWS_EC2_INSTANCE', 'CVE-2026-4003'],
  ['i-dry', 'AWS_EC2_INSTANCE', 'CVE-2026-4001'],
  [`arn:aws:lambda:eu-west-1:${FRONT}:function:berth:$LATEST`, 'AWS_LAMBDA_FUNCTION', 'CVE-2026-4005'],
];

/** Of each flaw what Inspector tells; those that are mended are closed. */
export function inspected(at: number, isOpen: (machine: string) => boolean): object {
  const told = instantText(at);
  return {
    findings: MACHINES.map(([id, type, advisory], index) => ({
      findingArn: `arn:aws:inspector2:eu-west-1:${FRONT}:finding/f${index}`,
      awsAccountId: FRONT,
      type: 'PACKAGE_VULNERABILITY',
      severity: 'CRITICAL',
      status: isOpen(`${id} ${type} ${advisory}`) ? 'ACTIVE' : 'CLOSED',
      title: `${advisory} - lib${advisory.slice(-4)}`,
      description: 'A flaw.',
      firstObservedAt: told,
      lastObservedAt: told,
      updatedAt: told,
      remediation: { recommendation: { text: 'None Provided' } },
      resources: [{ id, type, region: 'eu-west-1' }],
      packageVulnerabilityDetails: {
        vulnerabilityId: advisory,
        source: 'NVD',
        cvss: [{ baseScore: 9.8, scoringVector: ANYBODY, source: 'NVD', version: '3.1' }],
        vulnerablePackages: [
          { name: `lib${advisory.slice(-4)}`, version: '1.0', packageManager: 'OS', arch: 'X86_64' },
        ],
      },
    })),
  };
}

export const IMAGES: Readonly<Record<string, readonly string[]>> = {
  'anchor:5': ['CVE-2026-4007', 'CVE-2026-4008'],
  'buoy:2': ['CVE-2026-4009'],
};

export function trivyOf(image: string, at: number, ids: readonly string[]): unknown {
  return imageReport({
    image: `registry.example.net/${image}`,
    digest: image.split(':')[0] as string,
    at,
    vulnerabilities: ids.map((id) => ({
      id,
      pkg: `lib${id.slice(-4)}`,
      severity: 'CRITICAL',
      vector: ANYBODY,
    })),
  });
}

export function grypeOf(at: number, ids: readonly string[]): unknown {
  return grypeReport({
    image: 'registry.example.net/tides:3',
    digest: 'tides',
    at,
    matches: ids.map((id) => ({ id, pkg: `lib${id.slice(-4)}` })),
  });
}

/** A key in a public repository, as GitHub tells it; resolved once it is revoked. */
export function leaked(isRevoked: boolean): unknown {
  return [
    {
      number: 1,
      state: isRevoked ? 'resolved' : 'open',
      resolution: isRevoked ? 'revoked' : null,
      secret_type: 'aws_access_key_id',
      secret_type_display_name: 'Amazon AWS Access Key ID',
      secret: 'AKIATIDEWATERDEPLOYA',
      validity: 'unknown',
      html_url: 'https://github.com/tidewater/tools/security/secret-scanning/1',
      first_location_detected: { path: 'deploy.sh', start_line: 3 },
      repository: { html_url: 'https://github.com/tidewater/tools', private: false },
    },
  ];
}

/** A key in a bucket, which TruffleHog tried. */
export function inBucket(): string {
  const found = {
    SourceMetadata: {
      Data: {
        S3: {
          bucket: 'tw-drop',
          file: 'backup/env.txt',
          link: 'https://tw-drop.s3.amazonaws.com/backup/env.txt',
        },
      },
    },
    SourceID: 1,
    SourceType: 15,
    SourceName: 's',
    DetectorType: 2,
    DetectorName: 'AWS',
    DetectorDescription: 'AWS keys',
    DecoderName: 'PLAIN',
    Verified: true,
    Raw: 'AKIATIDEWATERPIERADM',
    RawV2: '',
    Redacted: '',
  };
  return `${JSON.stringify(found)}\n`;
}

/** What Prowler says of the bucket and of the user whose key lies in it. */
export function checked(at: number): readonly object[] {
  const time = Math.floor(at / 1_000);
  const one = (check: string, uid: string, type: string) => ({
    metadata: { event_code: check, product: { name: 'Prowler', vendor_name: 'Prowler' }, version: '1.4.0' },
    severity: 'High',
    status: 'New',
    status_code: 'FAIL',
    status_detail: `${uid} is looked at.`,
    finding_info: { uid: `prowler-${check}-${uid}`, title: `Check ${check}`, created_time: time },
    resources: [{ uid, name: uid.replace(/^.*[:/]/, ''), type, region: 'eu-west-1', cloud_partition: 'aws' }],
    cloud: { provider: 'aws', region: 'eu-west-1', account: { uid: LAB, type: 'AWS Account' } },
    category_uid: 2,
    class_uid: 2004,
    class_name: 'Detection Finding',
    type_uid: 200401,
    activity_id: 1,
    time,
  });
  return [
    one('s3_bucket_policy_public_write_access', 'arn:aws:s3:::tw-drop', 'AwsS3Bucket'),
    one('s3_bucket_public_access', 'arn:aws:s3:::tw-drop', 'AwsS3Bucket'),
    one('iam_user_administrator_access_policy', `arn:aws:iam::${LAB}:user/pier-admin`, 'AwsIamUser'),
  ];
}
