import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainIssue } from '../../src/app/explain-issue.ts';
import { exportInbox } from '../../src/app/export-inbox.ts';
import { listPaths } from '../../src/app/list-paths.ts';
import { mapPath } from '../../src/app/map-path.ts';
import { showResources } from '../../src/app/show-resources.ts';
import { UNNARROWED } from '../../src/app/unnarrowed.ts';
import { writeExport } from '../../src/contract/from-domain/export/write-export.ts';
import { presentPathList, presentPathMap } from '../../src/contract/from-domain/present-attack-path.ts';
import { presentIssue } from '../../src/contract/from-domain/present-issue.ts';
import { presentIssueDetail } from '../../src/contract/from-domain/present-issue-detail.ts';
import { inboxPageSchema } from '../../src/contract/inbox-page.ts';
import type { IssueRow } from '../../src/contract/issue.ts';
import { DETECTED_RISKS } from '../../src/domain/risk/detected-risk.ts';
import { severityRank } from '../../src/domain/severity/severity.ts';
import { openTestServer, type TestServer } from '../../src/http/server.test-suite.ts';
import { layOut, tableRows } from '../support/by-hand-world.ts';
import type { TestInbox } from '../support/test-inbox.ts';
import { importScans, tellFeeds } from './by-hand/scans.ts';

const WORLD = join(import.meta.dirname, 'by-hand');
const ACCOUNTS = [
  'network',
  'functions',
  'buckets',
  'secrets',
  'organisation',
  'guarded',
  'builders',
  'trusts',
  'sandbox',
];
const CLUSTER = 'arn:aws:eks:eu-west-1:500000000002:cluster/shop';
/** Since November 2026 AWS asks for two grants of every function's URL. */
const NOW = Date.UTC(2026, 11, 1);

let server: TestServer;
let inbox: TestInbox;
let issues: readonly IssueRow[];

beforeAll(async () => {
  server = await openTestServer();
  inbox = server.inbox;
  inbox.clock.set(NOW);
  const accounts = await layOut(WORLD, ACCOUNTS);
  await inbox.importFiles(accounts.files);
  await accounts.remove();
  const cluster = await layOut(WORLD, ['cluster']);
  await inbox.importFiles(cluster.files, { scope: { cluster: CLUSTER } });
  await cluster.remove();
  await importScans(inbox);
  issues = (await inbox.list()).map(presentIssue);
});

afterAll(() => server.close());

describe('an estate of six accounts and a cluster, judged by hand', () => {
  it('is judged the same, each row for its reason', async () => {
    const rows = await tableRows(join(WORLD, 'resources.md'));
    expect(rows.length).toBeGreaterThan(100);
    const views = await showResources(inbox.ctx, { ids: rows.map(([arn]) => `aws:arn:aws:${arn}`) });
    const judged = views.map((view, index) => {
      const [arn] = rows[index] as readonly string[];
      const ways = (view?.exposure ?? [])
        .filter(({ verdict, audience }) => verdict === 'yes' && audience !== 'corp')
        .map(({ surface, audience, auth }) => `${surface} ${audience} ${auth}`)
        .sort();
      return [arn, view?.publiclyAccessible.state, ways.join('; ') || '-', view?.privilege.level];
    });
    expect(judged).toEqual(rows.map(([arn, open, ways, level]) => [arn, open, ways, level]));
  });

  it('has these issues in this order, and each is in or out for its reason', async () => {
    const rows = await tableRows(join(WORLD, 'issues.md'));
    const told = issues.map((issue) => {
      const name = rows
        .map(([first = '']) => first)
        .find((each) => `${issue.key} ${issue.title}`.includes(each));
      return [
        name ?? issue.key,
        issue.severity,
        String(issue.score),
        issue.risks.join(', '),
        String(issue.resources),
        String(issue.services),
        [...issue.admittedBy].sort().join(', ') || '-',
      ];
    });
    const byName = (a: readonly string[], b: readonly string[]) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1);
    expect([...told].sort(byName)).toEqual(rows.map((row) => row.slice(0, 7)).sort(byName));
    const places = issues.map(({ severity, riskCount, impact }) => [
      severityRank(severity),
      riskCount,
      impact,
    ]);
    const keysOf = (row: readonly string[]) => [
      severityRank(row[1] as IssueRow['severity']),
      row[3]?.split(', ').length,
      Number(row[4]) + Number(row[5]),
    ];
    expect(places).toEqual(rows.map(keysOf));
  });
});

describe('the numbers of an issue', () => {
  type Numbers = Pick<
    IssueRow,
    'severity' | 'score' | 'risks' | 'riskCount' | 'resources' | 'services' | 'impact' | 'admittedBy'
  >;
  const numbersOf = ({
    severity,
    score,
    risks,
    riskCount,
    resources,
    services,
    impact,
    admittedBy,
  }: Numbers): Numbers => ({
    severity,
    score,
    risks,
    riskCount,
    resources,
    services,
    impact,
    admittedBy,
  });
  const expected = () => new Map(issues.map((issue) => [issue.id, numbersOf(issue)]));
  const EVERYTHING = { ...UNNARROWED, all: true, query: null, findings: 'none' } as const;
  const exported = async (format: 'csv' | 'json') => {
    const moment = { now: NOW, version: '1' };
    let text = '';
    for await (const piece of writeExport(format, exportInbox(inbox.ctx, EVERYTHING), moment)) text += piece;
    return text;
  };

  it('add up', () => {
    for (const { riskCount, risks, riskStates, impact, resources, services, title } of issues)
      expect([title, riskCount, risks, impact]).toEqual([
        title,
        risks.length,
        DETECTED_RISKS.filter((risk) => riskStates[risk] === 'yes'),
        resources + services,
      ]);
  });

  it('are the same in why, with as many resources and services named', async () => {
    for (const { id, riskStates, title } of issues) {
      const told = presentIssueDetail(await explainIssue(inbox.ctx, { id }));
      const { resources, services, why, ...rest } = told;
      expect(numbersOf({ ...rest, services, resources: resources.length }), title).toEqual(
        expected().get(id),
      );
      expect(new Set(resources.flatMap((each) => each.services)).size, title).toBe(services);
      expect(Object.fromEntries((why?.risks ?? []).map(({ risk, state }) => [risk, state])), title).toEqual(
        riskStates,
      );
      expect(why?.score, title).toMatchObject({ severity: rest.severity });
      expect(why?.admission.admitted, title).toBe(rest.admittedBy.length > 0);
    }
  });

  it('are the same over HTTP, and in both exports', async () => {
    const headers = await server.tokenOf('reader', 'read');
    const answer = await server.ask({ url: '/api/v1/issues?all=true&limit=200', headers });
    const page = inboxPageSchema.parse(answer.json());
    expect(new Map(page.items.map((issue) => [issue.id, numbersOf(issue)]))).toEqual(expected());
    const list = JSON.parse(await exported('json')) as readonly IssueRow[];
    expect(new Map(list.map((issue) => [issue.id, numbersOf(issue)]))).toEqual(expected());
    const [head = '', ...lines] = (await exported('csv')).trimEnd().split('\r\n');
    const columns = head.split(',');
    const cells = lines.map((line) => line.match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g) ?? []);
    const column = (name: string) => cells.map((line) => line[columns.indexOf(name)]?.replace(/,$/, ''));
    expect(column('id')).toEqual(issues.map(({ id }) => id));
    for (const [name, value] of [
      ['severity', ({ severity }: IssueRow) => severity],
      ['score', ({ score }: IssueRow) => String(score)],
      ['risks', ({ risks }: IssueRow) => risks.join(' ')],
      ['risk_count', ({ riskCount }: IssueRow) => String(riskCount)],
      ['resources', ({ resources }: IssueRow) => String(resources)],
      ['services', ({ services }: IssueRow) => String(services)],
      ['impact', ({ impact }: IssueRow) => String(impact)],
      ['admitted_by', ({ admittedBy }: IssueRow) => admittedBy.join(' ')],
    ] as const)
      expect([name, column(name)]).toEqual([name, issues.map(value)]);
  });

  it('are the same in the list of attack paths, and the map of each shows every risk that counts', async () => {
    const { items } = presentPathList(await listPaths(inbox.ctx, { lens: 'outside' }));
    const paths = issues.filter(({ type }) => type === 'attack_path');
    expect(
      items.map(({ id, severity, risks, resources, services }) => ({
        id,
        severity,
        risks,
        resources,
        services,
      })),
    ).toEqual(
      paths.map(({ id, severity, risks, resources, services }) => ({
        id,
        severity,
        risks,
        resources,
        services,
      })),
    );
    expect(paths.length).toBeGreaterThan(2);
    for (const { id, risks, title } of paths) {
      const { nodes } = presentPathMap(await mapPath(inbox.ctx, { issue: id }));
      const shown = new Set(nodes.flatMap(({ badges }) => badges));
      expect(
        DETECTED_RISKS.filter((risk) => shown.has(risk)),
        title,
      ).toEqual(risks);
      for (const issue of nodes.flatMap((node) => node.issues))
        expect(expected().has(issue), title).toBe(true);
    }
  });

  it('are told at the resource that they are about, and count in the overview', async () => {
    const machine = 'aws:arn:aws:ec2:eu-west-1:500000000002:instance/i-edge';
    const [view] = await showResources(inbox.ctx, { ids: [machine] });
    expect(view?.issues).toEqual(
      issues.filter(({ key }) => key.includes('CVE-2026-2001')).map(({ id }) => id),
    );
    const { weeks } = await inbox.ctx.overview.overview(1);
    const open = Object.fromEntries(
      Object.entries(weeks.at(-1)?.open ?? {}).filter(([, count]) => count > 0),
    );
    const counted = Map.groupBy(issues, ({ severity }) => severity);
    expect(open).toEqual(
      Object.fromEntries([...counted].map(([severity, those]) => [severity, those.length])),
    );
  });
});

/** Behind all others: it leaves another estate. */
describe('what CISA lists later, and no longer', () => {
  it('moves by the tables, in and out, without a scan', async () => {
    const told = async (id: string) => {
      const row = (await inbox.list()).map(presentIssue).find(({ key }) => key.endsWith(id));
      return [row?.severity, row?.score, row?.riskStates.exploit_available, row?.admittedBy.join()];
    };
    expect(await told('1004')).toEqual(['high', 7.4, 'no', '']);
    inbox.clock.set(NOW + 1_000);
    await tellFeeds(inbox, ['CVE-2026-1004']);
    // 8.1: in production and public, an exploit of the tier weaponised, EPSS below 1 % of an old flaw.
    expect(await told('1004')).toEqual(['high', 8.1, 'yes', 'default.known-exploited']);
    expect((await inbox.list()).findIndex(({ key }) => key.endsWith('1004'))).toBe(
      (await inbox.list()).findIndex(({ severity }) => severity === 'high'),
    );
    // 9.0: without an exploit; EPSS of a half keeps it from falling further.
    expect(await told('1001')).toEqual(['critical', 9, 'no', '']);
    expect(await told('1002')).toEqual(['critical', 9, 'no', '']);
  });
});
