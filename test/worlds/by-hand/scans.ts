import { updateFeed } from '../../../src/app/update-feed.ts';
import { instantText } from '../../../src/base/instant.ts';
import type { IntelligenceFeed } from '../../../src/domain/ports/intelligence-feed.ts';
import { epss } from '../../../src/feeds/epss/epss.ts';
import { exploitdb } from '../../../src/feeds/exploitdb/exploitdb.ts';
import { kev } from '../../../src/feeds/kev/kev.ts';
import { nvd } from '../../../src/feeds/nvd/nvd.ts';
import { grypeReport } from '../../support/grype-report.ts';
import { kevCatalogue } from '../../support/other-reports.ts';
import type { TestInbox } from '../../support/test-inbox.ts';
import { imageReport, type Vulnerability } from '../../support/trivy-report.ts';

const ANYBODY = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const STOPS = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';

/** Published days before the scan; EPSS as a share, null where it has none yet. */
interface Told {
  readonly days: number;
  readonly epss: number | null;
  readonly isExploited?: boolean;
  readonly references?: readonly string[];
  readonly vector?: string;
}

/** What feeds say of each advisory; the last three digits name it in the table. */
const ADVISORIES: Readonly<Record<string, Told>> = {
  'CVE-2026-1001': { days: 200, epss: 0.5, isExploited: true },
  'CVE-2026-1002': { days: 5, epss: null, isExploited: true },
  'CVE-2026-1003': { days: 5, epss: 0.003 },
  'CVE-2026-1004': { days: 200, epss: 0.003 },
  'CVE-2026-1005': {
    days: 200,
    epss: 0.003,
    references: ['https://github.com/byhand/CVE-2026-1005-scanner'],
  },
  'CVE-2026-2001': { days: 200, epss: 0.05, isExploited: true },
  'CVE-2026-2002': { days: 200, epss: 0.05 },
  'CVE-2026-2003': { days: 200, epss: 0.05, isExploited: true },
  'CVE-2026-2004': { days: 200, epss: 0.05, isExploited: true },
  'CVE-2026-2005': { days: 200, epss: 0.05, isExploited: true },
  'CVE-2026-2006': { days: 200, epss: 0.05, isExploited: true },
  'CVE-2026-3001': { days: 200, epss: 0.05, vector: STOPS },
};

/** Which image each was found in. */
const IMAGES: Readonly<Record<string, readonly string[]>> = {
  shop: ['CVE-2026-1001', 'CVE-2026-1002', 'CVE-2026-1003', 'CVE-2026-1004', 'CVE-2026-1005'],
  admin: ['CVE-2026-1004'],
  orders: ['CVE-2026-1001'],
  reports: ['CVE-2026-1004'],
};

/** Which machine, by Inspector. */
const MACHINES: Readonly<Record<string, readonly [account: string, advisory: string]>> = {
  'i-edge': ['500000000002', 'CVE-2026-2001'],
  'i-denied': ['500000000002', 'CVE-2026-2002'],
  'i-builder': ['500000000003', 'CVE-2026-2003'],
  'i-packer': ['500000000003', 'CVE-2026-2004'],
  'i-catalog': ['500000000004', 'CVE-2026-2005'],
  'i-wide': ['500000000002', 'CVE-2026-2006'],
};

const TAGS: Readonly<Record<string, string>> = { shop: '7', admin: '2', orders: '3', reports: '1' };
const DAY = 86_400_000;

/** Feeds, and what scanners found in the images and on the machines of the estate. */
export async function importScans(inbox: TestInbox): Promise<void> {
  await tellFeeds(
    inbox,
    Object.keys(ADVISORIES).filter((id) => ADVISORIES[id]?.isExploited === true),
  );
  const at = inbox.clock.now();
  for (const [name, ids] of Object.entries(IMAGES)) {
    const image = `registry.example.net/${name}:${TAGS[name]}`;
    const lodash: readonly Vulnerability[] =
      name === 'shop' ? [{ ...found('CVE-2026-3001', 'lodash'), purlType: 'npm' }] : [];
    const vulnerabilities = [...ids.map((id) => found(id, `lib${id.slice(-4)}`)), ...lodash];
    await inbox.importReport(
      imageReport({ image, digest: name, at, vulnerabilities }),
      {},
      `trivy-${name}.json`,
    );
  }
  await inbox.importReport(
    grypeReport({
      image: 'registry.example.net/shop:7',
      digest: 'shop',
      at,
      matches: [{ id: 'GHSA-3333-4444-5555', related: ['CVE-2026-3001'] }],
    }),
    {},
    'grype-shop.json',
  );
  for (const [machine, [account, advisory]] of Object.entries(MACHINES))
    await inbox.importReport(inspected(at, machine, account, advisory), {}, `inspector-${machine}.json`);
}

/** What the feeds say; `exploited` are those that CISA lists. */
export async function tellFeeds(inbox: TestInbox, exploited: readonly string[]): Promise<void> {
  const update = (feed: IntelligenceFeed, text: string) => {
    async function* open() {
      yield Buffer.from(text);
    }
    return updateFeed(inbox.ctx, { feed, files: [{ name: 'file', open }], origin: 'test' });
  };
  const now = inbox.clock.now();
  const vulnerabilities = Object.entries(ADVISORIES).map(([id, { days, references = [] }]) => ({
    cve: {
      id,
      published: instantText(now - days * DAY).replace('Z', ''),
      references: references.map((url) => ({ url, tags: ['Exploit'] })),
    },
  }));
  await update(
    nvd,
    JSON.stringify({
      format: 'NVD_CVE',
      version: '2.0',
      totalResults: vulnerabilities.length,
      vulnerabilities,
    }),
  );
  const scores = Object.entries(ADVISORIES).flatMap(([id, told]) =>
    told.epss === null ? [] : [`${id},${told.epss},0.5`],
  );
  await update(
    epss,
    `#model_version:v2025.03.14,score_date:${instantText(now)}\ncve,epss,percentile\n${scores.join('\n')}\n`,
  );
  await update(exploitdb, 'id,cve,date_added,platform,type\n1,CVE-2026-0001,2026-11-28,linux,remote\n');
  await update(kev, JSON.stringify(kevCatalogue(exploited)));
}

function found(id: string, pkg: string): Vulnerability {
  return { id, pkg, severity: 'CRITICAL', vector: ADVISORIES[id]?.vector ?? ANYBODY };
}

function inspected(at: number, machine: string, account: string, advisory: string): object {
  const told = instantText(at);
  return {
    findings: [
      {
        findingArn: `arn:aws:inspector2:eu-west-1:${account}:finding/${machine}`,
        awsAccountId: account,
        type: 'PACKAGE_VULNERABILITY',
        severity: 'CRITICAL',
        status: 'ACTIVE',
        title: `${advisory} - openssl`,
        description: 'A flaw.',
        firstObservedAt: told,
        lastObservedAt: told,
        updatedAt: told,
        remediation: { recommendation: { text: 'None Provided' } },
        resources: [{ id: machine, type: 'AWS_EC2_INSTANCE', region: 'eu-west-1' }],
        packageVulnerabilityDetails: {
          vulnerabilityId: advisory,
          source: 'NVD',
          cvss: [{ baseScore: 9.8, scoringVector: ANYBODY, source: 'NVD', version: '3.1' }],
          vulnerablePackages: [{ name: 'openssl', version: '3.0.1', packageManager: 'OS', arch: 'X86_64' }],
        },
      },
    ],
  };
}
