import { describe, expect, test } from 'vitest';
import { sampleRule } from '../automation/automation.test-sample.ts';
import { rulesInForce } from '../automation/rules-in-force.ts';
import { type ControlEdit, effectiveControls } from '../control/effective-controls.ts';
import { unknownAdvisory } from '../risk/advisory-facts.ts';
import { DETECTED_RISKS, type RiskVerdict } from '../risk/detected-risk.ts';
import { SAMPLE_NOW, sampleMember, sampleSettings } from './assess-issue.test-sample.ts';
import { assessIssue, type IssueSettings, type Member } from './assess-issue.ts';
import { admissionSentence, explainIssue } from './explain-issue.ts';

const explain = (...members: readonly Member[]) =>
  explainIssue(assessIssue(members, sampleSettings()), members.length);
const yes: RiskVerdict = {
  state: 'yes',
  evidence: [{ sentence: 'It is tagged production.', provenance: 'kubernetes', at: null }],
  missing: [],
};
const VECTOR = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const library = {
  ...unknownAdvisory('CVE-2026-1234'),
  claims: [{ provider: 'nvd', vector: VECTOR, word: null }],
};

test('the rank is told with the numbers that are stored', () => {
  const issue = explain(
    sampleMember({ type: 'secret', severity: 'high', resource: { production: yes, services: ['shop'] } }),
  );
  expect(issue.rank).toEqual({
    severity: 'high',
    riskCount: 1,
    impact: 2,
    sentence: 'High, 1 detected risk, 2 impacted things (1 resource, 1 service).',
  });
});

test('all five risks are told in their order, with evidence or with what is missing', () => {
  const { risks } = explain(sampleMember({ type: 'secret', resource: { production: yes } }));
  expect(risks.map((each) => each.risk)).toEqual(DETECTED_RISKS);
  expect(risks.find((each) => each.risk === 'in_production')).toMatchObject(yes);
  expect(risks.find((each) => each.risk === 'under_attack')).toMatchObject({
    state: 'unknown',
    missing: [expect.stringContaining('attack signals')],
  });
});

test('a score from a vector is told step by step, from where it came to what it is here', () => {
  const { score } = explain(
    sampleMember({ advisory: library, resource: { production: { ...yes, state: 'no' } } }),
  );
  expect(score.base).toEqual({ vector: VECTOR, score: 9.8, provenance: 'NVD' });
  expect(score.steps.find((step) => step.metric === 'CR/IR/AR')).toMatchObject({
    effect: 'safer',
    reason: 'It runs outside production.',
  });
  expect(score.adjusted?.score).toBeLessThan(9.8);
  expect(score.sentence).toContain(`9.8 from NVD, ${score.adjusted?.score.toFixed(1)} here`);
});

test.each([
  [sampleMember({ type: 'secret', severity: 'high' }), 'The scanner says high, which stands for 8.0.'],
  [sampleMember({ type: 'secret' }), 'Unrated: no source rates it, so it counts as medium.'],
  [
    sampleMember({ type: 'code_vulnerability', summary: { about: 'other' } }),
    'The rule that found it says that it is not about security: info.',
  ],
  [
    sampleMember({ advisory: unknownAdvisory('CVE-2026-1234') }),
    'Unrated: no source gives a vector or a word, so it counts as medium.',
  ],
  [
    sampleMember({ type: 'misconfiguration', control: 'net.sg.any-all' }),
    'Critical: highly probable (no authorization, public), with high impact.',
  ],
  [
    sampleMember({ type: 'misconfiguration', severity: 'low', toolCheck: 'prowler:accessanalyzer_enabled' }),
    "The scanner says low, which stands for 2.0. The severity is the scanner's own (prowler): no control of ours maps to prowler:accessanalyzer_enabled.",
  ],
  [
    sampleMember({ type: 'iac_misconfiguration', toolCheck: 'kics:a:b' }),
    "Unrated: no source rates it, so it counts as medium. The severity is the scanner's own (kics): no control of ours maps to kics:a:b.",
  ],
])('a score without a vector says why: %#', (member, sentence) => {
  expect(explain(member).score).toMatchObject({ base: null, sentence });
});

describe('a control', () => {
  const member = sampleMember({ type: 'misconfiguration', control: 'net.sg.ssh' });
  const edited = (more: Partial<ControlEdit>) => {
    const edit: ControlEdit = {
      vector: null,
      accessibility: null,
      impact: null,
      inbox: null,
      severity: null,
      reason: 'only from the office',
      by: 'anna',
      at: 0,
      ...more,
    };
    const controls = effectiveControls(new Map([['net.sg.ssh', edit]]));
    return explainIssue(assessIssue([member], sampleSettings({ controls })), 1);
  };

  test('is told with its likelihood, its impact and the severity that they give', () => {
    const { score, control } = explain(member);
    expect(score.sentence).toBe('High: probable (vulnerability, public), with medium impact.');
    expect(score.steps.map(({ metric, from, to }) => [metric, from, to])).toEqual([
      ['likelihood', 'vulnerability, public', 'probable'],
      ['impact', '', 'medium'],
    ]);
    expect(control).toMatchObject({ id: 'net.sg.ssh', severity: 'high', edit: null });
  });

  test('that the organisation finds less likely says so, with the reason', () => {
    const { score, control, admission } = edited({ accessibility: 'private', inbox: false });
    expect(score).toMatchObject({
      severity: 'medium',
      sentence:
        'Medium: possible (vulnerability, private), with medium impact; changed here by anna: only from the office.',
    });
    expect(control).toMatchObject({ severity: 'medium', inbox: false, edit: { by: 'anna' } });
    expect(admission).toMatchObject({ admitted: false, rules: [{ verdict: 'not met' }] });
  });

  test.each([
    ['info', 'safer', 'Info as the organisation says: probable'],
    ['critical', 'riskier', 'Critical as the organisation says: probable'],
    ['high', 'neutral', 'High as the organisation says: probable'],
  ] as const)(
    'whose severity the organisation says is %s %s what would be computed',
    (severity, effect, start) => {
      const { score } = edited({ severity });
      expect(score.sentence.startsWith(start)).toBe(true);
      expect(score.severity).toBe(severity);
      expect(score.steps.at(-1)).toEqual({
        metric: 'severity',
        from: 'high',
        to: severity,
        effect,
        reason: 'only from the office (anna)',
      });
    },
  );

  test('is not told where the severity comes from elsewhere', () => {
    expect(explain(sampleMember({ type: 'misconfiguration', severity: 'low' })).control).toBeNull();
    expect(explain(sampleMember({ type: 'secret', severity: 'low' })).control).toBeNull();
  });
});

test('every rule about the type is told, met or with what is not met or not known', () => {
  const { admission } = explain(
    sampleMember({ severity: 'high', advisory: unknownAdvisory('CVE-2026-1234') }),
  );
  expect(admission).toEqual({
    admitted: false,
    rules: [
      {
        id: 'default.known-exploited',
        title: expect.any(String),
        verdict: 'unknown',
        sentence: expect.stringMatching(/Nobody can tell: known to be exploited\.$/),
        missing: ['a reading of KEV of the last 30 days (feeds update kev)'],
      },
      {
        id: 'default.library_vulnerability',
        title: expect.any(String),
        verdict: 'unknown',
        sentence: expect.stringMatching(/Nobody can tell: in production, under attack\.$/),
        missing: ['in production', 'under attack'],
      },
    ],
  });
});

test('a person who took it in stands first; a type without a rule says so', () => {
  const admitted = { admitted: { reason: 'audit', by: 'anna', at: 0 } };
  expect(
    explain(sampleMember({ type: 'secret' }, admitted)).admission.rules.map((rule) => [
      rule.id,
      rule.sentence,
    ]),
  ).toEqual([
    ['by-hand', 'By anna: audit.'],
    ['default.secret', 'Not known to be inactive.'],
  ]);
  expect(explain(sampleMember({ type: 'api_finding' })).admission).toMatchObject({
    admitted: false,
    rules: [{ id: 'none', sentence: 'No default rule is about findings of type api_finding.' }],
  });
});

test('the lead is named with the place that counts', () => {
  const one = sampleMember({ type: 'secret', severity: 'high', resource: { name: 'shop' } });
  expect(explain(one).lead).toMatchObject({
    findingId: one.finding.fingerprint,
    resource: { name: 'shop' },
    sentence: 'Its only open finding, as it is deployed at shop.',
  });
  expect(
    explain(one, sampleMember({ fingerprint: '1', type: 'secret', severity: 'low' })).lead.sentence,
  ).toBe('Of 2 open findings the one that is worst, as it is deployed at shop.');
});

describe('the score of an advisory', () => {
  const LOW = 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H';
  const no: RiskVerdict = { state: 'no', evidence: [], missing: [] };
  const outside = sampleMember({ advisory: library, resource: { production: no } });
  const rating = (vector: string | null, severity: 'low' | null) =>
    new Map([['CVE-2026-1234', { vector, severity, reason: 'not built in', by: 'ada', at: 1 }]]);
  const longAgo = SAMPLE_NOW - 40 * 86_400_000;
  const old = { kev: null, epss: null, exploitdb: longAgo, metasploit: null, nuclei: null, nvd: longAgo };
  const bare = sampleMember({ advisory: unknownAdvisory('CVE-2026-1234'), severity: 'high' });
  const words = (word: 'high' | 'low') => [{ provider: 'ghsa', vector: null, word }];
  const worded = sampleMember({ advisory: { ...unknownAdvisory('CVE-2026-1234'), claims: words('low') } });

  test.each<[string, Member, Partial<IssueSettings>, string, string]>([
    ['here', outside, {}, 'high', '9.8 from NVD, 8.0 here: high.'],
    [
      'by the base score',
      outside,
      { severityBasis: 'base' },
      'critical',
      '9.8 from NVD: critical. The organisation counts base scores; adjusted it would be 8.0.',
    ],
    [
      'by a vector of somebody here',
      outside,
      { ratings: rating(LOW, null) },
      'low',
      '5.5 from ada, 3.7 here: low. The vector is the choice of ada: not built in.',
    ],
    [
      'by a severity of somebody here',
      outside,
      { ratings: rating(null, 'low') },
      'low',
      '9.8 from NVD, 8.0 here: high. ada made it low: not built in.',
    ],
    [
      'by feeds that are old',
      sampleMember({ advisory: { ...library, isInNvd: true } }),
      { feeds: old },
      'critical',
      '9.8 from NVD, 9.0 here: critical. Stale since 2026-09-21: the feeds that say so are old.',
    ],
    [
      'by a vector of a distribution',
      sampleMember({
        type: 'infrastructure_vulnerability',
        summary: { distribution: 'debian 12' },
        advisory: {
          ...unknownAdvisory('CVE-2026-1234'),
          claims: [{ provider: 'distribution:debian', vector: LOW, word: null }],
        },
      }),
      {},
      'medium',
      '5.5 from Debian, 5.5 here: medium.',
    ],
    ['by the report’s word', bare, {}, 'high', 'No vector; the report says high.'],
    [
      'by a word and somebody here',
      worded,
      { ratings: rating(null, 'low') },
      'low',
      'No vector; GHSA says low. ada made it low: not built in.',
    ],
  ])('is told: %s', (_title, member, settings, severity, sentence) => {
    const { score } = explainIssue(assessIssue([member], sampleSettings(settings)), 1);
    expect(score).toMatchObject({ severity, sentence });
    expect(score.adjusted === null).toBe(score.base === null);
  });

  test('is told in steps, the last one that of somebody here', () => {
    const { score } = explainIssue(
      assessIssue([outside], sampleSettings({ ratings: rating(null, 'low') })),
      1,
    );
    expect(
      score.steps.map(({ metric, from, to, effect, reason }) => [metric, from, to, effect, reason]),
    ).toEqual([
      ['E', 'X', 'X', 'unknown', 'Whether an exploit exists is not known.'],
      ['CR/IR/AR', 'X', 'L', 'safer', 'It runs outside production.'],
      ['MAC', 'X', 'X', 'unknown', 'No EPSS score is known.'],
      ['MAV', 'X', 'X', 'unknown', 'Whether it is reachable from the internet is not known.'],
      ['severity', 'high', 'low', 'safer', 'not built in (ada)'],
    ]);
    const capped = sampleMember({
      type: 'infrastructure_vulnerability',
      advisory: { ...library, epss: { score: 0.5, percentile: 0.9, at: 1 } },
      summary: {
        distribution: 'Debian 12',
        vectors: [{ provider: 'distribution:debian', vector: null, word: 'low' }],
      },
    });
    expect(
      explain(capped)
        .score.steps.slice(-2)
        .map(({ metric, from, to }) => [metric, from, to]),
    ).toEqual([
      ['distribution word', '9.8', '3.9'],
      ['epss raise', '3.9', '4.0'],
    ]);
  });

  test('of a path is the path’s own sentence', () => {
    const states = {
      publicly_accessible: 'yes',
      privileged_access: 'no',
      under_attack: 'no',
      exploit_available: 'no',
      in_production: 'no',
    } as const;
    const path = {
      why: 'it ends at the cluster.',
      states,
      resources: [],
      services: [],
      owners: [],
      validUntil: null,
    };
    expect(
      explain(sampleMember({ type: 'attack_path', severity: 'high', summary: { path } })).score.sentence,
    ).toBe('High: it ends at the cluster.');
  });
});

describe('why one finding is in the inbox, or not', () => {
  const advisory = unknownAdvisory('CVE-2026-1234');
  const byHand = { admitted: { reason: null, by: 'anna', at: 0 } };
  const read = { kev: SAMPLE_NOW, epss: null, exploitdb: null, metasploit: null, nuclei: null, nvd: null };
  test.each([
    [sampleMember({ type: 'secret' }), 'In the inbox: Secrets that may work.'],
    [sampleMember({ type: 'secret' }, byHand), 'In the inbox: by hand, Secrets that may work.'],
    [sampleMember({ type: 'api_finding' }, byHand), 'In the inbox: by hand.'],
    [sampleMember({ type: 'api_finding' }), 'Not in the inbox: no rule is about findings of its type.'],
    [
      sampleMember({ severity: 'high', advisory }),
      'Not in the inbox: "Libraries under attack in production" cannot be told for: in production.',
    ],
    [
      sampleMember({ severity: 'low', advisory }),
      'Not in the inbox: "Libraries under attack in production" fails at: severity.',
    ],
  ])('%#', (member, sentence) => {
    const { lead } = assessIssue([member], sampleSettings({ feeds: read }));
    expect(admissionSentence(lead)).toBe(sentence);
  });

  test('of rules that nobody can tell of, the one that lacks least comes closest', () => {
    const member = sampleMember({ type: 'infrastructure_vulnerability', severity: 'critical', advisory });
    const { lead } = assessIssue([member], sampleSettings());
    expect(admissionSentence(lead)).toBe(
      'Not in the inbox: "Known to be exploited" cannot be told for: known to be exploited.',
    );
  });

  test('a rule of the organisation is named beside the default ones', () => {
    const action = { type: 'inbox', reason: 'we look at these' } as const;
    const automation = rulesInForce([sampleRule('look', action, { findingTypes: ['secret'] })]);
    const { lead } = assessIssue([sampleMember({ type: 'secret' })], sampleSettings({ automation }));
    expect(admissionSentence(lead)).toBe('In the inbox: Secrets that may work, Rule look.');
  });
});

test('a person who took it in without a reason; a rule that fails at several things names them in its order', () => {
  const { admission } = explain(
    sampleMember({ type: 'api_finding' }, { admitted: { reason: null, by: 'anna', at: 0 } }),
  );
  expect(admission.rules).toEqual([
    { id: 'by-hand', title: 'Taken in by hand', verdict: 'met', sentence: 'By anna.', missing: [] },
  ]);
  expect(explain(sampleMember({ type: 'api_finding' })).admission.rules).toMatchObject([
    { id: 'none', title: 'No rule', verdict: 'not met', missing: [] },
  ]);
  const no: RiskVerdict = { state: 'no', evidence: [], missing: [] };
  const far = sampleMember({
    severity: 'low',
    advisory: unknownAdvisory('CVE-2026-1234'),
    resource: { production: no, underAttack: no },
  });
  const library = explain(far).admission.rules.find(({ id }) => id === 'default.library_vulnerability');
  expect(library?.sentence).toMatch(/Fails at: severity; and at in production, under attack\.$/);
});

test('a severity that a rule changes keeps the steps that gave it, and adds its own', () => {
  const automation = rulesInForce([sampleRule('down', { type: 'severity', set: 'low' })]);
  const explained = (more: object) =>
    explainIssue(assessIssue([sampleMember({ advisory: library })], sampleSettings(more)), 1).score;
  const plain = explained({});
  const ruled = explained({ automation });
  expect(ruled.base).toEqual(plain.base);
  expect(ruled.adjusted).toEqual(plain.adjusted);
  expect(ruled.steps.slice(0, -1)).toEqual(plain.steps);
  expect(ruled.steps.at(-1)).toMatchObject({ metric: 'rule', effect: 'safer', reason: 'Rule down (down)' });
  expect([plain.severity, ruled.severity]).toEqual(['critical', 'low']);
  expect(ruled.sentence).toBe(`${plain.sentence} The rule "Rule down" makes it low.`);
});

test.each([
  ['assigned by hand', { assignee: 'tim' }, 'but a person decided who works on it'],
  ['taken from everybody by hand', { hasNoAssignee: true }, 'but a person decided who works on it'],
  ['nobody’s', {}, 'To anna.'],
])('a rule that would assign an issue that is %s says what comes of it', (_title, decisions, words) => {
  const automation = rulesInForce([sampleRule('a', { type: 'assign', team: null, person: 'anna' })]);
  const issue = assessIssue([sampleMember({ severity: 'high' }, decisions)], sampleSettings({ automation }));
  expect(JSON.stringify(explainIssue(issue, 1).automation)).toContain(words);
});
