import { lineOf, type Thing, wrongWith } from './estate.ts';
import type { Reading } from './ledger.ts';
import {
  grypeImage,
  kubectl,
  prowler,
  semgrep,
  trivyCluster,
  trivyImage,
  trivyRepository,
} from './reports.ts';

/** A report as it lies on the disk, and what the model has to know of it. */
export interface Report {
  readonly file: string;
  readonly content: unknown;
  /** Who shows it, in the model: a tool and what it looked at. */
  readonly scope: string;
  /** What each finding says, by its line: what may not change on its own. */
  readonly findings: ReadonlyMap<string, string>;
  readonly reading: Reading;
}

export type Action =
  | { readonly do: 'import'; readonly flags: readonly string[]; readonly reports: readonly Report[] }
  | {
      readonly do: 'retire';
      readonly source: string;
      readonly flags: readonly string[];
      readonly scopes: readonly string[];
    }
  | { readonly do: 'mute'; readonly advisory: string; readonly reason: string };

export interface Night {
  readonly story: string;
  readonly actions: readonly Action[];
  /** Where what is known differs from what is wrong, and may: lines that are still open, lines that nobody reported yet. */
  readonly stillOpen?: readonly string[];
  readonly notYet?: readonly string[];
}

function findings(
  things: readonly Thing[],
  night: number,
  content: string,
  keep: (line: string) => boolean = () => true,
): ReadonlyMap<string, string> {
  return new Map(
    things
      .flatMap((thing) => wrongWith(thing, night))
      .map((flaw): [string, string] => [lineOf(flaw), content])
      .filter(([line]) => keep(line)),
  );
}

const image = (service: 'shop' | 'pay', night: number): Report => ({
  file: `trivy-image-${service}.json`,
  content: trivyImage(service, night),
  scope: `trivy image ${service}`,
  // A new digest is another place where the same finding is seen.
  findings: findings([`${service} image`], night, `1.0.${night}`),
  reading: 'whole',
});

const grype = (night: number): Report => ({
  file: 'grype-image-shop.json',
  content: grypeImage('shop', night),
  scope: 'grype image shop',
  findings: findings(['shop image'], night, `1.0.${night}`),
  reading: 'whole',
});

const repository = (service: 'shop' | 'pay', night: number, reading: Reading = 'whole'): Report => ({
  file: `trivy-repository-${service}.json`,
  content: trivyRepository(service, night),
  scope: `trivy repository ${service}`,
  findings: findings([`${service} repository`], night, ''),
  reading,
});

const code = (service: 'shop' | 'pay', night: number): Report => ({
  file: `semgrep-${service}.sarif`,
  content: semgrep(service, night),
  scope: `semgrep ${service}`,
  // The line is part of what a finding says, and no part of which finding it is.
  findings: findings([`${service} code`], night, `line ${night}`),
  reading: 'whole',
});

const inventory = (name: 'blue' | 'old', night: number): Report => ({
  file: `kubectl-${name}.json`,
  content: kubectl(name, night),
  scope: `kubectl ${name}`,
  findings: new Map(),
  reading: 'whole',
});

const cluster = (name: 'blue' | 'old', night: number): readonly Report[] => [
  inventory(name, night),
  {
    file: `trivy-cluster-${name}.json`,
    content: trivyCluster(name, night),
    scope: `trivy cluster ${name}`,
    findings: findings([`cluster ${name}`], night, ''),
    reading: 'whole',
  },
];

const posture = (night: number): Report => ({
  file: 'prowler.json',
  content: prowler(night),
  scope: 'prowler',
  findings: findings(['account west', 'account central'], night, ''),
  reading: 'whole',
});

const SHOP = ['--service', 'shop', '--team', 'web'];
const PAY = ['--service', 'pay', '--team', 'payments'];

function take(flags: readonly string[], ...reports: readonly Report[]): Action {
  return { do: 'import', flags, reports };
}

const webReports = (night: number): readonly Report[] => [
  grype(night),
  code('shop', night),
  image('shop', night),
  repository('shop', night),
];
const web = (night: number): Action => take(SHOP, ...webReports(night));
const payments = (night: number): Action =>
  take(PAY, code('pay', night), image('pay', night), repository('pay', night));
/** The pipeline that builds the night's image has rolled it out before anybody scans it. */
const rollOut = (night: number): Action => take(['--scope', 'cluster=blue'], inventory('blue', night));
const blue = (night: number): Action => take(['--scope', 'cluster=blue'], ...cluster('blue', night));
const old = (night: number): Action => take(['--scope', 'cluster=old'], ...cluster('old', night));

const BRACES = 'CVE-2024-4068 on registry.example/shop';

/** The two weeks, night by night: what arrived, and what people did. */
export const FORTNIGHT: readonly Night[] = [
  {
    story: 'Everything is reported for the first time.',
    actions: [blue(1), web(1), payments(1), take([], posture(1)), old(1)],
  },
  {
    story: 'An ordinary night: new builds, moved lines, one new flaw.',
    actions: [rollOut(2), web(2), payments(2)],
  },
  {
    story: 'The team web mutes lodash; the payments team fixes semver.',
    actions: [
      rollOut(3),
      web(3),
      payments(3),
      { do: 'mute', advisory: 'CVE-2021-23337', reason: 'The function is not called.' },
    ],
  },
  {
    story:
      'The scan of the shop’s image fails; somebody scans pay’s repository with --severity HIGH,CRITICAL.',
    actions: [
      blue(4),
      take(SHOP, code('shop', 4), repository('shop', 4)),
      take(PAY, code('pay', 4), image('pay', 4), {
        ...repository('pay', 4),
        content: trivyRepository('pay', 4, ['CRITICAL', 'HIGH']),
        findings: findings(['pay repository'], 4, '', (line) => line.startsWith('CVE-2023-50')),
        reading: 'held',
      }),
      take([], posture(4)),
      old(4),
    ],
    notYet: [BRACES],
  },
  {
    story: 'Semgrep runs out of time in the shop; pay’s repository is scanned in full again.',
    actions: [
      rollOut(5),
      take(
        SHOP,
        grype(5),
        {
          ...code('shop', 5),
          content: semgrep('shop', 5, { timedOut: true }),
          findings: findings(['shop code'], 5, 'line 5', (line) =>
            line.includes('javascript.express.injection'),
          ),
          reading: 'part',
        },
        image('shop', 5),
        repository('shop', 5),
      ),
      payments(5),
    ],
  },
  { story: 'The shop’s base image is renewed.', actions: [rollOut(6), web(6), payments(6)] },
  {
    story: 'Reports that were lost arrive: pay’s repository of night 3, the shop’s image of night 4.',
    actions: [
      rollOut(7),
      web(7),
      payments(7),
      take([...PAY, '--separate'], {
        ...repository('pay', 3, 'history'),
        file: 'late-trivy-repository-pay.json',
      }),
      take(SHOP, { ...image('shop', 4), file: 'late-trivy-image-shop.json', reading: 'overtaken' }),
      take([], posture(7)),
    ],
  },
  {
    story: 'A branch of the shop is scanned; the flaw that is muted in the shop appears in pay.',
    actions: [
      rollOut(8),
      web(8),
      take([...SHOP, '--scope', 'branch=preview'], {
        file: 'semgrep-preview.sarif',
        content: semgrep('shop', 8, { branch: 'preview' }),
        scope: 'semgrep shop preview',
        findings: findings(['shop code', 'shop branch'], 8, 'line 8'),
        reading: 'whole',
      }),
      payments(8),
    ],
  },
  {
    story:
      'The old cluster is switched off and retired; the shop fixes the redirect, which the branch still has.',
    actions: [
      blue(9),
      web(9),
      payments(9),
      { do: 'retire', source: 'trivy', flags: ['--scope', 'cluster=old'], scopes: ['trivy cluster old'] },
      { do: 'retire', source: 'kubernetes', flags: ['--scope', 'cluster=old'], scopes: ['kubectl old'] },
    ],
    stillOpen: ['semgrep:javascript.express.open-redirect on github.com/acme/shop'],
  },
  {
    story: 'A pipeline sends the shop’s reports twice; one of the retired cluster was lost, and arrives.',
    actions: [
      take(['--scope', 'cluster=old'], {
        file: 'late-trivy-cluster-old.json',
        content: trivyCluster('old', 3),
        scope: 'trivy cluster old',
        findings: findings(['cluster old'], 3, ''),
        reading: 'history',
      }),
      rollOut(10),
      web(10),
      take(SHOP, ...webReports(10).map((report) => ({ ...report, reading: 'same' as const }))),
      payments(10),
      take([], posture(10)),
    ],
    stillOpen: ['semgrep:javascript.express.open-redirect on github.com/acme/shop'],
  },
  {
    story: 'A revert brings ws back.',
    actions: [rollOut(11), web(11), payments(11)],
    stillOpen: ['semgrep:javascript.express.open-redirect on github.com/acme/shop'],
  },
  {
    story: 'The branch is merged away, and its scope is retired.',
    actions: [
      rollOut(12),
      web(12),
      payments(12),
      {
        do: 'retire',
        source: 'semgrep',
        flags: ['--scope', 'branch=preview'],
        scopes: ['semgrep shop preview'],
      },
    ],
  },
  {
    story: 'Prowler looks at one region only.',
    actions: [
      blue(13),
      web(13),
      payments(13),
      take([], {
        ...posture(13),
        content: prowler(13, ['account west']),
        findings: findings(['account west'], 13, ''),
        reading: 'part',
      }),
    ],
  },
  {
    story: 'The shop removes an old tool: more goes at once than goes unseen, so a person confirms it.',
    actions: [
      rollOut(14),
      take(SHOP, grype(14), code('shop', 14), image('shop', 14), repository('shop', 14, 'held')),
      payments(14),
      take([...SHOP, '--confirm'], repository('shop', 14)),
    ],
  },
];
