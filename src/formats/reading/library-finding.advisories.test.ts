import { expect, test } from 'vitest';
import { identifyFinding } from '#domain/finding/identify-finding.ts';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import { asff } from '../asff/asff.ts';
import { awsInspector2 } from '../aws-inspector2/aws-inspector2.ts';
import { cyclonedx } from '../cyclonedx/cyclonedx.ts';
import { defectDojo } from '../defectdojo/defectdojo.ts';
import { dependencyTrack } from '../dependency-track/dependency-track.ts';
import { gcpArtifactAnalysis } from '../gcp-artifact-analysis/gcp-artifact-analysis.ts';
import { generic } from '../generic/generic.ts';
import { githubDependabot } from '../github-dependabot/github-dependabot.ts';
import { gitlab } from '../gitlab/gitlab.ts';
import { govulncheck } from '../govulncheck/govulncheck.ts';
import { grype } from '../grype/grype.ts';
import { npmAudit } from '../npm-audit/npm-audit.ts';
import { osvScanner } from '../osv-scanner/osv-scanner.ts';
import { pipAudit } from '../pip-audit/pip-audit.ts';
import { pnpmAudit } from '../pnpm-audit/pnpm-audit.ts';
import { sarif } from '../sarif/sarif.ts';
import { snyk } from '../snyk/snyk.ts';
import { snykIssueApi } from '../snyk-issue-api/snyk-issue-api.ts';
import { trivy } from '../trivy/trivy.ts';
import { trivyOperator } from '../trivy-operator/trivy-operator.ts';
import { yarnAudit } from '../yarn-audit/yarn-audit.ts';

/** One advisory about one library, as everybody tells it who scans libraries: by its CVE, the GHSA, or an id of their own beside those. */
const CVE = 'CVE-2026-1111';
const GHSA = 'GHSA-2222-3333-4444';
const LIBRARY = 'lodash';
const PURL = 'pkg:npm/lodash@4.17.10';

const audited = {
  module_name: LIBRARY,
  github_advisory_id: GHSA,
  cves: [CVE],
  id: 1,
  findings: [{ paths: ['a'] }],
};
const image = { repository: 'shop/web', tag: '1' };

function sarifOf(tool: string, rule: Readonly<Record<string, unknown>>): unknown {
  const location = { physicalLocation: { artifactLocation: { uri: 'package-lock.json' } } };
  const result = { ruleId: rule['id'], message: { text: 'x' }, locations: [location] };
  return { version: '2.1.0', runs: [{ tool: { driver: { name: tool, rules: [rule] } }, results: [result] }] };
}

const TOLD: readonly (readonly [who: string, format: ReportFormat, report: unknown])[] = [
  [
    'Trivy',
    trivy,
    {
      SchemaVersion: 2,
      ArtifactName: '.',
      ArtifactType: 'filesystem',
      Results: [
        {
          Target: 'package-lock.json',
          Class: 'lang-pkgs',
          Type: 'npm',
          Vulnerabilities: [{ VulnerabilityID: CVE, PkgName: LIBRARY, PkgIdentifier: { PURL } }],
        },
      ],
    },
  ],
  [
    'the Trivy Operator',
    trivyOperator,
    {
      apiVersion: 'aquasecurity.github.io/v1alpha1',
      kind: 'VulnerabilityReport',
      report: {
        artifact: image,
        vulnerabilities: [
          {
            vulnerabilityID: CVE,
            resource: LIBRARY,
            packagePURL: PURL,
            class: 'lang-pkgs',
            severity: 'HIGH',
          },
        ],
      },
    },
  ],
  ['Trivy in SARIF', sarif, sarifOf('Trivy', { id: CVE, name: 'LanguageSpecificPackageVulnerability' })],
  [
    'Grype by the GHSA',
    grype,
    {
      matches: [
        {
          vulnerability: { id: GHSA },
          relatedVulnerabilities: [{ id: CVE }],
          artifact: { name: LIBRARY, version: '1', purl: PURL },
        },
      ],
      source: { type: 'directory', target: '.' },
    },
  ],
  ['Grype in SARIF', sarif, sarifOf('Grype', { id: `${CVE}-${LIBRARY}` })],
  [
    'OSV-Scanner by the GHSA',
    osvScanner,
    {
      results: [
        {
          source: { path: 'package-lock.json', type: 'lockfile' },
          packages: [
            {
              package: { name: LIBRARY, version: '1', ecosystem: 'npm' },
              vulnerabilities: [{ id: GHSA, aliases: [CVE] }],
              groups: [],
            },
          ],
        },
      ],
    },
  ],
  ['OSV-Scanner in SARIF', sarif, sarifOf('osv-scanner', { id: CVE, deprecatedIds: [CVE, GHSA] })],
  ['npm audit of version 6', npmAudit, { advisories: { 1: audited } }],
  ['pnpm audit', pnpmAudit, { advisories: { 1: audited } }],
  ['Yarn', yarnAudit, { type: 'auditAdvisory', data: { advisory: audited } }],
  [
    'pip-audit by an id of its own',
    pipAudit,
    {
      dependencies: [{ name: LIBRARY, version: '1', vulns: [{ id: 'PYSEC-2026-1', aliases: [CVE, GHSA] }] }],
    },
  ],
  [
    'govulncheck by an id of its own',
    govulncheck,
    [
      { config: { protocol_version: 'v1.0.0', scanner_name: 'govulncheck' } },
      { osv: { id: 'GO-2026-1', aliases: [CVE, GHSA] } },
      { finding: { osv: 'GO-2026-1', trace: [{ module: LIBRARY, version: 'v0.1.0' }] } },
    ],
  ],
  [
    'Snyk by an id of its own',
    snyk,
    {
      vulnerabilities: [
        {
          id: 'SNYK-JS-LODASH-1',
          identifiers: { CVE: [CVE], GHSA: [GHSA] },
          packageName: LIBRARY,
          moduleName: LIBRARY,
          packageManager: 'npm',
          severity: 'high',
          title: 'x',
          version: '1',
          from: ['a', `${LIBRARY}@1`],
        },
      ],
      packageManager: 'npm',
      ok: false,
      projectName: 'shop',
    },
  ],
  [
    'the API of Snyk',
    snykIssueApi,
    {
      jsonapi: { version: '1.0' },
      data: [
        {
          id: '1',
          type: 'issue',
          attributes: {
            type: 'package_vulnerability',
            key: 'SNYK-JS-LODASH-1',
            title: 'x',
            effective_severity_level: 'high',
            status: 'open',
            coordinates: [
              { representations: [{ dependency: { package_name: LIBRARY, package_version: '1' } }] },
            ],
            problems: [
              { id: 'SNYK-JS-LODASH-1', source: 'SNYK' },
              { id: CVE, source: 'NVD' },
              { id: GHSA, source: 'GitHub' },
            ],
          },
          relationships: { scan_item: { data: { id: '1', type: 'project' } } },
        },
      ],
    },
  ],
  [
    'Dependabot by the GHSA',
    githubDependabot,
    [
      {
        number: 1,
        state: 'open',
        dependency: { package: { ecosystem: 'npm', name: LIBRARY }, manifest_path: 'package-lock.json' },
        security_advisory: { ghsa_id: GHSA, cve_id: CVE, summary: 'x', severity: 'high' },
        security_vulnerability: { package: { ecosystem: 'npm', name: LIBRARY }, severity: 'high' },
        html_url: 'https://github.com/acme/shop/security/dependabot/1',
      },
    ],
  ],
  [
    'GitLab by an id of its own',
    gitlab,
    {
      version: '15.0.6',
      vulnerabilities: [
        {
          id: 'a',
          category: 'dependency_scanning',
          name: 'x',
          severity: 'High',
          location: {
            file: 'package-lock.json',
            dependency: { package: { name: LIBRARY }, version: '1' },
          },
          identifiers: [
            { type: 'gemnasium', name: 'Gemnasium-1', value: '1' },
            { type: 'cve', name: CVE, value: CVE },
            { type: 'ghsa', name: GHSA, value: GHSA },
          ],
        },
      ],
      scan: { scanner: { id: 'gemnasium' }, type: 'dependency_scanning', status: 'success' },
    },
  ],
  [
    'CycloneDX by the GHSA',
    cyclonedx,
    {
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      components: [{ 'bom-ref': 'a', type: 'library', name: LIBRARY, version: '1', purl: PURL }],
      vulnerabilities: [{ id: GHSA, references: [{ id: CVE }], affects: [{ ref: 'a' }] }],
    },
  ],
  [
    'Dependency-Track by the GHSA',
    dependencyTrack,
    {
      meta: { application: 'Dependency-Track' },
      project: { name: 'shop' },
      findings: [
        {
          component: { name: LIBRARY, purl: PURL, version: '1' },
          vulnerability: { vulnId: GHSA, aliases: [{ cveId: CVE, ghsaId: GHSA }], severity: 'HIGH' },
        },
      ],
    },
  ],
  [
    'DefectDojo',
    defectDojo,
    {
      count: 1,
      results: [
        {
          id: 1,
          title: 'x',
          severity: 'High',
          active: true,
          component_name: LIBRARY,
          component_version: '1',
          vulnerability_ids: [{ vulnerability_id: GHSA }, { vulnerability_id: CVE }],
          found_by: [1],
          test: 1,
        },
      ],
    },
  ],
  [
    'a generic report',
    generic,
    {
      findings: [
        {
          title: 'x',
          severity: 'High',
          vulnerability_ids: [CVE],
          component_name: LIBRARY,
          component_purl: PURL,
        },
      ],
    },
  ],
  [
    'Inspector',
    awsInspector2,
    {
      findings: [
        {
          findingArn: 'arn:aws:inspector2:eu-west-1:123456789012:finding/1',
          awsAccountId: '123456789012',
          status: 'ACTIVE',
          packageVulnerabilityDetails: {
            vulnerabilityId: CVE,
            vulnerablePackages: [{ name: LIBRARY, version: '1', packageManager: 'NPM' }],
          },
          resources: [{ type: 'AWS_EC2_INSTANCE', id: 'i-0123456789abcdef0', region: 'eu-west-1' }],
        },
      ],
    },
  ],
  [
    'Security Hub',
    asff,
    [
      {
        SchemaVersion: '2018-10-08',
        Id: 'x',
        ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/inspector',
        AwsAccountId: '123456789012',
        Title: 'x',
        Resources: [{ Type: 'AwsEc2Instance', Id: 'i-0123456789abcdef0', Region: 'eu-west-1' }],
        Vulnerabilities: [
          { Id: CVE, VulnerablePackages: [{ Name: LIBRARY, Version: '1', PackageManager: 'NPM' }] },
        ],
      },
    ],
  ],
  [
    'Artifact Analysis',
    gcpArtifactAnalysis,
    {
      image_summary: { fully_qualified_digest: `europe-docker.pkg.dev/shop/web@sha256:${'cd'.repeat(32)}` },
      package_vulnerability_summary: {
        vulnerabilities: {
          HIGH: [
            {
              noteName: `projects/goog-vulnz/notes/${CVE}`,
              vulnerability: {
                packageIssue: [
                  { affectedPackage: LIBRARY, packageType: 'NPM', affectedVersion: { fullName: '1' } },
                ],
                severity: 'HIGH',
                shortDescription: CVE,
              },
            },
          ],
        },
      },
    },
  ],
];

test.each(TOLD)('%s', async (_who, format, report) => {
  const lines = Array.isArray(report) && format === govulncheck ? report : [report];
  const input = {
    name: 'report',
    open: async function* () {
      yield Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'));
    },
  };
  const context = { root: null, account: null, region: null, cluster: 'shop', artifact: 'shop' };
  const naming = { sourceId: format.id, cluster: 'shop', repository: 'shop', artifact: 'shop' };
  const issues: string[] = [];
  for await (const item of format.read(input, context))
    for (const observation of item.kind === 'record' ? item.observations : [])
      if (observation.kind === 'finding')
        issues.push(identifyFinding(observation, { naming, secretKey: new Uint8Array(32) }).issueKey);
  expect(issues).toEqual([`library_vulnerability|${CVE}`]);
});
