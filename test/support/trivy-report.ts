import { type Instant, instantText } from '../../src/base/instant.ts';

/** A vulnerability as Trivy lists it; what a test leaves out has a plain value. */
export interface Vulnerability {
  readonly id: string;
  readonly pkg?: string;
  readonly version?: string;
  readonly severity?: string;
  readonly fixed?: string | null;
  readonly title?: string;
  readonly purlType?: 'deb' | 'npm';
  /** As NVD rates it. */
  readonly vector?: string;
}

export interface ImageReport {
  /** `registry/repository:tag`. */
  readonly image: string;
  /** Any short text: the same text is the same digest. */
  readonly digest?: string;
  readonly platform?: 'amd64' | 'arm64';
  /** Null: the report states no time. */
  readonly at?: Instant | null;
  readonly vulnerabilities: readonly Vulnerability[];
}

/** What `trivy image --format json` writes. */
export function imageReport({ image, digest, platform, at = null, vulnerabilities }: ImageReport): unknown {
  const repository = image.slice(0, image.lastIndexOf(':'));
  const packages = vulnerabilities.filter((each) => each.purlType !== 'npm');
  const libraries = vulnerabilities.filter((each) => each.purlType === 'npm');
  return {
    SchemaVersion: 2,
    ...createdAt(at),
    ArtifactName: image,
    ArtifactType: 'container_image',
    Metadata: {
      OS: { Family: 'debian', Name: '12.5' },
      RepoTags: [image],
      ...(digest === undefined ? {} : { RepoDigests: [`${repository}@${digestOf(digest)}`] }),
      ...(platform === undefined ? {} : { ImageConfig: { os: 'linux', architecture: platform } }),
    },
    Results: [
      {
        Target: `${image} (debian 12.5)`,
        Class: 'os-pkgs',
        Type: 'debian',
        Vulnerabilities: packages.map(vulnerability),
      },
      {
        Target: 'Node.js',
        Class: 'lang-pkgs',
        Type: 'node-pkg',
        Vulnerabilities: libraries.map(vulnerability),
      },
    ],
  };
}

/** What `trivy fs --format json` writes. A target without vulnerabilities was looked at. */
export function filesReport(
  name: string,
  at: Instant | null,
  targets: Readonly<Record<string, readonly Vulnerability[]>>,
): unknown {
  return {
    SchemaVersion: 2,
    ...createdAt(at),
    ArtifactName: name,
    ArtifactType: 'filesystem',
    Results: Object.entries(targets).map(([Target, found]) => ({
      Target,
      Class: 'lang-pkgs',
      Type: 'npm',
      Vulnerabilities: found.map((each) => vulnerability({ purlType: 'npm', ...each })),
    })),
  };
}

function createdAt(at: Instant | null): { readonly CreatedAt?: string } {
  return at === null ? {} : { CreatedAt: instantText(at) };
}

/** A registry digest made of a short text. */
export function digestOf(text: string): string {
  return `sha256:${Buffer.from(text).toString('hex').padEnd(64, '0').slice(0, 64)}`;
}

function vulnerability({
  id,
  pkg = 'openssl',
  version = '1.0',
  severity = 'HIGH',
  fixed = '1.1',
  title = `Flaw ${id}`,
  purlType = 'deb',
  vector,
}: Vulnerability): unknown {
  return {
    VulnerabilityID: id,
    PkgName: pkg,
    PkgIdentifier: {
      PURL:
        purlType === 'deb'
          ? `pkg:deb/debian/${pkg}@${version}`
          : `pkg:npm/${encodeURIComponent(pkg)}@${version}`,
    },
    InstalledVersion: version,
    ...(fixed === null ? {} : { FixedVersion: fixed }),
    Title: title,
    Severity: severity,
    ...(vector === undefined ? {} : { CVSS: { nvd: { V3Vector: vector } } }),
  };
}

/** `count` different flaws, in packages of their own. */
export function flaws(count: number, more: Partial<Vulnerability> = {}, from = 0): readonly Vulnerability[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `CVE-2026-${1000 + from + index}`,
    pkg: `lib${from + index}`,
    ...more,
  }));
}
