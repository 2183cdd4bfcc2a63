import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseScoring } from '../src/app/choose-scoring.ts';
import { explainIssue } from '../src/app/explain-issue.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { updateFeed } from '../src/app/update-feed.ts';
import { DAY_MS, instantText } from '../src/base/instant.ts';
import type { IntelligenceFeed } from '../src/domain/ports/intelligence-feed.ts';
import { epss } from '../src/feeds/epss/epss.ts';
import { exploitdb } from '../src/feeds/exploitdb/exploitdb.ts';
import { kev } from '../src/feeds/kev/kev.ts';
import { nvd } from '../src/feeds/nvd/nvd.ts';
import { kevCatalogue } from './support/other-reports.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { imageReport } from './support/trivy-report.ts';

interface Recorded {
  readonly base_vector: string;
  readonly base_score: number;
  readonly adjusted_vector: string;
  readonly adjusted_score: number;
  readonly severity: string;
  readonly risk: Readonly<Record<string, boolean | undefined>>;
  readonly risk_details: {
    readonly has_exploit_available: { readonly evidence: { readonly type: string } };
    readonly has_high_exploitability_chance: { readonly evidence: { readonly epss_score: number } };
  };
}

const FILE = new URL('../src/domain/severity/samples/severity-adjustments.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(FILE, 'utf8')) as { cases: readonly Recorded[] };
const FRESH = 'CVE-2026-5000';
const VECTOR = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';
const nameOf = (index: number) => `CVE-2026-${1000 + index}`;

let inbox: TestInbox;

const fed = (feed: IntelligenceFeed, text: string) => {
  async function* open() {
    yield Buffer.from(text);
  }
  return updateFeed(inbox.ctx, { feed, files: [{ name: feed.id, open }], origin: 'test' });
};

/** Each recorded case is a CVE of a library in one of two images: one that nobody reaches, one of which nobody tells. */
beforeAll(async () => {
  inbox = await openTestInbox();
  const known = cases.map((recorded, index) => ({ id: nameOf(index), recorded }));
  const found = (isClosed: boolean) =>
    known
      .filter(({ recorded }) => (recorded.risk['is_publicly_accessible'] === false) === isClosed)
      .map(({ id }) => ({ id, purlType: 'npm' as const }));
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'closed', namespace: 'test' },
    spec: {
      template: {
        metadata: { labels: { app: 'closed' } },
        spec: { containers: [{ name: 'closed', image: 'registry.example.com/closed:1' }] },
      },
    },
  };
  const list = (kind: string, items: readonly object[]) => ({
    apiVersion: 'v1',
    kind,
    metadata: { resourceVersion: '1' },
    items,
  });
  for (const each of [list('DeploymentList', [deployment]), list('ServiceList', []), list('IngressList', [])])
    await inbox.importReport(
      each,
      { scope: { cluster: 'one' }, complete: true, environment: 'staging' },
      'cluster.json',
    );
  const options = { environment: 'staging' };
  await inbox.importReport(
    imageReport({ image: 'registry.example.com/closed:1', vulnerabilities: found(true) }),
    options,
    'closed.json',
  );
  await inbox.importReport(
    imageReport({ image: 'registry.example.com/other:1', vulnerabilities: found(false) }),
    options,
    'other.json',
  );
  await inbox.importReport(
    imageReport({ image: 'registry.example.com/fresh:1', vulnerabilities: [{ id: FRESH, purlType: 'npm' }] }),
    { environment: 'production' },
    'fresh.json',
  );
  const record = (id: string, vector: string, published: number) => {
    const version = vector.slice('CVSS:'.length, 'CVSS:'.length + 3);
    const list = { '3.0': 'cvssMetricV30', '3.1': 'cvssMetricV31', '4.0': 'cvssMetricV40' }[version] ?? '';
    const metric = { source: 'nvd@nist.gov', type: 'Primary', cvssData: { version, vectorString: vector } };
    return { cve: { id, published: instantText(published), metrics: { [list]: [metric] }, references: [] } };
  };
  await fed(
    nvd,
    JSON.stringify({
      format: 'NVD_CVE',
      version: '2.0',
      vulnerabilities: [
        ...known.map(({ id, recorded }) => record(id, recorded.base_vector, START - 400 * DAY_MS)),
        record(FRESH, VECTOR, START - 2 * DAY_MS),
      ],
    }),
  );
  await fed(exploitdb, 'id,cve,date_added,platform,type\n2,CVE-2003-0109,,windows,remote\n');
  const ready = known.filter(
    ({ recorded }) => recorded.risk_details.has_exploit_available.evidence.type === 'production_ready',
  );
  await fed(kev, JSON.stringify(kevCatalogue(ready.map(({ id }) => id))));
  await scored(
    known.map(({ id, recorded }) => [
      id,
      recorded.risk_details.has_high_exploitability_chance.evidence.epss_score,
    ]),
  );
});
afterAll(() => inbox.close());

const scored = (rows: readonly (readonly [string, number])[]) =>
  fed(
    epss,
    `#model_version:v2026.03.01,score_date:${instantText(inbox.clock.now())}\ncve,epss,percentile\n${rows.map(([id, score]) => `${id},${score},0.5\n`).join('')}`,
  );

async function told(id: string) {
  const row = (await inbox.list({ all: true })).find(({ title }) => title.includes(id));
  const { why } = await explainIssue(inbox.ctx, { id: row?.id ?? '' });
  return { row, why };
}

test.each(cases.map((recorded, index) => [nameOf(index), recorded] as const))(
  'the recorded adjustment of %s is what the inbox stores',
  async (id, recorded) => {
    const { row, why } = await told(id);
    expect(row?.score).toBeCloseTo(recorded.adjusted_score, 5);
    expect([row?.severity, why?.score.base, why?.score.adjusted]).toEqual([
      recorded.severity,
      { vector: recorded.base_vector, score: recorded.base_score, provenance: 'NVD' },
      { vector: recorded.adjusted_vector, score: recorded.adjusted_score },
    ]);
  },
);

test('a fresh flaw is not lowered for want of an EPSS score, nor by a low one, in its first 90 days', async () => {
  const at = async () => (({ row }) => [row?.severity, Number(row?.score.toFixed(1))])(await told(FRESH));
  const known = cases.map(
    ({ risk_details }, index) =>
      [nameOf(index), risk_details.has_high_exploitability_chance.evidence.epss_score] as const,
  );
  // No exploit is known to feeds that were read: 7.5 goes to 6.9 by that alone.
  expect(await at()).toEqual(['medium', 6.9]);
  await scored([...known, [FRESH, 0.0001]]);
  expect(await at()).toEqual(['medium', 6.9]);
  await chooseScoring(inbox.ctx, { epssRule: 'reference' });
  expect(await at()).toEqual(['medium', 5.4]);
  await chooseScoring(inbox.ctx, { epssRule: 'ours', severityBasis: 'base' });
  expect(await at()).toEqual(['high', 7.5]);
  await chooseScoring(inbox.ctx, { severityBasis: 'adjusted' });
  expect(await at()).toEqual(['medium', 6.9]);
  const later = async (now: number) => {
    inbox.clock.set(now);
    await sweepIssues(inbox.ctx);
    return at();
  };
  // What Exploit-DB and NVD did not have is unknown 30 days later, and a severity goes on with what was last known.
  const old = await later(START + 89 * DAY_MS);
  await scored([...known, [FRESH, 0.0001]]);
  expect([old, await at()]).toEqual([
    ['medium', 6.9],
    ['medium', 5.4],
  ]);
});
