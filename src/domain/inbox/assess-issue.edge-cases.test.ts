import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import { type AdvisoryFacts, unknownAdvisory } from '../risk/advisory-facts.ts';
import type { RiskState, RiskVerdict } from '../risk/detected-risk.ts';
import { SAMPLE_NOW, type SampleFinding, sampleMember, sampleSettings } from './assess-issue.test-sample.ts';
import { assessIssue } from './assess-issue.ts';
import type { Decisions } from './decisions.ts';

// The edge cases of the design (reference behaviour §14) that are about risks, severity, admission and the row.

const verdict = (state: RiskState): RiskVerdict => ({ state, evidence: [], missing: [] });
const MUTED: Partial<Decisions> = { mute: { reason: 'r', until: null, by: 'ann', at: 0 } };
const CRITICAL = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

function advisory(more: Partial<AdvisoryFacts>): AdvisoryFacts {
  return { ...unknownAdvisory('CVE-2026-1234'), ...more };
}

function rated(vector: string, provider = 'nvd'): AdvisoryFacts {
  return advisory({ claims: [{ provider, vector, word: null }] });
}

/** One issue of findings that differ in what is said of them. */
function issueOf(...samples: readonly (readonly [SampleFinding, Partial<Decisions>?])[]) {
  const members = samples.map(([sample, decisions], index) =>
    sampleMember({ fingerprint: `00000000-0000-4000-8000-00000000000${index}`, ...sample }, decisions ?? {}),
  );
  return assessIssue(members, sampleSettings());
}

const states = (issue: ReturnType<typeof issueOf>) => issue.lead.assessment.risks;
const on = (key: string, more: SampleFinding['resource'] = {}) => ({ key, name: key, ...more });

test('8. an image in production and in staging is in production, with the risks of that place', () => {
  const issue = issueOf([
    {
      severity: 'high',
      workloads: [
        on('staging', { production: verdict('no'), publiclyAccessible: verdict('yes') }),
        on('prod', { production: verdict('yes'), privilegedAccess: verdict('yes') }),
      ],
    },
  ]);
  expect(states(issue).in_production.state).toBe('yes');
  // What only the staging place has is no risk of the production place.
  expect(states(issue).publicly_accessible.state).not.toBe('yes');
});

test.each<[RiskState, number]>([
  ['unknown', 0],
  ['no', 0],
  ['yes', 1],
])('9. a risk that is %s counts %d', (state, count) => {
  expect(issueOf([{ severity: 'high', resource: { underAttack: verdict(state) } }])).toMatchObject({
    riskCount: count,
  });
});

test('10. one muted and three open: the open ones are counted, and the worst of them is the severity', () => {
  const issue = issueOf(
    [{ severity: 'critical', resource: on('a') }, MUTED],
    [{ severity: 'low', resource: on('b') }],
    [{ severity: 'high', resource: on('c') }],
    [{ severity: 'medium', resource: on('d') }],
  );
  expect(issue).toMatchObject({ severity: 'high', resources: 3, isMuted: false });
});

describe('14. an advisory', () => {
  test.each<[string, SampleFinding, string, number]>([
    [
      'with CVSS 2 alone',
      { advisory: rated('AV:N/AC:L/Au:N/C:P/I:P/A:P'), resource: { publiclyAccessible: verdict('no') } },
      'medium',
      5.8,
    ],
    [
      'with two sources',
      {
        advisory: advisory({
          claims: [
            { provider: 'ghsa', vector: CRITICAL, word: null },
            { provider: 'nvd', vector: 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H', word: null },
          ],
        }),
      },
      'medium',
      5.5,
    ],
    ['without a CVE, by the scanner’s word', { advisory: null, severity: 'high' }, 'high', 8],
    ['that nobody rates', { advisory: null, severity: null }, 'medium', 5.5],
    // NVD rejected it: its vectors and references are gone, and the report's own word stays.
    ['that was withdrawn', { advisory: advisory({ claims: [], isInNvd: true }), severity: 'low' }, 'low', 2],
  ])('%s', (_, sample, severity, score) => {
    expect(issueOf([sample])).toMatchObject({ severity, lead: { assessment: { score } } });
  });
});

describe('15. a base vector', () => {
  const EPSS = { epss: { score: 0.001, percentile: 0.1, at: SAMPLE_NOW } };
  const vectorOf = (vector: string, more: Partial<AdvisoryFacts> = EPSS): string | null => {
    const { scoring } = issueOf([
      {
        advisory: { ...rated(vector), publishedAt: SAMPLE_NOW - 400 * DAY_MS, ...more },
        resource: { publiclyAccessible: verdict('no') },
      },
    ]).lead.assessment;
    return scoring.by === 'advisory' ? scoring.adjusted.adjustedVector : null;
  };

  test.each<[string, string, RegExp]>([
    ['of high complexity stays there', 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:N/A:N', /\/MAV:A\/MAC:X/],
    ['of low complexity gets high', CRITICAL, /\/MAV:A\/MAC:H/],
    ['from the same machine is no nearer', 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', /\/MAV:X\/MAC:H/],
    ['from within reach of a hand is no nearer', 'CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', /\/MAV:X/],
    [
      'in 4.0 that has E already loses it while nobody knows of an exploit',
      'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U',
      /SA:N(?!.*\/E:U)/,
    ],
  ])('%s', (_, vector, expected) => {
    expect(vectorOf(vector)).toMatch(expected);
  });
});

test('what KEV does not list is no more told once KEV is older than 30 days, at an instant that is stored', () => {
  const feeds = { ...sampleSettings().feeds, kev: SAMPLE_NOW };
  const member = sampleMember({ severity: 'high', advisory: advisory({}) });
  const at = (now: number) => assessIssue([member], sampleSettings({ now, feeds }));
  const until = SAMPLE_NOW + 30 * DAY_MS + 1;
  expect(at(SAMPLE_NOW).validUntil).toBe(until);
  expect([at(until - 1), at(until)].map((issue) => issue.heldBackBy.includes('known_exploited'))).toEqual([
    false,
    true,
  ]);
});

describe('16. emerging', () => {
  const young = (publishedAt: number) =>
    issueOf([
      {
        type: 'infrastructure_vulnerability',
        severity: 'critical',
        advisory: { ...rated(CRITICAL), publishedAt, exploitDb: ['EDB-1'] },
        resource: { publiclyAccessible: verdict('yes'), production: verdict('yes') },
      },
    ]);

  test.each<[string, number, readonly string[]]>([
    ['30 days to the millisecond', SAMPLE_NOW - 30 * DAY_MS, ['default.emerging']],
    ['a millisecond more', SAMPLE_NOW - 30 * DAY_MS - 1, []],
    ['a day given in another time zone', Date.parse('2026-09-01T02:00:00+02:00'), ['default.emerging']],
    ['published again yesterday', SAMPLE_NOW - DAY_MS, ['default.emerging']],
  ])('%s', (_, publishedAt, admittedBy) => {
    expect(young(publishedAt).admittedBy).toEqual(admittedBy);
  });

  test('ends at an instant that is stored, without a scan', () => {
    const publishedAt = SAMPLE_NOW - 29 * DAY_MS;
    expect(young(publishedAt).validUntil).toBe(SAMPLE_NOW + DAY_MS + 1);
    // In the whole, nothing changes at an instant that was not stored.
    expect(young(publishedAt).admittedBy).toEqual(young(SAMPLE_NOW - 30 * DAY_MS).admittedBy);
  });

  test('and so does a clone with days of its own', () => {
    const clone = {
      id: 'own.week',
      title: 'A week',
      sentence: 'Published within a week.',
      types: ['library_vulnerability'],
      when: [{ fact: 'any of', conditions: [{ fact: 'published', withinDays: 7 }] }],
    } as const;
    const sample = sampleMember({ advisory: advisory({ publishedAt: SAMPLE_NOW - 6 * DAY_MS }) });
    const issue = assessIssue([sample], sampleSettings({ rules: [clone] }));
    expect([issue.admittedBy, issue.validUntil]).toEqual([['own.week'], SAMPLE_NOW + DAY_MS + 1]);
    const after = assessIssue([sample], sampleSettings({ rules: [clone], now: SAMPLE_NOW + DAY_MS + 1 }));
    expect(after.admittedBy).toEqual([]);
  });

  test.each([
    ['changes at an instant that is stored', 70, ['critical', 'high']],
    ['goes on to be so where its EPSS is older than 30 days by then', 59, ['critical', 'critical']],
    ['where its EPSS grows as old at that instant', 60, ['critical', 'critical']],
  ])('an advisory is young for 90 days, and %s', (_what, daysOld, severities) => {
    const low = { epss: { score: 0.001, percentile: 0.1, at: SAMPLE_NOW } };
    const member = sampleMember({
      advisory: { ...rated(CRITICAL), ...low, publishedAt: SAMPLE_NOW - daysOld * DAY_MS },
    });
    const at = (now: number) => assessIssue([member], sampleSettings({ now, rules: [] }));
    const until = at(SAMPLE_NOW).validUntil as number;
    expect(until).toBe(SAMPLE_NOW + (90 - daysOld) * DAY_MS + 1);
    expect([at(until - 1).severity, at(until).severity]).toEqual(severities);
  });
});
