import { type Instant, instantText } from '../../../src/base/instant.ts';
import { podsReport, prowlerReport, sarifReport } from '../../support/other-reports.ts';
import { digestOf, imageReport, type Vulnerability } from '../../support/trivy-report.ts';
import { type Flaw, RESOURCE, type Thing, wrongWith } from './estate.ts';

/** When the scanners of a night start: two in the morning, long before the test runs. */
function timeOf(night: number): Instant {
  return Date.UTC(2025, 2, night, 2);
}

type Service = 'shop' | 'pay';

function vulnerability({ subject, at, severity }: Flaw): Vulnerability {
  return { id: subject, pkg: at, severity, purlType: at.startsWith('lib') ? 'deb' : 'npm' };
}

/** `trivy image`: each night builds a new image with a tag and a digest of its own. */
export function trivyImage(service: Service, night: number): unknown {
  return imageReport({
    image: `registry.example/${service}:1.0.${night}`,
    digest: `${service} of night ${night}`,
    platform: 'amd64',
    at: timeOf(night),
    vulnerabilities: wrongWith(`${service} image`, night).map(vulnerability),
  });
}

/** `grype` on the same image. */
export function grypeImage(service: Service, night: number): unknown {
  const reference = `registry.example/${service}:1.0.${night}`;
  return {
    matches: wrongWith(`${service} image`, night).map(({ subject, at, severity }) => ({
      vulnerability: {
        id: subject,
        severity: `${severity[0]}${severity.slice(1).toLowerCase()}`,
        fix: { versions: ['1.1'], state: 'fixed' },
      },
      relatedVulnerabilities: [],
      artifact: {
        name: at,
        version: '1.0',
        type: at.startsWith('lib') ? 'deb' : 'npm',
        purl: at.startsWith('lib') ? `pkg:deb/debian/${at}@1.0` : `pkg:npm/${at}@1.0`,
        locations: [],
      },
    })),
    source: {
      type: 'image',
      target: {
        userInput: reference,
        tags: [reference],
        repoDigests: [`registry.example/${service}@${digestOf(`${service} of night ${night}`)}`],
        architecture: 'amd64',
        os: 'linux',
      },
    },
    distro: { name: 'debian', version: '12' },
    descriptor: { name: 'grype', version: '0.100.0', timestamp: instantText(timeOf(night)) },
  };
}

/** `trivy repo`, perhaps with `--severity`. */
export function trivyRepository(
  service: Service,
  night: number,
  severities: readonly Flaw['severity'][] = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'],
): unknown {
  const found = wrongWith(`${service} repository`, night).filter((flaw) =>
    severities.includes(flaw.severity),
  );
  return {
    SchemaVersion: 2,
    CreatedAt: instantText(timeOf(night)),
    ArtifactName: `https://github.com/acme/${service}`,
    ArtifactType: 'repository',
    Metadata: { RepoURL: `https://github.com/acme/${service}`, Branch: 'main' },
    Results: [
      {
        Target: 'package-lock.json',
        Class: 'lang-pkgs',
        Type: 'npm',
        Vulnerabilities: found.map(({ subject, at, severity }) => ({
          VulnerabilityID: subject,
          PkgName: at,
          PkgIdentifier: { PURL: `pkg:npm/${at}@1.0` },
          InstalledVersion: '1.0',
          FixedVersion: '1.1',
          Title: `Flaw in ${at}`,
          Severity: severity,
        })),
      },
    ],
  };
}

/** `semgrep scan --sarif`. Lines move every night, because people work. */
export function semgrep(
  service: Service,
  night: number,
  run: { readonly branch?: string; readonly timedOut?: boolean } = {},
): unknown {
  const things: readonly Thing[] =
    run.branch === undefined ? [`${service} code`] : [`${service} code`, 'shop branch'];
  const flaws = things.flatMap((thing) => wrongWith(thing, night));
  const report = sarifReport({
    tool: 'Semgrep OSS',
    repository: `https://github.com/acme/${service}`,
    at: timeOf(night),
    results: (run.timedOut === true ? flaws.slice(0, 1) : flaws).map(({ subject, at, severity }) => ({
      rule: subject,
      path: at,
      line: 10 + night,
      level: severity === 'HIGH' ? 'error' : severity === 'MEDIUM' ? 'warning' : 'note',
    })),
  }) as { readonly runs: readonly [{ readonly invocations: readonly object[] }] };
  if (run.timedOut !== true) return report;
  const [only] = report.runs;
  return {
    ...report,
    runs: [
      { ...only, invocations: only.invocations.map((each) => ({ ...each, executionSuccessful: false })) },
    ],
  };
}

const CHECKS = ['s3_bucket_default_encryption', 's3_bucket_object_versioning', 's3_bucket_public_access'];
const REGIONS = { 'account west': 'eu-west-1', 'account central': 'eu-central-1' } as const;

/** `prowler aws`, of all regions or of one: what failed and what passed. */
export function prowler(
  night: number,
  regions: readonly (keyof typeof REGIONS)[] = ['account west', 'account central'],
): unknown {
  return prowlerReport(
    regions.flatMap((thing) => {
      const failed = new Set(wrongWith(thing, night).map((flaw) => flaw.subject));
      return CHECKS.map((check) => ({
        check,
        region: REGIONS[thing],
        bucket: RESOURCE[thing],
        status: failed.has(check) ? ('FAIL' as const) : ('PASS' as const),
      }));
    }),
  );
}

/** `trivy k8s --report all`. */
export function trivyCluster(cluster: 'blue' | 'old', night: number): unknown {
  const name = cluster === 'blue' ? 'web' : 'web-old';
  return {
    ClusterName: 'kind',
    CreatedAt: instantText(timeOf(night)),
    Resources: [
      {
        Namespace: 'shop',
        Kind: 'Deployment',
        Name: name,
        Results: [
          {
            Target: `Deployment/${name}`,
            Class: 'config',
            Type: 'kubernetes',
            Misconfigurations: wrongWith(`cluster ${cluster}`, night).map(({ subject, severity }) => ({
              ID: subject,
              Title: `Check ${subject}`,
              Severity: severity,
              Status: 'FAIL',
            })),
          },
        ],
      },
    ],
  };
}

/** `kubectl get pods,namespaces -A -o json`: the blue cluster runs the shop's image of the night, the old one what nobody scans. */
export function kubectl(cluster: 'blue' | 'old', night: number): unknown {
  if (cluster === 'old')
    return podsReport([{ name: 'web-old', image: 'registry.example/legacy:0.9', digest: 'legacy' }]);
  return podsReport([
    {
      name: 'web',
      image: `registry.example/shop:1.0.${night}`,
      digest: `shop of night ${night}`,
      labels: { service: 'shop' },
    },
  ]);
}
