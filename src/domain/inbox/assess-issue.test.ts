import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import { sampleRule } from '../automation/automation.test-sample.ts';
import { rulesInForce } from '../automation/rules-in-force.ts';
import { unknownAdvisory } from '../risk/advisory-facts.ts';
import type { RiskState, RiskVerdict } from '../risk/detected-risk.ts';
import { SEVERITIES, type Severity, severityRank } from '../severity/severity.ts';
import type { AdmissionRule } from './admission-rule.ts';
import {
  SAMPLE_NOW,
  type SampleFinding,
  sampleFinding,
  sampleMember,
  sampleSettings,
} from './assess-issue.test-sample.ts';
import { assessIssue, type Member, ownersOf } from './assess-issue.ts';
import type { Decisions } from './decisions.ts';

const verdict = (state: RiskState): RiskVerdict => ({ state, evidence: [], missing: [] });
const MUTED: Partial<Decisions> = { mute: { reason: 'r', until: null, by: 'anna', at: 0 } };
const ADMITTED: Partial<Decisions> = { admitted: { reason: null, by: 'anna', at: 0 } };
const assess = (...members: readonly Member[]) => assessIssue(members, sampleSettings());

const PATH = {
  why: 'Because.',
  states: {
    publicly_accessible: 'yes',
    privileged_access: 'no',
    under_attack: 'no',
    exploit_available: 'no',
    in_production: 'no',
  },
  resources: [],
  services: [],
  owners: [],
  validUntil: SAMPLE_NOW + 5,
} as const;

let number = 0;
/** A secret that no rule admits, of a severity, on a resource. */
function member(severity: Severity, sample: SampleFinding = {}, decisions: Partial<Decisions> = {}): Member {
  const fingerprint = `00000000-0000-4000-8000-${String(++number).padStart(12, '0')}`;
  return sampleMember({ fingerprint, type: 'api_finding', severity, ...sample }, decisions);
}

describe('the lead', () => {
  test('is the worst, then the one with the most risks, then the smallest fingerprint', () => {
    const first = member('high', { resource: { key: 'b' } });
    const second = member('high', { resource: { key: 'c' } });
    const risky = member('high', { resource: { key: 'a', production: verdict('yes') } });
    const low = member('low', { resource: { production: verdict('yes'), underAttack: verdict('yes') } });
    expect(assess(second, low, first, risky).lead.finding).toBe(risky.finding);
    expect(assess(second, low, first).lead.finding).toBe(first.finding);
    expect(assess(second, low, first)).toMatchObject({ severity: 'high', riskCount: 0 });
  });

  test('is an admitted one, however bad the others are', () => {
    const admitted = member('low', {}, ADMITTED);
    expect(assess(member('critical'), admitted)).toMatchObject({
      isAdmitted: true,
      severity: 'low',
      admittedBy: ['by-hand'],
      lead: { finding: admitted.finding },
    });
  });

  test('is no muted one; what was muted does not hide what nobody decided about', () => {
    const open = member('low');
    const issue = assess(member('critical', {}, { ...ADMITTED, ...MUTED }), open);
    expect(issue).toMatchObject({
      isMuted: false,
      isAdmitted: false,
      severity: 'low',
      admittedBy: [],
      lead: { finding: open.finding },
    });
  });

  test('of an issue that is muted as a whole is a muted one', () => {
    expect(assess(member('critical', {}, MUTED), member('low', {}, { ...ADMITTED, ...MUTED }))).toMatchObject(
      { isMuted: true, isAdmitted: true, severity: 'low' },
    );
  });

  test('counts a mute that has run out as none', () => {
    const mute = (until: number) => ({ mute: { reason: 'r', until, by: 'anna', at: 0 } });
    expect(assess(member('high', {}, mute(SAMPLE_NOW))).isMuted).toBe(false);
    expect(assess(member('high', {}, mute(SAMPLE_NOW + 1)))).toMatchObject({
      isMuted: true,
      validUntil: SAMPLE_NOW + 1,
    });
  });
});

describe('the impact', () => {
  test('is the distinct resources and services of the members that count', () => {
    const issue = assess(
      member('high', { resource: { key: 'a', services: ['shop'] } }),
      member('low', { resource: { key: 'a', services: ['shop', 'bank'] } }),
      member('low', { resource: { key: 'b', services: ['bank'] } }),
      member('low', { resource: { key: 'muted', services: ['muted'] } }, MUTED),
    );
    expect(issue).toMatchObject({ resources: 2, services: 2, impact: 4 });
  });

  test('of admitted members leaves out the others', () => {
    expect(
      assess(member('low', { resource: { key: 'a' } }, ADMITTED), member('high', { resource: { key: 'b' } })),
    ).toMatchObject({ resources: 1, services: 0 });
  });

  test('of an image is the workloads that run it, else the image', () => {
    expect(
      assess(member('high', { workloads: [{ key: 'x' }, { key: 'y', services: ['shop'] }] })),
    ).toMatchObject({ resources: 2, services: 1 });
    expect(assess(member('high'))).toMatchObject({ resources: 1 });
  });
});

describe('what else stands in the row', () => {
  test('the earliest due date of the members that count, and the owner of the lead', () => {
    const issue = assess(
      member(
        'high',
        { resource: { owners: [{ name: 'web', confidence: 0.9, reason: 'tag team' }] } },
        { dueAt: 20, assignee: 'anna' },
      ),
      member('low', {}, { dueAt: 10 }),
      member('low', {}, { ...MUTED, dueAt: 5 }),
    );
    expect(issue).toMatchObject({ dueAt: 10, assignee: 'anna', team: 'web' });
  });

  test('the assignee stays when a finding leads that nobody was assigned to', () => {
    const assigned = member('high', {}, { assignee: 'anna' });
    expect(assess(assigned, member('critical'))).toMatchObject({ severity: 'critical', assignee: 'anna' });
    expect(assess(assigned, member('critical', {}, { assignee: 'ben' }))).toMatchObject({ assignee: 'ben' });
  });

  test('what keeps it out, of an issue that is not admitted', () => {
    const library = sampleMember({ severity: 'high', advisory: unknownAdvisory('CVE-2026-1234') });
    expect(assess(library)).toMatchObject({
      isAdmitted: false,
      heldBackBy: ['in_production', 'known_exploited', 'under_attack'],
    });
    expect(
      assess(sampleMember({ severity: 'high', advisory: unknownAdvisory('CVE-2026-1234') }, ADMITTED))
        .heldBackBy,
    ).toEqual([]);
  });

  test('when it may change by time alone: the nearest of what lies ahead', () => {
    const advisory = { ...unknownAdvisory('CVE-2026-1234'), publishedAt: SAMPLE_NOW - 31 * DAY_MS };
    const noLongerYoung = SAMPLE_NOW + 59 * DAY_MS + 1;
    expect(assess(sampleMember({ advisory })).validUntil).toBe(noLongerYoung);
    expect(
      assess(sampleMember({ advisory: { ...advisory, emergingUntil: SAMPLE_NOW + DAY_MS } })).validUntil,
    ).toBe(SAMPLE_NOW + DAY_MS);
    expect(assess(sampleMember({ advisory, resource: { validUntil: SAMPLE_NOW + 7 } })).validUntil).toBe(
      SAMPLE_NOW + 7,
    );
    expect(assess(member('high')).validUntil).toBeNull();
    expect(assess(sampleMember({ advisory, resource: { validUntil: SAMPLE_NOW } })).validUntil).toBe(
      noLongerYoung,
    );
  });

  test('when a snooze ends', () => {
    const snooze = { until: SAMPLE_NOW + 5, worseThan: null, at: SAMPLE_NOW - 1 };
    expect(assess(member('high', {}, { snooze })).validUntil).toBe(SAMPLE_NOW + 5);
  });

  test.each([
    ['a workload that runs it', { workloads: [{}, { validUntil: SAMPLE_NOW + 5 }] }],
    ['what runs its code', { runners: [{ validUntil: SAMPLE_NOW + 5 }] }],
    ['a machine of its group', { machines: [{ validUntil: SAMPLE_NOW + 5 }, {}] }],
    ['the path that it is', { summary: { path: PATH } }],
    ['a rule about days', { told: { flipsAt: SAMPLE_NOW + 5 } }],
  ])('when %s may change by time alone', (_title, sample) => {
    expect(assess(member('high', sample)).validUntil).toBe(SAMPLE_NOW + 5);
  });

  test('whose it may be, and where that was read: the scan, the workload, resource and files by how sure, what runs it', () => {
    const owner = (name: string, confidence: number) => ({ name, confidence, reason: `of ${name}` });
    const scopes = [null, 'said'].map((team) => ({
      environment: null,
      services: ['shop'],
      team,
      image: null,
    }));
    const finding = {
      ...sampleFinding({
        summary: { scopes },
        resource: { owners: [owner('repository', 0.4), owner('said', 0.9)] },
        runners: [{ services: ['shop'], owners: [owner('runner', 0.9), owner('files', 0.9)] }],
      }),
      codeOwners: [owner('files', 0.7)],
    };
    const [lead] = assess({ ...sampleMember(), finding }).members;
    expect(lead && ownersOf(lead)).toEqual([
      { name: 'said', confidence: 1, reason: '--team of the import' },
      owner('files', 0.7),
      owner('repository', 0.4),
      owner('runner', 0.9),
    ]);
    const running = member('high', {
      workloads: [{ owners: [owner('workload', 0.4)] }],
      resource: { owners: [owner('image', 0.9)] },
    });
    expect(assess(running)).toMatchObject({ team: 'workload' });
  });

  test('whoever was found to own the resource stays, whatever the name, and each name stands once', () => {
    const owner = (name: string, confidence: number) => ({ name, confidence, reason: `of ${name}` });
    const owned = member('high', {
      workloads: [{ owners: [owner('build', 0.9)] }],
      resource: { owners: [owner('automation', 1), owner('Build', 0.9)] },
    });
    const [lead] = assess(owned).members;
    expect(lead && ownersOf(lead)).toEqual([owner('build', 0.9), owner('automation', 1)]);
  });

  test('every rule that admits it, in one order, and that somebody took it in', () => {
    const known = {
      ...unknownAdvisory('CVE-2026-1234'),
      knownExploited: { addedAt: null, ransomware: false },
      emergingUntil: SAMPLE_NOW + 1,
    };
    const about = { type: 'infrastructure_vulnerability', severity: 'high', advisory: known } as const;
    const issue = assess(sampleMember({ type: 'secret' }, ADMITTED), sampleMember(about));
    expect(issue.admittedBy).toEqual([
      'by-hand',
      'default.emerging',
      'default.known-exploited',
      'default.secret',
    ]);
    expect(assess(sampleMember(about)).heldBackBy).toEqual([]);
  });

  test('what a feed proves absent is not proven any more a millisecond after 30 days', () => {
    const feeds = { ...sampleSettings().feeds, exploitdb: SAMPLE_NOW - DAY_MS, nvd: SAMPLE_NOW - 2 * DAY_MS };
    const settings = sampleSettings({ feeds });
    const about = sampleMember({ advisory: unknownAdvisory('CVE-2026-1234') });
    expect(assessIssue([about], settings).validUntil).toBe(SAMPLE_NOW + 28 * DAY_MS + 1);
    expect(assessIssue([about], sampleSettings({ feeds: { ...feeds, nvd: null } })).validUntil).toBe(
      SAMPLE_NOW + 29 * DAY_MS + 1,
    );
    expect(assessIssue([member('high')], settings).validUntil).toBeNull();
  });
});

test('no order of the members changes the issue', () => {
  const any = fc.record({
    fingerprint: fc.uuid(),
    severity: fc.constantFrom(...SEVERITIES),
    resource: fc.constantFrom('a', 'b'),
    production: fc.constantFrom<RiskState>('yes', 'no', 'unknown'),
    isMuted: fc.boolean(),
    isAdmitted: fc.boolean(),
  });
  const members = fc
    .uniqueArray(any, { minLength: 1, maxLength: 6, selector: (each) => each.fingerprint })
    .map((all) =>
      all.map(({ fingerprint, severity, resource, production, isMuted, isAdmitted }) =>
        sampleMember(
          {
            fingerprint,
            type: 'api_finding',
            severity,
            resource: { key: resource, production: verdict(production) },
          },
          { ...(isMuted && MUTED), ...(isAdmitted && ADMITTED) },
        ),
      ),
    );
  const shuffles = members.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  fc.assert(
    fc.property(shuffles, ([listed, shuffled]) => {
      const { members: _members, ...issue } = assess(...listed);
      const { members: _shuffled, ...other } = assess(...shuffled);
      expect(other).toEqual(issue);
      const counting = listed.filter((each) => !(each.decisions.mute !== null));
      expect(issue.isMuted).toBe(counting.length === 0);
      if (!issue.isAdmitted && !issue.isMuted)
        expect(severityRank(issue.severity)).toBe(
          Math.max(...counting.map((each) => severityRank(each.finding.summary.severity ?? 'medium'))),
        );
    }),
  );
});

const owner = (name: string, confidence: number) => ({ name, confidence, reason: name });

describe('whose it may be', () => {
  const scope = (team: string | null) => ({ environment: null, services: [], team, image: null });

  test('who the scan names, the workload whose risks count, the resource and its files by how sure they are', () => {
    const sample: SampleFinding = {
      summary: { scopes: [scope(null), scope('scan')] },
      resource: { owners: [owner('image', 0.6), owner('other', 0.5)] },
      workloads: [
        { owners: [owner('calm', 0.9)] },
        { owners: [owner('attacked', 0.9), owner('image', 0.4)], underAttack: verdict('yes') },
      ],
    };
    const { lead } = assess(member('high', sample));
    const finding = { ...lead.finding, codeOwners: [owner('files', 0.7), owner('other', 0.7)] };
    expect(ownersOf({ ...lead, finding }).map(({ name, confidence }) => `${name} ${confidence}`)).toEqual([
      'scan 1',
      'attacked 0.9',
      'image 0.4',
      'files 0.7',
      'other 0.7',
    ]);
  });

  test('nobody, where nobody is named', () => {
    const { lead } = assess(member('high', { summary: { scopes: [scope(null)] } }));
    expect(ownersOf(lead)).toEqual([]);
  });
});

describe('what keeps an issue out', () => {
  const rule = (id: string, ...when: AdmissionRule['when']): AdmissionRule => ({
    id,
    title: id,
    sentence: id,
    types: ['api_finding'],
    when,
  });
  const heldBackBy = (...rules: readonly AdmissionRule[]) =>
    assessIssue([member('low')], { ...sampleSettings(), rules }).heldBackBy;
  const severity = { fact: 'severity', atLeast: 'high' } as const;
  const exploited = { fact: 'known exploited' } as const;
  const attacked = { fact: 'risk', risk: 'under_attack', is: 'yes' } as const;

  test.each<[string, readonly AdmissionRule[], readonly string[]]>([
    ['no rule is about it', [], ['no_rule']],
    [
      'one condition of the rule that comes closest fails',
      [rule('far', severity, exploited), rule('near', exploited)],
      ['known_exploited'],
    ],
    [
      'the order of the rules is none of it',
      [rule('near', exploited), rule('far', severity, exploited)],
      ['known_exploited'],
    ],
    ['one thing that nobody can tell', [rule('near', exploited), rule('open', attacked)], ['under_attack']],
  ])('%s', (_, rules, names) => {
    expect(heldBackBy(...rules)).toEqual(names);
  });
});

test.each<[SampleFinding, string]>([
  [{ advisory: unknownAdvisory('CVE-1'), summary: { title: 'A flaw' } }, 'CVE-1: A flaw'],
  [{ advisory: unknownAdvisory('CVE-1'), summary: { title: 'CVE-1 in x' } }, 'CVE-1 in x'],
  [{ advisory: unknownAdvisory('CVE-1'), summary: { title: '' } }, 'CVE-1'],
  [{ control: 'net.sg.ssh', summary: { title: 'the scanner’s' } }, 'SSH open to the internet'],
  [{ control: 'no.such', summary: { title: 'the scanner’s' } }, 'the scanner’s'],
  [{ summary: { title: 'the scanner’s' } }, 'the scanner’s'],
  [{ summary: { title: '' } }, 'api_finding'],
])('an issue of %j is called %s', (sample, title) => {
  expect(assess(member('high', sample)).title).toBe(title);
});

describe('an instant at which time alone may change it', () => {
  test('is its due date, until that is there', () => {
    const due = (dueAt: number) => assess(member('high', {}, { dueAt })).validUntil;
    expect([due(SAMPLE_NOW - 1), due(SAMPLE_NOW), due(SAMPLE_NOW + 1)]).toEqual([null, null, SAMPLE_NOW + 1]);
    const two = assess(
      member('high', {}, { dueAt: SAMPLE_NOW - 1 }),
      member('high', {}, { dueAt: SAMPLE_NOW + 9 }),
    );
    expect(two.validUntil).toBeNull();
  });

  test('is the end of a rule that mutes findings of its type', () => {
    const until = (type: 'api_finding' | 'secret') => {
      const mute = {
        type: 'mute',
        reason: 'risk_accepted',
        until: SAMPLE_NOW + 9,
        description: 'x',
      } as const;
      const automation = rulesInForce([sampleRule('m', mute, { findingTypes: [type] })]);
      return assessIssue([member('high')], sampleSettings({ automation })).validUntil;
    };
    expect([until('api_finding'), until('secret')]).toEqual([SAMPLE_NOW + 9, null]);
  });
});

test('what VEX calls not affected is muted without any rule, unless somebody unmuted it', () => {
  const vex = {
    advisory: 'CVE-2026-1',
    product: 'pkg:npm/a',
    within: null,
    status: 'not_affected',
    justification: null,
    statement: null,
    statedAt: null,
    source: 'vex',
  } as const;
  expect(assess({ ...member('high'), vex }).isMuted).toBe(true);
  expect(assess({ ...member('high', {}, { isKeptUnmuted: true }), vex }).isMuted).toBe(false);
});
