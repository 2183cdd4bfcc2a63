import { changeAutomation } from '../../../src/app/change-automation.ts';
import { rateAdvisory } from '../../../src/app/rate-advisory.ts';
import { updateFeed } from '../../../src/app/update-feed.ts';
import { DAY_MS, dateText, instantText } from '../../../src/base/instant.ts';
import type { IntelligenceFeed } from '../../../src/domain/ports/intelligence-feed.ts';
import { emerging } from '../../../src/feeds/emerging/emerging.ts';
import { epss } from '../../../src/feeds/epss/epss.ts';
import { exploitdb } from '../../../src/feeds/exploitdb/exploitdb.ts';
import { kev } from '../../../src/feeds/kev/kev.ts';
import { metasploit } from '../../../src/feeds/metasploit/metasploit.ts';
import { nuclei } from '../../../src/feeds/nuclei/nuclei.ts';
import { nvd } from '../../../src/feeds/nvd/nvd.ts';
import { grypeReport } from '../../support/grype-report.ts';
import { prowlerReport, sarifReport } from '../../support/other-reports.ts';
import { START, type TestInbox } from '../../support/test-inbox.ts';
import { digestOf } from '../../support/trivy-report.ts';
import { ADVISORIES, cveOf, type Told, vectorsOf } from './advisories.ts';
import { blockedRequest, CLUSTER, clusterReport, imageOf, shellIn, WORKLOADS } from './estate.ts';

/** The instant of all scans, feeds and inventories. */
export const NOW = START;
export const at = (days: number, milliseconds = 0) => NOW + days * DAY_MS + milliseconds;

const NAMES = Object.keys(ADVISORIES);
const told = (number: string) => ADVISORIES[number] as Told;
const having = (what: (of: Told) => boolean) => NAMES.filter((number) => what(told(number)));

/** Reads one feed as it is published at the time of the test's clock. */
function tell(inbox: TestInbox, feed: IntelligenceFeed, text: string) {
  async function* open() {
    yield Buffer.from(text);
  }
  return updateFeed(inbox.ctx, { feed, files: [{ name: 'file', open }], origin: 'test' });
}

type Step = (inbox: TestInbox) => Promise<unknown>;

/** Every feed, as it is on that day; a test changes what is given. */
export const FEEDS: readonly Step[] = [
  (inbox) => tell(inbox, nvd, nvdText()),
  (inbox) => tell(inbox, epss, epssText(NOW)),
  (inbox) => tell(inbox, exploitdb, exploitdbText([])),
  (inbox) => tell(inbox, kev, kevText(NOW, [])),
  (inbox) =>
    tell(
      inbox,
      metasploit,
      JSON.stringify(
        Object.fromEntries(
          having(({ exploit }) => exploit === 'metasploit').map((number) => {
            const fullname = `exploit/linux/http/flaw_${number}`;
            return [
              fullname,
              {
                fullname,
                disclosure_date: '2026-01-01',
                references: [cveOf(number)],
                mod_time: '2026-09-30',
              },
            ];
          }),
        ),
      ),
    ),
  (inbox) =>
    tell(
      inbox,
      nuclei,
      having(({ exploit }) => exploit === 'nuclei')
        .map((number) =>
          JSON.stringify({
            ID: cveOf(number),
            Info: { Name: 'Remote code execution' },
            file_path: `http/cves/2026/${cveOf(number)}.yaml`,
          }),
        )
        .join('\n'),
    ),
  (inbox) =>
    tell(
      inbox,
      emerging,
      JSON.stringify({
        updated: instantText(NOW),
        emerging: [{ advisory: cveOf('0204'), until: instantText(at(7)), reason: 'Scanned for everywhere' }],
      }),
    ),
];

function nvdText(): string {
  const METRIC = [
    ['CVSS:4.0', 'cvssMetricV40'],
    ['CVSS:3.1', 'cvssMetricV31'],
    ['AV:', 'cvssMetricV2'],
  ] as const;
  const vulnerabilities = NAMES.map((number) => {
    const { age = 200 * DAY_MS, exploit, isRejected } = told(number);
    const id = cveOf(number);
    const metrics = METRIC.map(([start, member]) => [
      member,
      vectorsOf(told(number))
        .filter((vector) => vector.startsWith(start))
        .map((vectorString) => ({
          source: 'nvd@nist.gov',
          type: 'Primary',
          cvssData: { vectorString },
        })),
    ]);
    const link = exploit === 'scanner' ? `https://github.com/x/${id}-scanner` : `https://github.com/x/${id}`;
    return {
      cve: {
        id,
        published: instantText(NOW - age).replace('Z', ''),
        vulnStatus: isRejected === true ? 'Rejected' : 'Analyzed',
        metrics: Object.fromEntries(metrics),
        references:
          exploit === 'scanner' || exploit === 'poc' ? [{ url: link, tags: ['Exploit'] }] : [{ url: link }],
      },
    };
  });
  return JSON.stringify({
    format: 'NVD_CVE',
    version: '2.0',
    timestamp: instantText(NOW).replace('Z', ''),
    totalResults: vulnerabilities.length,
    vulnerabilities,
  });
}

/** The scores of a day, some of them others than they were. */
function epssText(day: number, changed: Readonly<Record<string, number>> = {}): string {
  const lines = NAMES.flatMap((number) => {
    const score = changed[number] ?? told(number).epss;
    return score === undefined ? [] : [`${cveOf(number)},${score},0.5`];
  });
  return `#model_version:v2025.03.14,score_date:${instantText(day)}\ncve,epss,percentile\n${lines.join('\n')}\n`;
}

/** Exploit-DB with exploits of further flaws. */
function exploitdbText(more: readonly string[], day = NOW): string {
  const rows = [...having(({ exploit }) => exploit === 'exploitdb'), ...more].map(
    (number) => `5${number},${cveOf(number)},${dateText(day)},linux,remote`,
  );
  return `id,cve,date_added,platform,type\n${rows.join('\n')}\n`;
}

/** CISA's catalogue of a day, with further flaws. */
function kevText(day: number, more: readonly string[]): string {
  const listed = [...having(({ kev: entry }) => entry !== undefined), ...more];
  return JSON.stringify({
    title: 'CISA Catalog of Known Exploited Vulnerabilities',
    catalogVersion: dateText(day),
    dateReleased: instantText(day),
    count: listed.length,
    vulnerabilities: listed.map((number) => {
      const { dueInDays, ransomware } = told(number).kev ?? {};
      return {
        cveID: cveOf(number),
        vulnerabilityName: `Flaw ${number}`,
        dateAdded: dateText(NOW),
        ...(dueInDays === undefined ? {} : { dueDate: dateText(at(dueInDays)) }),
        knownRansomwareCampaignUse: ransomware === true ? 'Known' : 'Unknown',
      };
    }),
  });
}

const REPOSITORY = 'https://github.com/acme/pay';
const ACCOUNT = '123456789012';

/** Every inventory and report. What one knows does not depend on another. */
export const REPORTS: readonly Step[] = [
  (inbox) => inbox.importReport(clusterReport(), { scope: { cluster: CLUSTER } }, 'kubectl.json'),
  (inbox) =>
    inbox.importReport(
      [
        shellIn('shop', 'api', at(-15)),
        shellIn('shop', 'jobs', at(-15, -1_000)),
        shellIn('lab', 'lab', at(0, 3_600_000)),
      ]
        .map((event) => JSON.stringify(event))
        .join('\n'),
      { scope: { cluster: CLUSTER } },
      'falco.jsonl',
    ),
  (inbox) => inbox.importReport(blockedRequest(at(-1)), { services: ['pay'] }, 'waf.json'),
  ...[...new Set(WORKLOADS.map(({ image }) => image))].map(
    (image): Step =>
      (inbox) =>
        inbox.importReport(trivyReport(image), {}, `trivy-${image}.json`),
  ),
  (inbox) =>
    inbox.importReport(
      grypeReport({
        image: imageOf('web'),
        digest: 'web',
        at: NOW,
        matches: [{ id: 'GHSA-aaaa-bbbb-cccc', related: [cveOf('0124')], pkg: 'lib0124' }],
      }),
      {},
      'grype.json',
    ),
  (inbox) =>
    inbox.importReport(
      {
        results: [
          {
            source: { path: '/src/web/package-lock.json', type: 'lockfile' },
            packages: [
              {
                package: { name: 'lib0124', version: '1.0', ecosystem: 'npm' },
                vulnerabilities: [
                  { id: 'GHSA-aaaa-bbbb-cccc', aliases: [cveOf('0124')], summary: 'Flaw 0124' },
                ],
                groups: [{ ids: ['GHSA-aaaa-bbbb-cccc'] }],
              },
            ],
          },
        ],
      },
      { scope: { artifact: 'web-sources' }, services: ['web'] },
      'osv.json',
    ),
  (inbox) =>
    inbox.importReport(
      {
        '@context': 'https://openvex.dev/ns/v0.2.0',
        '@id': 'https://vendor.example.com/1',
        author: 'vendor',
        timestamp: instantText(NOW),
        version: 1,
        statements: having(({ vex }) => vex !== undefined).map((number) => ({
          vulnerability: { name: cveOf(number) },
          products: [{ '@id': `pkg:npm/lib${number}` }],
          status: told(number).vex,
          ...(told(number).vex === 'not_affected' && { justification: 'vulnerable_code_not_present' }),
          timestamp: instantText(NOW),
        })),
      },
      {},
      'vex.json',
    ),
  (inbox) =>
    inbox.importReport(
      sarifReport({
        repository: REPOSITORY,
        at: NOW,
        results: [
          { rule: 'B602', path: 'src/run.py' },
          { rule: 'B104', path: 'src/serve.py', level: 'warning' },
        ],
      }),
      { services: ['pay'] },
      'bandit.sarif',
    ),
  (inbox) =>
    inbox.importReport(
      [
        {
          Description: 'gitleaks',
          StartLine: 3,
          EndLine: 3,
          Match: 'm',
          Secret: 'invented-value-0009',
          File: 'src/a.py',
          Commit: '',
          RuleID: 'generic-api-key',
        },
      ],
      { scope: { repository: REPOSITORY } },
      'gitleaks.json',
    ),
  (inbox) =>
    inbox.importReport(
      ['active', 'inactive', 'unknown'].map((validity, index) => ({
        number: index,
        created_at: '2026-09-01T00:00:00Z',
        html_url: `${REPOSITORY}/security/secret-scanning/${index}`,
        state: 'open',
        secret_type: 'example_token',
        secret_type_display_name: validity,
        secret: `invented-token-${validity}`,
        repository: { full_name: 'acme/pay', html_url: REPOSITORY, private: true },
        validity,
        first_location_detected: { path: `config/${validity}.env`, start_line: 1, end_line: 1 },
      })),
      {},
      'secrets.json',
    ),
  (inbox) =>
    inbox.importReport(
      {
        check_type: 'terraform',
        results: {
          passed_checks: [],
          failed_checks: [
            ['CKV_AWS_20', 'aws_s3_bucket.assets'],
            ['CKV_AWS_79', 'aws_instance.builder'],
          ].map(([check_id, resource]) => ({
            check_id,
            check_name: `Check ${check_id}`,
            check_result: { result: 'FAILED' },
            file_path: '/main.tf',
            file_line_range: [1, 2],
            resource,
            severity: null,
          })),
          skipped_checks: [],
          parsing_errors: [],
        },
        summary: { passed: 0, failed: 2, skipped: 0, parsing_errors: 0, checkov_version: '3.2.0' },
      },
      { scope: { repository: 'https://github.com/acme/infra' } },
      'checkov.json',
    ),
  (inbox) =>
    inbox.importReport(
      prowlerReport([
        { check: 's3_bucket_public_access', bucket: 'assets' },
        { check: 's3_bucket_default_encryption', bucket: 'notes' },
        { check: 'ec2_instance_imdsv2_enabled', uid: `arn:aws:ec2:eu-west-1:${ACCOUNT}:instance/i-builder` },
      ]),
      {},
      'prowler.json',
    ),
  (inbox) =>
    inbox.importReport(
      {
        Reservations: [
          {
            OwnerId: ACCOUNT,
            Instances: [
              {
                InstanceId: 'i-builder',
                Placement: { AvailabilityZone: 'eu-west-1a' },
                State: { Name: 'running' },
                Tags: [{ Key: 'env', Value: 'dev' }],
              },
            ],
          },
        ],
      },
      { account: ACCOUNT, region: 'eu-west-1' },
      'describe-instances.json',
    ),
  (inbox) =>
    inbox.importReport(
      {
        Accounts: [
          {
            Id: ACCOUNT,
            Arn: `arn:aws:organizations::${ACCOUNT}:account/o-moments01/${ACCOUNT}`,
            Email: 'shop@example.net',
            Name: 'shop-prod',
            Status: 'ACTIVE',
          },
        ],
      },
      { account: ACCOUNT },
      'organizations-list-accounts.json',
    ),
  (inbox) =>
    inbox.importReport(
      'Date,Title,CweId,Url,Severity,Description,Active,Verified\n09/30/2026,Broken login,287,https://shop.example.com/login,High,Anybody gets in,TRUE,TRUE\n',
      {},
      'pentest.csv',
    ),
];

/** What people of the organisation decided. */
export const DECISIONS: readonly Step[] = [
  (inbox) =>
    rateAdvisory(inbox.ctx, { advisory: cveOf('0129'), severity: 'low', reason: 'Cannot be reached' }),
  (inbox) => changeAutomation(inbox.ctx, { what: 'file', text: RULES }),
];

const RULES = `
due_date:
  - id: system
    name: Flaws of the system
    for: [infrastructure_vulnerability]
    days: { critical: 7, high: 30 }
    from: kev
  - id: libraries
    name: Flaws of libraries
    for: [library_vulnerability]
    days: { critical: 7, high: 30 }
    from: fix_available
`;

/** What feeds say later, by their names in the table of moments. */
export const LATER_FEEDS: Readonly<Record<string, Step>> = {
  kev: (inbox) => tell(inbox, kev, kevText(inbox.clock.now(), ['0114'])),
  epss: (inbox) => tell(inbox, epss, epssText(inbox.clock.now(), { '0112': 0.0999, '0113': 0.0101 })),
  exploitdb: (inbox) => tell(inbox, exploitdb, exploitdbText(['0103'], inbox.clock.now())),
};

/** Falco goes on to report, and what it tells is no attack. */
export function nothingSeen(inbox: TestInbox) {
  const event = { ...(shellIn('shop', 'web', inbox.clock.now()) as object), priority: 'Informational' };
  return inbox.importReport(JSON.stringify(event), { scope: { cluster: CLUSTER } }, 'falco.jsonl');
}

export async function run(inbox: TestInbox, steps: readonly Step[]): Promise<void> {
  for (const step of steps) await step(inbox);
}

function trivyReport(image: string): unknown {
  const found = (isLibrary: boolean) =>
    having((flaw) => flaw.in === image && (flaw.isLibrary ?? false) === isLibrary).map((number) => {
      const { debian, ghsa, isWithoutFix, isRejected } = told(number);
      const scored = isRejected === true ? { nvd: { V3Vector: vectorsOf(told(number))[0] } } : {};
      return {
        VulnerabilityID: cveOf(number),
        PkgName: `lib${number}`,
        PkgIdentifier: { PURL: isLibrary ? `pkg:npm/lib${number}@1.0` : `pkg:deb/debian/lib${number}@1.0` },
        InstalledVersion: '1.0',
        ...(isWithoutFix === true ? {} : { FixedVersion: '2.0' }),
        Title: `Flaw ${number}`,
        Severity: debian ?? 'HIGH',
        ...(debian === undefined ? {} : { SeveritySource: 'debian', VendorSeverity: { debian: 1, nvd: 4 } }),
        CVSS: { ...scored, ...(ghsa === undefined ? {} : { ghsa: { V3Vector: ghsa } }) },
      };
    });
  return {
    SchemaVersion: 2,
    CreatedAt: instantText(NOW),
    ArtifactName: imageOf(image),
    ArtifactType: 'container_image',
    Metadata: {
      OS: { Family: 'debian', Name: '12.5' },
      RepoTags: [imageOf(image)],
      RepoDigests: [`registry.example.net/${image}@${digestOf(image)}`],
    },
    Results: [
      {
        Target: `${imageOf(image)} (debian 12.5)`,
        Class: 'os-pkgs',
        Type: 'debian',
        Vulnerabilities: found(false),
      },
      { Target: 'Node.js', Class: 'lang-pkgs', Type: 'node-pkg', Vulnerabilities: found(true) },
    ],
  };
}
