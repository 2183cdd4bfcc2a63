import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainIssue } from '../../src/app/explain-issue.ts';
import { exportInbox } from '../../src/app/export-inbox.ts';
import { DAY_MS } from '../../src/base/instant.ts';
import { writeExport } from '../../src/contract/from-domain/export/write-export.ts';
import { presentIssue } from '../../src/contract/from-domain/present-issue.ts';
import { presentIssueDetail } from '../../src/contract/from-domain/present-issue-detail.ts';
import { inboxPageSchema } from '../../src/contract/inbox-page.ts';
import type { IssueRow } from '../../src/contract/issue.ts';
import { DETECTED_RISKS, type RiskState } from '../../src/domain/risk/detected-risk.ts';
import { severityRank } from '../../src/domain/severity/severity.ts';
import { openTestServer, type TestServer } from '../../src/http/server.test-suite.ts';
import { tableRows } from '../support/by-hand-world.ts';
import type { TestInbox } from '../support/test-inbox.ts';
import { DECISIONS, FEEDS, NOW, REPORTS, run } from './moments/scans.ts';

let server: TestServer;
let inbox: TestInbox;
let issues: readonly IssueRow[];
let expected: readonly (readonly string[])[];

beforeAll(async () => {
  server = await openTestServer();
  inbox = server.inbox;
  inbox.clock.set(NOW);
  await run(inbox, [...FEEDS, ...REPORTS, ...DECISIONS]);
  issues = (await inbox.list()).map(presentIssue);
  expected = await tableRows(join(import.meta.dirname, 'moments', 'issues.md'));
});

afterAll(() => server.close());

/** The name in the table of an issue. */
function nameOf({ key, title }: Pick<IssueRow, 'key' | 'title'>): string {
  const text = `${key} ${title}`;
  const names = expected.map(([name = '']) => name).toSorted((a, b) => b.length - a.length);
  return names.find((name) => name.split(' ').every((word) => text.includes(word))) ?? text;
}

const LETTER: Readonly<Record<RiskState, string>> = { yes: 'y', no: 'n', unknown: '?' };

/** What the table tells of an issue, but for what keeps it out. */
type Numbers = Pick<
  IssueRow,
  'key' | 'title' | 'severity' | 'score' | 'riskStates' | 'resources' | 'services' | 'admittedBy' | 'dueAt'
>;
const told = (issue: Numbers) =>
  [
    nameOf(issue),
    issue.severity,
    issue.score,
    DETECTED_RISKS.map((risk) => LETTER[issue.riskStates[risk]]).join(''),
    issue.resources,
    issue.services,
    issue.admittedBy.map((id) => id.replace('default.', '')).join(', ') || '-',
    issue.dueAt === null ? '-' : (Date.parse(issue.dueAt) - NOW) / DAY_MS,
  ].join(' | ');

describe('flaws, secrets and failed checks of one estate, judged by hand', () => {
  it('are rated, admitted and due as was worked out', () => {
    const rows = expected.map((row) => [...row.slice(0, 7), row[8]].join(' | '));
    expect(issues.map(told).sort()).toEqual(rows.sort());
  });

  it('stand in that order', () => {
    const keysOf = ([, severity, , states = '', resources, services]: readonly string[]) => [
      severityRank(severity as IssueRow['severity']),
      [...states].filter((state) => state === 'y').length,
      Number(resources) + Number(services),
    ];
    expect(
      issues.map(({ severity, riskCount, impact }) => [severityRank(severity), riskCount, impact]),
    ).toEqual(expected.map(keysOf));
  });

  it('are told the same by why, with the first condition of each rule that fails', async () => {
    const SHORT: Readonly<Record<string, string>> = {
      'default.emerging': 'E ',
      'default.known-exploited': 'K ',
      'default.library_vulnerability': 'L ',
    };
    const WORDS: Readonly<Record<string, string>> = {
      'day of publication': 'published',
      'known to be exploited': 'known_exploited',
      'control of the curated set': 'curated_control',
      'not known to be inactive': 'active_secret',
    };
    const kept: string[] = [];
    for (const issue of issues) {
      const { why, resources, services } = presentIssueDetail(
        await explainIssue(inbox.ctx, { id: issue.id }),
      );
      expect([resources.length, services, why?.score.severity]).toEqual([
        issue.resources,
        issue.services,
        issue.severity,
      ]);
      expect(why?.risks.map(({ state }) => LETTER[state]).join('')).toBe(told(issue).split(' | ')[3]);
      expect(why?.admission.admitted).toBe(issue.admittedBy.length > 0);
      const rules = (why?.admission.rules ?? []).map(({ id, sentence }) => {
        const [, isUnknown, words = ''] = /(Nobody can tell|Fails at): ([^;,.]*)/.exec(sentence) ?? [];
        const word = WORDS[words] ?? words.replaceAll(' ', '_');
        return `${SHORT[id] ?? ''}${isUnknown === 'Nobody can tell' ? '?' : ''}${word}`;
      });
      const by = why?.admission.admitted === true ? '-' : rules.join(', ') || 'no_rule';
      kept.push(`${nameOf(issue)}: ${by}`);
    }
    expect(kept.sort()).toEqual(expected.map(([name, , , , , , , by]) => `${name}: ${by}`).sort());
  });

  it('are the same over HTTP and as a file', async () => {
    const headers = await server.tokenOf('reader', 'read');
    const answer = await server.ask({ url: '/api/v1/issues?all=true&limit=200', headers });
    expect(inboxPageSchema.parse(answer.json()).items.map(told)).toEqual(issues.map(told));
    const all = {
      all: true,
      severities: [],
      types: [],
      risks: [],
      statuses: [],
      muted: 'no',
      text: null,
      query: null,
      findings: 'none',
    } as const;
    let csv = '';
    for await (const piece of writeExport('csv', exportInbox(inbox.ctx, all), { now: NOW, version: '1' }))
      csv += piece;
    const [head = '', ...lines] = csv.trimEnd().split('\r\n');
    const columns = head.split(',');
    const cells = lines.map((line) =>
      [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, cell]) => cell),
    );
    const shown = ['severity', 'score', 'risk_count', 'impact', 'admitted_by', 'due_at'].map((name) =>
      cells.map((line) => line[columns.indexOf(name)]),
    );
    expect(shown).toEqual([
      issues.map(({ severity }) => severity),
      issues.map(({ score }) => String(score)),
      issues.map(({ riskCount }) => String(riskCount)),
      issues.map(({ impact }) => String(impact)),
      issues.map(({ admittedBy }) => admittedBy.join(' ')),
      issues.map(({ dueAt }) => dueAt ?? ''),
    ]);
  });
});
