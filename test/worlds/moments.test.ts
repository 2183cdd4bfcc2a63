import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneRule, removeRule, switchRule } from '../../src/app/change-rules.ts';
import { chooseScoring } from '../../src/app/choose-scoring.ts';
import { explainIssue } from '../../src/app/explain-issue.ts';
import { exportInbox } from '../../src/app/export-inbox.ts';
import type { IssueAction } from '../../src/app/issue-action.ts';
import { listInbox } from '../../src/app/list-inbox.ts';
import { listIssueGroups } from '../../src/app/list-issue-groups.ts';
import { sweepIssues } from '../../src/app/sweep-issues.ts';
import { UNNARROWED } from '../../src/app/unnarrowed.ts';
import { writeExport } from '../../src/contract/from-domain/export/write-export.ts';
import { presentIssue } from '../../src/contract/from-domain/present-issue.ts';
import { presentIssueDetail } from '../../src/contract/from-domain/present-issue-detail.ts';
import { inboxPageSchema } from '../../src/contract/inbox-page.ts';
import type { IssueRow } from '../../src/contract/issue.ts';
import type { Condition } from '../../src/domain/inbox/admission-rule.ts';
import { DEFAULT_RULES } from '../../src/domain/inbox/default-rules.ts';
import type { DetectedRisk } from '../../src/domain/risk/detected-risk.ts';
import { severityRank } from '../../src/domain/severity/severity.ts';
import { openTestServer, type TestServer } from '../../src/http/server.test-suite.ts';
import { tableRows } from '../support/by-hand-world.ts';
import type { TestInbox } from '../support/test-inbox.ts';
import { act } from '../support/triage.ts';
import { at, DECISIONS, FEEDS, LATER_FEEDS, NOW, nothingSeen, REPORTS, run } from './moments/scans.ts';
import { EXPECTED, EXPECTED_ROWS, LETTER, nameOf, toldRow } from './moments/told-row.ts';

let server: TestServer;
let inbox: TestInbox;
let issues: readonly IssueRow[];

beforeAll(async () => {
  server = await openTestServer();
  inbox = server.inbox;
  inbox.clock.set(NOW);
  await run(inbox, [...FEEDS, ...REPORTS, ...DECISIONS]);
  issues = (await inbox.list()).map(presentIssue);
});

afterAll(() => server.close());

describe('flaws, secrets and failed checks of one estate, judged by hand', () => {
  it('are rated, admitted and due as was worked out', () => {
    expect(issues.map(toldRow).sort()).toEqual([...EXPECTED_ROWS].sort());
  });

  it('stand in that order', () => {
    const keysOf = ([, severity, , states = '', resources, services]: readonly string[]) => [
      severityRank(severity as IssueRow['severity']),
      [...states].filter((state) => state === 'y').length,
      Number(resources) + Number(services),
    ];
    expect(
      issues.map(({ severity, riskCount, impact }) => [severityRank(severity), riskCount, impact]),
    ).toEqual(EXPECTED.map(keysOf));
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
      expect(why?.risks.map(({ state }) => LETTER[state]).join('')).toBe(toldRow(issue).split(' | ')[3]);
      expect(why?.admission.admitted).toBe(issue.admittedBy.length > 0);
      const rules = (why?.admission.rules ?? []).map(({ id, sentence }) => {
        const [, isUnknown, words = ''] = /(Nobody can tell|Fails at): ([^;,.]*)/.exec(sentence) ?? [];
        const word = WORDS[words] ?? words.replaceAll(' ', '_');
        return `${SHORT[id] ?? ''}${isUnknown === 'Nobody can tell' ? '?' : ''}${word}`;
      });
      const by = why?.admission.admitted === true ? '-' : rules.join(', ') || 'no_rule';
      kept.push(`${nameOf(issue)}: ${by}`);
    }
    expect(kept.sort()).toEqual(EXPECTED.map(([name, , , , , , , by]) => `${name}: ${by}`).sort());
  });

  it('come to their scores by the steps that were worked out', async () => {
    const rows = await tableRows(join(import.meta.dirname, 'moments', 'factors.md'));
    const LETTERS = { safer: 's', neutral: '=', unknown: '?', riskier: 'r' } as const;
    const found: string[] = [];
    for (const [name] of rows) {
      const id = issues.find((issue) => nameOf(issue) === name)?.id ?? '';
      const { why } = presentIssueDetail(await explainIssue(inbox.ctx, { id }));
      const steps = (why?.score.steps ?? []).map(({ effect }) => LETTERS[effect]).join('');
      found.push([name, why?.score.base?.score ?? '-', steps || '-'].join(' | '));
    }
    expect(found).toEqual(rows.map((row) => row.slice(0, 3).join(' | ')));
  });

  it('are the same over HTTP and as a file', async () => {
    const headers = await server.tokenOf('reader', 'read');
    const answer = await server.ask({ url: '/api/v1/issues?all=true&limit=200', headers });
    expect(inboxPageSchema.parse(answer.json()).items.map(toldRow)).toEqual(issues.map(toldRow));
    const all = { ...UNNARROWED, all: true, query: null, findings: 'none' } as const;
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

const namesOf = (those: readonly Pick<IssueRow, 'key' | 'title'>[]) => those.map(nameOf).sort();
const standing = async () => (await inbox.list()).map(presentIssue);

describe('the rules of admission', () => {
  it.each(DEFAULT_RULES.map(({ id }) => id))('without %s goes what it alone admits', async (id) => {
    const alone = issues.filter(({ admittedBy }) => admittedBy.length === 1 && admittedBy[0] === id);
    await switchRule(inbox.ctx, { id, isEnabled: false });
    const left = await standing();
    const isIn = new Set(left.flatMap((issue) => (issue.admittedBy.length > 0 ? issue.id : [])));
    expect(namesOf(issues.filter((issue) => issue.admittedBy.length > 0 && !isIn.has(issue.id)))).toEqual(
      namesOf(alone),
    );
    await switchRule(inbox.ctx, { id, isEnabled: true });
    expect((await standing()).map(toldRow)).toEqual(issues.map(toldRow));
  });

  const atLeast = (severity: 'critical' | 'medium'): Condition => ({ fact: 'severity', atLeast: severity });
  const isYes = (risk: DetectedRisk): Condition => ({ fact: 'risk', risk, is: 'yes' });
  const published = (withinDays: number): Condition => ({ fact: 'published', withinDays });
  const ATTACK = isYes('under_attack');
  const EXPLOIT = isYes('exploit_available');
  const PUBLIC = isYes('publicly_accessible');
  const PRODUCTION = isYes('in_production');
  const CRITICAL = atLeast('critical');
  it.each<[id: string, what: string, when: readonly Condition[], names: string]>([
    [
      'library_vulnerability',
      'without an attack',
      [{ fact: 'severity', atLeast: 'high' }, PRODUCTION],
      '0125 0128 0201 0301 0401 0402',
    ],
    ['library_vulnerability', 'medium too', [atLeast('medium'), PRODUCTION, ATTACK], '0201 0202 0401 0402'],
    ['library_vulnerability', 'critical alone', [CRITICAL, PRODUCTION, ATTACK], '0401'],
    [
      'emerging',
      'of 31 days',
      [CRITICAL, published(31), EXPLOIT, PUBLIC, PRODUCTION],
      '0104 0105 0106 0107 0108',
    ],
    ['emerging', 'of 29 days', [CRITICAL, published(29), EXPLOIT, PUBLIC, PRODUCTION], '0104 0105'],
    ['emerging', 'without an exploit', [CRITICAL, published(30), PUBLIC, PRODUCTION], '0103 0104 0105 0106'],
    [
      'emerging',
      'not known to be outside production',
      [CRITICAL, published(30), EXPLOIT, PUBLIC, { fact: 'risk', risk: 'in_production', is: 'not no' }],
      '0104 0105 0106 0702',
    ],
    [
      'emerging',
      'high and private too',
      [{ fact: 'severity', atLeast: 'high' }, published(30), EXPLOIT, PRODUCTION],
      '0104 0105 0106 0203',
    ],
    ['emerging', 'that are listed', [{ fact: 'listed as emerging' }], '0204'],
    [
      'known-exploited',
      'wherever it runs',
      [{ fact: 'known exploited' }, { fact: 'severity', atLeast: 'high' }],
      '0101 0102 0501 0601 0701 0801',
    ],
    ['known-exploited', 'in production alone', [{ fact: 'known exploited' }, PRODUCTION], '0101 0102'],
    [
      'known-exploited',
      'critical alone',
      [{ fact: 'known exploited' }, CRITICAL, { fact: 'risk', risk: 'in_production', is: 'not no' }],
      '0101 0102 0701',
    ],
    ['code_vulnerability', 'medium too', [{ fact: 'about security' }, atLeast('medium')], 'B104 B602'],
    ['secret', 'also those that do not work', [], 'active gitleaks inactive unknown'],
    [
      'misconfiguration',
      'of any control',
      [],
      'ec2.imdsv1 misconfiguration s3.public-read misconfiguration s3_bucket_default_encryption',
    ],
    [
      'iac_misconfiguration',
      'of any control',
      [],
      'ec2.imdsv1 iac_misconfiguration s3.public-read iac_misconfiguration',
    ],
    ['identity_risk', 'of any control', [], ''],
    ['attack_path', 'critical alone', [CRITICAL], ''],
  ])('a clone of %s, %s', async (id, title, when, names) => {
    const clone = await cloneRule(inbox.ctx, {
      id: `default.${id}`,
      title,
      sentence: null,
      types: null,
      when,
    });
    const admitted = (await standing()).filter(({ admittedBy }) => admittedBy.includes(clone.id));
    expect(namesOf(admitted).join(' ')).toBe(names);
    await removeRule(inbox.ctx, { id: clone.id });
    expect((await standing()).map(toldRow)).toEqual(issues.map(toldRow));
  });

  it('look at the published scores where the organisation wants that', async () => {
    await chooseScoring(inbox.ctx, { severityBasis: 'base' });
    const scores = new Map((await standing()).map((issue) => [nameOf(issue), issue.score]));
    const OTHERS: Readonly<Record<string, number>> = {
      // What a person says, what only stops a thing, CVSS 4.0 and 2.0, and a word.
      '0129': 2,
      '0112': 7.5,
      '0124': 7.5,
      '0202': 7.5,
      '0118': 7.5,
      '0119': 9.3,
      '0502': 9.3,
      '0122': 8,
    };
    const numbers = EXPECTED.flatMap(([name = '']) => (/^\d{4}$/.test(name) ? name : []));
    expect(numbers.map((name) => [name, scores.get(name)])).toEqual(
      numbers.map((name) => [name, OTHERS[name] ?? 9.8]),
    );
    await chooseScoring(inbox.ctx, { severityBasis: 'adjusted' });
    expect((await standing()).map(toldRow)).toEqual(issues.map(toldRow));
  });
});

describe('the passing of time', () => {
  interface Look {
    readonly states: ReadonlyMap<string, string>;
    readonly overdue: ReadonlySet<string>;
  }

  function changed(before: Look, after: Look): readonly string[] {
    return [
      ...[...after.states].flatMap(([name, state]) =>
        state === before.states.get(name) ? [] : `${name}: ${before.states.get(name)} -> ${state}`,
      ),
      ...[...after.overdue].flatMap((name) => (before.overdue.has(name) ? [] : `${name} is overdue`)),
      ...[...before.overdue].flatMap((name) => (after.overdue.has(name) ? [] : `${name} is due`)),
    ].sort();
  }

  /** The changes that a row of the table tells, where `exploit ?` is about the fourth risk of what stood there before. */
  function wantedOf([, , , names = '', from, to]: readonly string[], { states }: Look): readonly string[] {
    return names.split(', ').map((name) => {
      if (to === 'overdue') return `${name} is overdue`;
      if (to !== 'exploit ?') return `${name}: ${from} -> ${to}`;
      const stood = states.get(name) ?? '';
      return `${name}: ${stood} -> ${stood.replace(/(?<=^\S+ ...)n/, '?')}`;
    });
  }

  /** The state of each issue, and which are overdue. */
  async function look(): Promise<Look> {
    const rows = await standing();
    const overdue = await listInbox(inbox.ctx, {
      ...UNNARROWED,
      all: true,
      query: 'overdue:yes',
      after: null,
      limit: 200,
    });
    // Lists, groups and the overview are of one mind.
    const { groups } = await listIssueGroups(inbox.ctx, {
      ...UNNARROWED,
      all: true,
      query: null,
      by: 'owner',
    });
    const { load } = await inbox.ctx.overview.overview(1);
    const late = (those: readonly { readonly overdue: number }[]) =>
      those.reduce((sum, each) => sum + each.overdue, 0);
    expect([late(groups), late(load)]).toEqual([
      overdue.items.length,
      overdue.items.filter(({ admittedBy }) => admittedBy.length > 0).length,
    ]);
    return {
      states: new Map(
        EXPECTED.map(([name = '']) => {
          const issue = rows.find((row) => nameOf(row) === name);
          if (issue === undefined) return [name, 'not listed'];
          const [, , score, risks, , , rules] = toldRow(issue).split(' | ');
          return [name, `${score} ${risks} ${rules}`];
        }),
      ),
      overdue: new Set(overdue.items.map((row) => nameOf(presentIssue(row)))),
    };
  }

  it('moves what the table says when the table says, and nothing else', async () => {
    const idOf = (name: string) => issues.find((issue) => nameOf(issue) === name)?.id ?? '';
    const decide = (name: string, action: IssueAction) => act(inbox.ctx, idOf(name), action);
    await decide('0109', { do: 'mute', reason: 'later', because: 'other', until: at(1) });
    await decide('0110', { do: 'snooze', until: at(2), untilWorse: false });
    await decide('0111', { do: 'due', due: at(3) });
    const rows = await tableRows(join(import.meta.dirname, 'moments', 'moments.md'));
    const groups = Map.groupBy(rows, ([when, milliseconds]) => `${when} ${milliseconds}`);
    const found: unknown[] = [];
    const wanted: unknown[] = [];
    let last = await look();
    for (const [when, changes] of groups) {
      const [days = 0, milliseconds = 0] = when.split(' ').map(Number);
      const moment = at(days, milliseconds);
      inbox.clock.set(moment - 1);
      await nothingSeen(inbox);
      await sweepIssues(inbox.ctx);
      const before = await look();
      const movedEarly = changed(last, before);
      inbox.clock.set(moment);
      await sweepIssues(inbox.ctx);
      const feed = changes[0]?.[2] ?? '-';
      if (feed !== '-') await LATER_FEEDS[feed]?.(inbox);
      const after = await look();
      last = after;
      found.push([when, 'before', movedEarly], [when, 'then', changed(before, after)]);
      wanted.push(
        [when, 'before', []],
        [when, 'then', changes.flatMap((row) => wantedOf(row, before)).sort()],
      );
    }
    expect(found).toEqual(wanted);
    // What history tells of it, and with it messages and their digests.
    const { rows: events } = await inbox.database.pool.query<{ verb: string; subject: string }>(
      `select verb, subject from event where verb in ('mute-ended', 'wake', 'overdue')`,
    );
    const told = events.map(({ verb, subject }) => {
      const issue = issues.find(({ id }) => `issue:${id}` === subject);
      return `${verb} ${issue === undefined ? subject : nameOf(issue)}`;
    });
    const late = rows.flatMap(([, , , names = '', , to]) => (to === 'overdue' ? names.split(', ') : []));
    expect(told.sort()).toEqual(
      ['mute-ended 0109', 'wake 0110', ...late.map((name) => `overdue ${name}`)].sort(),
    );
  });
});
