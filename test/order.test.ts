import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UNNARROWED } from '../src/app/unnarrowed.ts';
import { updateFeed } from '../src/app/update-feed.ts';
import { HOUR_MS } from '../src/base/instant.ts';
import { FINDING_TYPES, type FindingType } from '../src/domain/finding/finding-type.ts';
import { sampleMember, sampleSettings } from '../src/domain/inbox/assess-issue.test-sample.ts';
import { assessIssue } from '../src/domain/inbox/assess-issue.ts';
import type { IssueRow } from '../src/domain/ports/inbox-store.ts';
import { packRank } from '../src/domain/ranking/packed-rank.ts';
import type { ResourceContext } from '../src/domain/risk/deployment.ts';
import type { RiskState, RiskVerdict } from '../src/domain/risk/detected-risk.ts';
import { SEVERITIES, type Severity, severityRank } from '../src/domain/severity/severity.ts';
import { kev } from '../src/feeds/kev/kev.ts';
import { falcoReport, kevCatalogue, podsReport, sarifReport } from './support/other-reports.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { imageReport } from './support/trivy-report.ts';

const CVES = ['CVE-2026-1001', 'CVE-2026-1002', 'CVE-2026-1003'] as const;
const WORDS = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW'] as const;
const LEVELS = { error: 'high', warning: 'medium', note: 'low' } as const;
const NAMES = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta'];

const environment = fc.constantFrom(null, 'production', 'staging');
const services = fc.subarray(['bank', 'shop']);
const scan = fc.record({ environment, services });
const workload = fc.record({
  environment,
  service: fc.constantFrom(null, 'cart', 'shop'),
  isAttacked: fc.boolean(),
});
const packageFlaw = fc.record({
  id: fc.constantFrom(...CVES),
  kind: fc.constantFrom('deb', 'npm'),
  word: fc.constantFrom(...WORDS),
});

/** A small estate as it is, before any report tells of it. */
const estates = fc.record({
  images: fc.array(
    fc.record({
      workloads: fc.array(workload, { maxLength: 2 }),
      scans: fc.array(scan, { minLength: 1, maxLength: 2 }),
      flaws: fc.uniqueArray(packageFlaw, { maxLength: 4, selector: ({ id, kind }) => `${id} ${kind}` }),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  repositories: fc.array(
    fc.record({
      scan,
      results: fc.uniqueArray(
        fc.record({
          rule: fc.constantFrom('B1', 'B2'),
          path: fc.constantFrom('a.py', 'b.py'),
          level: fc.constantFrom('error', 'warning', 'note'),
        }),
        { maxLength: 3, selector: ({ rule, path }) => `${rule} ${path}` },
      ),
    }),
    { maxLength: 2 },
  ),
  exploited: fc.subarray([...CVES]),
});
type Estate = typeof estates extends fc.Arbitrary<infer T> ? T : never;

interface NaiveDeployment {
  readonly name: string;
  readonly resource: string;
  readonly services: readonly string[];
  readonly production: RiskState;
  readonly isAttacked: boolean;
}

interface NaiveMember {
  readonly severity: Severity;
  readonly risks: number;
  readonly isAdmitted: boolean;
  readonly deployments: readonly NaiveDeployment[];
}

const imageName = (index: number) => `registry.example.com/svc${index}`;
const podName = (image: number, index: number) => NAMES[image * 2 + index] as string;
const production = (word: string | null): RiskState =>
  word === null ? 'unknown' : word === 'production' ? 'yes' : 'no';

/** Reports the estate: scans of every image and repository, the pods, the attacks, the exploited advisories. */
async function reportEstate(inbox: TestInbox, { images, repositories, exploited }: Estate): Promise<void> {
  for (const [index, { scans, flaws }] of images.entries()) {
    const report = imageReport({
      image: `${imageName(index)}:1`,
      digest: `d${index}`,
      vulnerabilities: flaws.map(({ id, kind, word }) => ({
        id,
        purlType: kind,
        severity: word,
        pkg: 'lib',
      })),
    });
    for (const [number, each] of scans.entries())
      imported(
        await inbox.importReport(report, {
          source: `scanner ${number}`,
          environment: each.environment,
          services: each.services,
        }),
      );
  }
  for (const [index, { scan, results }] of repositories.entries()) {
    imported(
      await inbox.importReport(
        sarifReport({ repository: `https://git.example.com/acme/repo${index}`, results }),
        { environment: scan.environment, services: scan.services },
      ),
    );
  }
  const pods = images.flatMap(({ workloads }, image) =>
    workloads.map((each, index) => ({
      ...each,
      name: podName(image, index),
      image: `${imageName(image)}:1`,
      digest: `d${image}`,
    })),
  );
  imported(
    await inbox.importReport(
      podsReport(
        pods.map((pod) => ({
          ...pod,
          labels: {
            ...(pod.environment !== null && { env: pod.environment }),
            ...(pod.service !== null && { app: pod.service }),
          },
        })),
      ),
    ),
  );
  const attacked = pods
    .filter((pod) => pod.isAttacked)
    .map((pod) => ({ namespace: 'shop', pod: pod.name, at: START - HOUR_MS }));
  if (attacked.length > 0)
    imported(await inbox.importReport(falcoReport(attacked), { scope: { cluster: CLUSTER } }));
  if (exploited.length > 0) await readKev(inbox, exploited);
}

const CLUSTER = '0b6b2a5e-0000-4000-8000-000000000001';

async function readKev(inbox: TestInbox, cves: readonly string[]): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(kevCatalogue(cves)));
  await updateFeed(inbox.ctx, {
    feed: kev,
    files: [
      {
        name: 'kev.json',
        async *open() {
          yield bytes;
        },
      },
    ],
    origin: 'test',
  });
}

/** Reads the estate as a person would with pencil and paper: the members of every issue, by key. */
function readNaively({
  images,
  repositories,
  exploited,
}: Estate): ReadonlyMap<string, readonly NaiveMember[]> {
  const issues = new Map<string, NaiveMember[]>();
  const put = (key: string, member: NaiveMember) => issues.set(key, [...(issues.get(key) ?? []), member]);
  for (const [index, { workloads, scans, flaws }] of images.entries()) {
    const running = workloads.map(
      (each, number): NaiveDeployment => ({
        name: `Pod shop/${podName(index, number)}`,
        resource: podName(index, number),
        services: each.service === null ? [] : [each.service],
        production: production(each.environment),
        isAttacked: each.isAttacked,
      }),
    );
    const deployments = running.length > 0 ? running : scannedAt(imageName(index), scans);
    for (const { id, kind, word } of flaws) {
      const isExploited = exploited.includes(id);
      const worst = worstOf(deployments);
      const severity = word.toLowerCase() as Severity;
      const isHigh = severityRank(severity) >= severityRank('high');
      const isUnderFire = kind === 'npm' && isHigh && worst.production === 'yes' && worst.isAttacked;
      const isKnown = isExploited && isHigh && worst.production !== 'no';
      put(`${kind === 'npm' ? 'library' : 'infrastructure'}_vulnerability|${id}`, {
        severity,
        risks: risksOf(worst) + (isExploited ? 1 : 0),
        isAdmitted: isUnderFire || isKnown,
        deployments,
      });
    }
  }
  for (const [index, { scan, results }] of repositories.entries()) {
    const deployments = codeDeployments(`git.example.com/acme/repo${index}`, scan, images);
    for (const { rule, level } of results) {
      const severity = LEVELS[level];
      put(`code_vulnerability|repo:git.example.com/acme/repo${index}|bandit:${rule}`, {
        severity,
        risks: risksOf(worstOf(deployments)),
        isAdmitted: severity === 'high',
        deployments,
      });
    }
  }
  return issues;
}

function scannedAt(
  resource: string,
  scans: readonly { readonly environment: string | null; readonly services: readonly string[] }[],
): readonly NaiveDeployment[] {
  const told = scans.filter((each) => each.environment !== null || each.services.length > 0);
  if (told.length === 0)
    return [{ name: resource, resource, services: [], production: 'unknown', isAttacked: false }];
  return told.map((each) => ({
    name: [resource, each.environment, ...each.services].filter((part) => part !== null).join(', '),
    resource,
    services: each.services,
    production: production(each.environment),
    isAttacked: false,
  }));
}

/** Code is where its service runs; its repository is what counts as impacted. */
function codeDeployments(
  repository: string,
  scan: Estate['repositories'][number]['scan'],
  images: Estate['images'],
): readonly NaiveDeployment[] {
  const running = images
    .flatMap(({ workloads }) => workloads)
    .filter(({ service }) => service !== null && scan.services.includes(service))
    .filter(({ environment }) => scan.environment === null || scan.environment === environment)
    .map((each) => ({
      name: 'Pod',
      resource: repository,
      services: scan.services,
      production: production(each.environment),
      isAttacked: each.isAttacked,
    }));
  return running.length > 0 ? running : scannedAt(repository, [scan]);
}

const risksOf = (each: NaiveDeployment) => Number(each.production === 'yes') + Number(each.isAttacked);
const worstOf = (deployments: readonly NaiveDeployment[]) =>
  deployments.toSorted((a, b) => risksOf(b) - risksOf(a) || (a.name < b.name ? -1 : 1))[0] as NaiveDeployment;

/** What the inbox should say of an issue: by its lead, and the impact of the members that count. */
function rowOf(members: readonly NaiveMember[]) {
  const admitted = members.filter((member) => member.isAdmitted);
  const pool = admitted.length > 0 ? admitted : members;
  const [lead] = pool.toSorted(
    (a, b) => severityRank(b.severity) - severityRank(a.severity) || b.risks - a.risks,
  );
  const deployments = pool.flatMap((member) => member.deployments);
  const impact =
    new Set(deployments.map((each) => each.resource)).size +
    new Set(deployments.flatMap((each) => each.services)).size;
  return {
    severity: (lead as NaiveMember).severity,
    riskCount: (lead as NaiveMember).risks,
    impact,
    isAdmitted: admitted.length > 0,
  };
}

interface Keys {
  readonly severity: Severity;
  readonly riskCount: number;
  readonly impact: number;
  readonly id: string;
}

/** The order of the inbox, written once more: three keys, then the id by bytes, all descending. */
function naiveOrder(a: Keys, b: Keys): number {
  if (a.severity !== b.severity) return SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity);
  if (a.riskCount !== b.riskCount) return b.riskCount - a.riskCount;
  if (a.impact !== b.impact) return b.impact - a.impact;
  return Buffer.compare(Buffer.from(b.id), Buffer.from(a.id));
}

/** The list as a person pages through it. */
async function listByPages(inbox: TestInbox, limit: number, all: boolean): Promise<readonly IssueRow[]> {
  const rows: IssueRow[] = [];
  for (;;) {
    const last = rows.at(-1);
    const page = await inbox.ctx.inbox.list({
      all,
      ...UNNARROWED,
      condition: null,
      after: last === undefined ? null : { rank: last.rank, id: last.id },
      limit,
    });
    rows.push(...page);
    if (page.length < limit) return rows;
  }
}

test('an estate that was reported is listed as pencil and paper order it', { timeout: 180_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(estates, fc.integer({ min: 1, max: 5 }), async (estate, limit) => {
      const inbox = await openTestInbox();
      try {
        await reportEstate(inbox, estate);
        const listed = await listByPages(inbox, limit, true);
        const idOf = new Map(listed.map((row) => [row.key, row.id]));
        const expected = [...readNaively(estate)]
          .map(([key, members]) => ({ key, id: idOf.get(key) ?? `${key} is missing`, ...rowOf(members) }))
          .sort(naiveOrder);
        expect(
          listed.map(({ key, id, severity, riskCount, impact, isAdmitted }) => ({
            key,
            id,
            severity,
            riskCount,
            impact,
            isAdmitted,
          })),
        ).toEqual(expected);
        expect(listed.map((row) => row.rank)).toEqual(expected.map(packRank));
        const admitted = await listByPages(inbox, limit, false);
        expect(admitted.map((row) => row.key)).toEqual(
          expected.filter((row) => row.isAdmitted).map((row) => row.key),
        );
      } finally {
        await inbox.close();
      }
    }),
    { numRuns: 8 },
  );
});

describe('stored issues', () => {
  let inbox: TestInbox;
  beforeAll(async () => {
    inbox = await openTestInbox();
  });
  afterAll(async () => {
    await inbox.database.pool.query('delete from issue');
    await inbox.close();
  });

  const stored = fc.record({
    id: fc.string({ unit: fc.constantFrom(...'0129abuvAZ_-é😀\uffee'), minLength: 1, maxLength: 4 }),
    type: fc.constantFrom(...FINDING_TYPES),
    severity: fc.constantFrom(...SEVERITIES),
    riskCount: fc.integer({ min: 0, max: 5 }),
    impact: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(1_000, 2 ** 31 - 1)),
    isAdmitted: fc.boolean(),
  });
  const issues = fc.uniqueArray(stored, { maxLength: 25, selector: (each) => each.id });

  async function store(each: typeof stored extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
    await inbox.database.pool.query(
      `insert into issue (shard, id, key, type, title, severity, score, risks_yes, risks_unknown, risk_count, resources, services, impact, rank, is_admitted, admitted_by, held_back_by, is_muted, status, open_findings, first_seen)
       values (1024, $1, $1, $2, '', $3, 0, 0, 0, $4, $5, 0, $5, $6, $7, '{}', '{}', false, 'open', 1, now())`,
      [
        each.id,
        each.type,
        severityRank(each.severity),
        each.riskCount,
        each.impact,
        packRank(each),
        each.isAdmitted,
      ],
    );
  }

  test('are listed in order, page by page, whatever their numbers, ids and types', async () => {
    await fc.assert(
      fc.asyncProperty(issues, fc.integer({ min: 1, max: 7 }), async (drafts, limit) => {
        await inbox.database.pool.query('delete from issue');
        for (const draft of drafts) await store(draft);
        const expected = drafts.toSorted(naiveOrder);
        expect((await listByPages(inbox, limit, true)).map((row) => row.id)).toEqual(
          expected.map((each) => each.id),
        );
        expect((await listByPages(inbox, limit, false)).map((row) => row.id)).toEqual(
          expected.filter((each) => each.isAdmitted).map((each) => each.id),
        );
      }),
      { numRuns: 30 },
    );
  });
});

describe('types never matter', () => {
  const RISKS = ['publiclyAccessible', 'privilegedAccess', 'underAttack', 'production'] as const;
  const KINDS = [
    'image',
    'repository',
    'artifact',
    'cloud',
    'account',
    'kubernetes',
    'cluster',
    'host',
    'endpoint',
  ];
  const state = fc.constantFrom<RiskState>('yes', 'yes', 'yes', 'no', 'unknown');
  const member = fc.record({
    fingerprint: fc.uuid(),
    severity: fc.option(fc.constantFrom(...SEVERITIES)),
    states: fc.tuple(state, state, state, state),
    resource: fc.constantFrom('r1', 'r2', 'r3'),
    services,
  });
  const admitsAll = { id: 'all', title: '', sentence: '', types: FINDING_TYPES, when: [] };

  const verdict = (is: RiskState): RiskVerdict => ({ state: is, evidence: [], missing: [] });

  /** The members with their types, kinds of risks and kinds of resources renamed. */
  function rankOf(
    members: readonly (typeof member extends fc.Arbitrary<infer T> ? T : never)[],
    type: FindingType,
    risks: readonly (typeof RISKS)[number][],
    kind: string,
  ): bigint {
    const named = members.map(({ fingerprint, severity, states, resource, services: names }) => {
      const context = Object.fromEntries(
        risks.map((risk, index) => [risk, verdict(states[index] as RiskState)]),
      ) as Pick<ResourceContext, (typeof RISKS)[number]>;
      return sampleMember({
        fingerprint,
        type,
        severity,
        resource: { key: resource, kind, services: names, ...context },
      });
    });
    const { rank, ...keys } = assessIssue(named, sampleSettings({ rules: [admitsAll] }));
    expect(rank).toBe(packRank(keys));
    return rank;
  }

  test('another type, other kinds of risks and resources: the same rank', () => {
    const type = fc.constantFrom(
      ...FINDING_TYPES.filter((each) => !each.endsWith('_vulnerability') || each === 'code_vulnerability'),
    );
    const risks = fc.shuffledSubarray([...RISKS], { minLength: RISKS.length });
    const kind = fc.constantFrom(...KINDS);
    const names = fc.record({ type, risks, kind });
    fc.assert(
      fc.property(fc.array(member, { minLength: 1, maxLength: 6 }), names, names, (members, a, b) => {
        expect(rankOf(members, a.type, a.risks, a.kind)).toBe(rankOf(members, b.type, b.risks, b.kind));
      }),
    );
  });
});
