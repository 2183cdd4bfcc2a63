import { expect, test } from 'vitest';
import type { Finding, IssueDetail } from '#contract/issue-detail.ts';
import { paintFor } from './paint.ts';
import { SAMPLE_CONTROL } from './present-controls.test-sample.ts';
import { testRow } from './present-list.test-rows.ts';
import { presentWhy } from './present-why.ts';

const PLAIN = paintFor({ isColourWanted: false });
const { resources: _count, ...ROW } = testRow({ title: 'CVE-2021-44228\u001b[31m: Log4Shell' }, [
  'yes',
  'no',
  'no',
  'unknown',
  'no',
]);

const FINDING: Finding = {
  id: 'f1',
  title: 'Log4Shell',
  resource: { id: 'image:shop', kind: 'image', name: 'shop' },
  severity: 'critical',
  score: 10,
  state: 'open',
  risks: ['publicly_accessible'],
  environment: 'production',
  services: ['checkout'],
  sightings: [
    {
      source: 'trivy',
      scope: { image: 'shop' },
      firstSeen: '2026-09-01T10:00:00.000Z',
      lastConfirmed: null,
      overdue: true,
      notLookedAtSince: null,
      goneAt: '2026-09-20T10:00:00.000Z',
      locations: ['a.jar 2.14', 'b.jar 2.14', 'c.jar 2.14', 'd.jar 2.14', 'e.jar 2.14'],
      title: 'Log4Shell',
      severity: 'critical',
      fix: '2.17.1',
    },
    {
      source: 'grype',
      scope: {},
      firstSeen: '2026-09-02T10:00:00.000Z',
      lastConfirmed: '2026-09-10T10:00:00.000Z',
      overdue: true,
      notLookedAtSince: '2026-09-19T10:00:00.000Z',
      goneAt: null,
      locations: [],
      title: 'Log4Shell',
      severity: null,
      fix: null,
    },
  ],
  fix: '2.17.1',
  admission: 'In the inbox: Known to be exploited.',
  mutedReason: 'accepted\u0007 until spring',
  automation: [],
};

const ISSUE: IssueDetail = {
  ...ROW,
  upgrades: [
    {
      name: 'org.apache.logging.log4j:log4j-core',
      ecosystem: 'maven',
      steps: [
        { from: '2.14.1', to: '2.15.0', findings: 2, files: ['app.jar'] },
        { from: '1.2.17', to: null, findings: 1, files: [] },
      ],
      to: null,
      commands: ['mvn dependency:tree -Dincludes=org.apache.logging.log4j:log4j-core'],
    },
  ],
  firstSeen: '2026-09-01T10:00:00.000Z',
  description: null,
  references: [],
  why: {
    rank: {
      severity: 'critical',
      riskCount: 1,
      impact: 3,
      sentence: 'Critical, 1 detected risk, 3 impacted things (2 resources, 1 service).',
    },
    score: {
      base: { vector: 'CVSS:3.1/AV:N', score: 10, provenance: 'NVD' },
      steps: [
        { metric: 'E', from: 'X', to: 'H', effect: 'neutral', reason: 'A working exploit is known.' },
        {
          metric: 'MAV',
          from: 'X',
          to: 'X',
          effect: 'neutral',
          reason: 'It is reachable from the internet.',
        },
        { metric: 'CR/IR/AR', from: 'X', to: 'L', effect: 'safer', reason: 'It runs outside production.' },
      ],
      adjusted: { vector: 'CVSS:3.1/AV:N/E:H', score: 9.1 },
      severity: 'critical',
      sentence: '10.0 from NVD, 9.1 here: critical.',
    },
    control: null,
    automation: [
      {
        type: 'due_date',
        rule: { id: 'deadlines', name: 'Deadlines' },
        sentence: 'Due 2026-12-01, 7 days from first seen.',
        passedOver: [{ id: 'kev', name: 'By KEV', sentence: 'Fails at: known_exploited:yes.' }],
      },
    ],
    admission: {
      admitted: true,
      rules: [
        {
          id: 'default.library_vulnerability',
          title: 'Libraries',
          verdict: 'met',
          sentence: 'Critical, with an exploit.',
          missing: [],
        },
        {
          id: 'default.known-exploited',
          title: 'Known to be exploited',
          verdict: 'unknown',
          sentence: 'In KEV. Nobody can tell: published.',
          missing: ['published', 'in production'],
        },
      ],
    },
    risks: [
      {
        risk: 'publicly_accessible',
        state: 'yes',
        evidence: [
          {
            sentence: 'Ingress shop leads to it.',
            provenance: 'kubernetes',
            at: '2026-09-30T00:00:00.000Z',
            link: 'https://example.com/shop',
          },
          { sentence: 'A check says so.', provenance: 'prowler', at: null, link: null },
        ],
        missing: [],
      },
      { risk: 'privileged_access', state: 'no', evidence: [], missing: [] },
      { risk: 'under_attack', state: 'no', evidence: [], missing: [] },
      { risk: 'exploit_available', state: 'unknown', evidence: [], missing: ['Exploit-DB', 'NVD'] },
      { risk: 'in_production', state: 'no', evidence: [], missing: [] },
    ],
    owners: [{ name: 'checkout', confidence: 0.9, reason: 'tag team' }],
    lead: {
      findingId: 'f1',
      resource: { id: 'image:shop', kind: 'image', name: 'shop' },
      sentence: 'Its only open finding, as it is deployed at shop.',
    },
  },
  findings: [FINDING],
  resources: [],
  attackPath: null,
  alsoFoundBy: [],
};

test('an issue is explained from its rank to its sightings', () => {
  expect(presentWhy(ISSUE, PLAIN).join('\n')).toBe(
    `critical 10.0  CVE-2021-44228[31m: Log4Shell
library vulnerability, open, first seen 2026-09-01
id 0123456789abcdef  key library_vulnerability|CVE-2021-44228

Rank
  Critical, 1 detected risk, 3 impacted things (2 resources, 1 service).

Score
  10.0 from NVD, 9.1 here: critical.
  base      10.0  CVSS:3.1/AV:N  (NVD)
  neutral   E X -> H: A working exploit is known.
  neutral   MAV X: It is reachable from the internet.
  safer     CR/IR/AR X -> L: It runs outside production.
  adjusted  9.1  CVSS:3.1/AV:N/E:H

Admission: in the inbox
  met      Libraries (default.library_vulnerability)
           Critical, with an exploit.
  unknown  Known to be exploited (default.known-exploited)
           In KEV. Nobody can tell: published.
           missing: published, in production

Rules of the organisation
  due date: Deadlines (deadlines). Due 2026-12-01, 7 days from first seen.
           not By KEV (kev): Fails at: known_exploited:yes.

Detected risks
  yes      publicly accessible
           Ingress shop leads to it. (kubernetes, 2026-09-30)
           https://example.com/shop
           A check says so. (prowler)
  no       privileged access
  no       under attack
  unknown  exploit available
           missing: Exploit-DB
           missing: NVD
  no       in production

Lead finding
  Its only open finding, as it is deployed at shop.
  shop (image)  finding f1

Owner
  checkout (tag team, confidence 0.9)

Fix
  org.apache.logging.log4j:log4j-core (maven): no version is known to mend all of it
      2.14.1 -> 2.15.0, 2 findings
      1.2.17 -> no fix known, 1 finding
      mvn dependency:tree -Dincludes=org.apache.logging.log4j:log4j-core

Findings: 1
  open    critical 10.0  shop (image)
          environment: production
          services: checkout
          In the inbox: Known to be exploited.
          fix: 2.17.1
          muted: accepted until spring
          seen by trivy image=shop since 2026-09-01 gone 2026-09-20: a.jar 2.14, b.jar 2.14, c.jar 2.14, and 2 more places
          seen by grype since 2026-09-02 last confirmed 2026-09-10 (its source is overdue) not looked at since 2026-09-19`,
  );
});

test('an issue whose findings are all closed, muted, without a score and a date', () => {
  const closed = {
    ...ISSUE,
    score: null,
    muted: true,
    firstSeen: null,
    upgrades: [],
    why: { ...ISSUE.why, admission: { admitted: false, rules: [] }, automation: [], lead: null },
    findings: [],
  };
  const text = presentWhy(closed, PLAIN).join('\n');
  expect(text.split('\n').slice(0, 2)).toEqual([
    'critical  CVE-2021-44228[31m: Log4Shell',
    'library vulnerability, open, muted',
  ]);
  expect(text).toContain('Admission: not admitted\n\nDetected risks');
  expect(text).toContain('Lead finding\n  None is open.\n\nFindings: 0');
});

test('of many findings the first 20 are shown, and how many more there are', () => {
  const lines = presentWhy(
    { ...ISSUE, findings: Array.from({ length: 23 }, () => ({ ...FINDING, sightings: [] })) },
    PLAIN,
  );
  expect(lines.filter((line) => line.startsWith('  open  '))).toHaveLength(20);
  expect(lines.at(-1)).toBe('  and 3 more; --json has all of them.');
});

test('the control behind a severity is told with its frameworks and its fix', () => {
  const lines = presentWhy({ ...ISSUE, why: { ...ISSUE.why, control: SAMPLE_CONTROL } }, PLAIN);
  const at = lines.indexOf('Control net.sg.ssh');
  expect(lines.slice(at - 1, at + 8)).toEqual([
    '',
    'Control net.sg.ssh',
    '  Scanners find it[31m within minutes.',
    '  likelihood   probable (vulnerability, public)',
    '  impact       medium',
    '  severity     low, as the organisation says',
    '  frameworks   CIS AWS 3.0.0 5.2, 5.3; SOC 2 CC6.6',
    '  fix          Close the port.',
    '',
  ]);
});
