import { expect, test } from 'vitest';
import type { JsonValue } from '#base/json-value.ts';
import { identifyFinding } from '#domain/finding/identify-finding.ts';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import { govulncheck } from '../govulncheck/govulncheck.ts';
import { grype } from '../grype/grype.ts';
import { npmAudit } from '../npm-audit/npm-audit.ts';
import { osvScanner } from '../osv-scanner/osv-scanner.ts';
import { pipAudit } from '../pip-audit/pip-audit.ts';
import { pnpmAudit } from '../pnpm-audit/pnpm-audit.ts';
import { trivy } from '../trivy/trivy.ts';
import { yarnAudit } from '../yarn-audit/yarn-audit.ts';

/** One project, `--scope artifact=shop`, looked at by several tools: one flaw of one package is one finding of all of them. */
const NAMING = { sourceId: 's', cluster: null, repository: null, artifact: 'shop' };
const CONTEXT = { root: null, account: null, region: null, cluster: null, artifact: 'shop' };

async function identities(
  format: ReportFormat,
  lines: readonly JsonValue[],
  sourceId: string,
): Promise<readonly string[]> {
  const input = {
    name: 'report',
    open: async function* () {
      yield Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'));
    },
  };
  const identity = { naming: { ...NAMING, sourceId }, secretKey: new Uint8Array(32) };
  const found = new Set<string>();
  for await (const item of format.read(input, CONTEXT)) {
    if (item.kind !== 'record') continue;
    for (const observation of item.observations) {
      if (observation.kind !== 'finding') continue;
      const { fingerprint, issueId } = identifyFinding(observation, identity);
      found.add(`${issueId} ${fingerprint}`);
    }
  }
  return [...found];
}

interface Flaw {
  readonly cve: string;
  readonly ghsa: string;
  /** As the database of the language calls it. */
  readonly own: string;
  readonly purl: string;
  readonly name: string;
  /** Trivy's type of result and OSV's ecosystem. */
  readonly trivyType: string;
  readonly ecosystem: string;
}

function trivyReport({ cve, purl, name, trivyType }: Flaw): JsonValue {
  const vulnerability = { VulnerabilityID: cve, PkgName: name, PkgIdentifier: { PURL: purl } };
  return {
    SchemaVersion: 2,
    ArtifactName: '.',
    ArtifactType: 'filesystem',
    Results: [{ Target: 'lock', Class: 'lang-pkgs', Type: trivyType, Vulnerabilities: [vulnerability] }],
  };
}

function grypeReport({ cve, ghsa, purl, name }: Flaw): JsonValue {
  return {
    matches: [
      {
        vulnerability: { id: ghsa },
        relatedVulnerabilities: [{ id: cve }],
        artifact: { name, version: '1', purl },
      },
    ],
    source: { type: 'directory', target: '.' },
  };
}

function osvReport({ cve, own, name, ecosystem }: Flaw): JsonValue {
  return {
    results: [
      {
        source: { path: 'lock', type: 'lockfile' },
        packages: [
          {
            package: { name, version: '1', ecosystem },
            vulnerabilities: [{ id: own, aliases: [cve] }],
            groups: [],
          },
        ],
      },
    ],
  };
}

function npmAdvisory({ cve, ghsa, name }: Flaw, path: string): JsonValue {
  return { module_name: name, github_advisory_id: ghsa, cves: [cve], id: 1, findings: [{ paths: [path] }] };
}

const LODASH: Flaw = {
  cve: 'CVE-2026-1111',
  ghsa: 'GHSA-2222-3333-4444',
  own: 'GHSA-2222-3333-4444',
  purl: 'pkg:npm/%40acme/x@1',
  name: '@acme/x',
  trivyType: 'npm',
  ecosystem: 'npm',
};
const DJANGO: Flaw = {
  ...LODASH,
  own: 'PYSEC-2026-1',
  purl: 'pkg:pypi/zope-interface@1',
  name: 'zope.interface',
  trivyType: 'pip',
  ecosystem: 'PyPI',
};
const NET: Flaw = {
  ...LODASH,
  own: 'GO-2026-1',
  purl: 'pkg:golang/golang.org/x/net@v0.1.0',
  name: 'golang.org/x/net',
  trivyType: 'gomod',
  ecosystem: 'Go',
};

const AUDITS: readonly (readonly [string, Flaw, ReportFormat, readonly JsonValue[]])[] = [
  ['npm audit', LODASH, npmAudit, [{ advisories: { 1: npmAdvisory(LODASH, '@acme/x') } }]],
  ['pnpm audit', LODASH, pnpmAudit, [{ advisories: { 1: npmAdvisory(LODASH, '.>@acme/x') } }]],
  [
    'yarn audit',
    LODASH,
    yarnAudit,
    [{ type: 'auditAdvisory', data: { advisory: npmAdvisory(LODASH, '@acme/x') } }],
  ],
  [
    'pip-audit',
    DJANGO,
    pipAudit,
    [
      {
        dependencies: [
          { name: 'zope.interface', version: '1', vulns: [{ id: DJANGO.own, aliases: [DJANGO.cve] }] },
        ],
      },
    ],
  ],
  [
    'govulncheck',
    NET,
    govulncheck,
    [
      { config: { protocol_version: 'v1.0.0', scanner_name: 'govulncheck' } },
      { osv: { id: NET.own, aliases: [NET.cve, NET.ghsa] } },
      { finding: { osv: NET.own, trace: [{ module: NET.name, version: 'v0.1.0' }] } },
      { finding: { osv: NET.own, trace: [{ module: NET.name, package: `${NET.name}/http2` }] } },
    ],
  ],
];

test.each(AUDITS)(
  '%s, Trivy, Grype and OSV-Scanner say one thing of one package',
  async (_tool, flaw, format, lines) => {
    const [own, ...others] = await identities(format, lines, 'audit');
    expect(own).toBeDefined();
    expect(others).toEqual([]);
    expect(await identities(trivy, [trivyReport(flaw)], 'trivy')).toEqual([own]);
    expect(await identities(grype, [grypeReport(flaw)], 'grype')).toEqual([own]);
    expect(await identities(osvScanner, [osvReport(flaw)], 'osv')).toEqual([own]);
  },
);

test('npm 7 tells only the GHSA, which meets its CVE once the alias is known', async () => {
  const via = { source: 1, url: `https://github.com/advisories/${LODASH.ghsa}`, dependency: '@acme/x' };
  const report = { auditReportVersion: 2, vulnerabilities: { x: { name: '@acme/x', via: [via] } } };
  const [own] = await identities(npmAudit, [report], 'npm');
  expect(own).toBeDefined();
  expect(await identities(osvScanner, [osvReport({ ...LODASH, cve: '' })], 'osv')).toEqual([own]);
});
