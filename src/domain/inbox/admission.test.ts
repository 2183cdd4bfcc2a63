import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import { type AdvisoryFacts, type FeedDates, unknownAdvisory } from '../risk/advisory-facts.ts';
import { assessFinding } from '../risk/assess-finding.ts';
import type { RiskState, RiskVerdict } from '../risk/detected-risk.ts';
import { applyRules } from './admission.ts';
import type { AdmissionRule, Condition } from './admission-rule.ts';
import { SAMPLE_NOW, type SampleFinding, sampleFinding, sampleSettings } from './assess-issue.test-sample.ts';
import { DEFAULT_RULES } from './default-rules.ts';

const verdict = (state: RiskState): RiskVerdict => ({ state, evidence: [], missing: [] });
const advisory = (more: Partial<AdvisoryFacts> = {}): AdvisoryFacts => ({
  ...unknownAdvisory('CVE-2026-1234'),
  ...more,
});
const KNOWN = { addedAt: null, ransomware: false };

/** KEV was read today; of the other feeds none. */
const LOOKED = { ...sampleSettings().feeds, kev: SAMPLE_NOW };

function verdicts(
  sample: SampleFinding,
  feeds: FeedDates = LOOKED,
  rules: readonly AdmissionRule[] = DEFAULT_RULES,
) {
  const finding = sampleFinding(sample);
  const settings = sampleSettings({ feeds });
  return applyRules(rules, finding, assessFinding(finding, settings), settings);
}

type Row = readonly [
  rule: string,
  what: string,
  sample: SampleFinding,
  verdict: 'met' | 'not met' | 'unknown',
  names: readonly string[],
];

const library = (production: RiskState, underAttack: RiskState, more: SampleFinding = {}): SampleFinding => ({
  severity: 'high',
  advisory: advisory(),
  resource: { production: verdict(production), underAttack: verdict(underAttack) },
  ...more,
});
const infrastructure = (more: SampleFinding): SampleFinding => ({
  type: 'infrastructure_vulnerability',
  severity: 'critical',
  advisory: advisory(),
  ...more,
});
const published = (daysAgo: number) =>
  advisory({ publishedAt: SAMPLE_NOW - daysAgo * DAY_MS, exploitDb: ['EDB-1'] });
/** Open to the internet and in production, with an exploit: what the source page calls critical. */
const emerging = (more: SampleFinding): SampleFinding =>
  infrastructure({
    resource: { publiclyAccessible: verdict('yes'), production: verdict('yes') },
    ...more,
  });

const ROWS: readonly Row[] = [
  ['library_vulnerability', 'high, in production, under attack', library('yes', 'yes'), 'met', []],
  ['library_vulnerability', 'medium', library('yes', 'yes', { severity: 'medium' }), 'not met', ['severity']],
  ['library_vulnerability', 'in staging', library('no', 'yes'), 'not met', ['in_production']],
  ['library_vulnerability', 'attacks unknown', library('yes', 'unknown'), 'unknown', ['under_attack']],
  [
    'library_vulnerability',
    'nothing known',
    library('unknown', 'unknown'),
    'unknown',
    ['in_production', 'under_attack'],
  ],
  [
    'library_vulnerability',
    'not attacked, production unknown',
    library('unknown', 'no'),
    'not met',
    ['under_attack'],
  ],
  [
    'known-exploited',
    'listed, production unknown',
    library('unknown', 'no', { advisory: advisory({ knownExploited: KNOWN }) }),
    'met',
    [],
  ],
  [
    'known-exploited',
    'of a package of the system, not known to be outside production',
    infrastructure({ advisory: advisory({ knownExploited: KNOWN }) }),
    'met',
    [],
  ],
  [
    'known-exploited',
    'said by the report',
    library('yes', 'no', {
      summary: { exploits: [{ source: 'grype', kind: 'known_exploited', sentence: 's' }] },
    }),
    'met',
    [],
  ],
  [
    'known-exploited',
    'in staging',
    library('no', 'no', { advisory: advisory({ knownExploited: KNOWN }) }),
    'not met',
    ['in_production'],
  ],
  [
    'known-exploited',
    'of medium severity',
    library('yes', 'no', { severity: 'medium', advisory: advisory({ knownExploited: KNOWN }) }),
    'not met',
    ['severity'],
  ],
  [
    'known-exploited',
    'an exploit that is only published',
    library('yes', 'yes', { advisory: advisory({ exploitDb: ['EDB-1'] }) }),
    'not met',
    ['known_exploited'],
  ],
  ['emerging', 'critical, 30 days old', emerging({ advisory: published(30) }), 'met', []],
  [
    'emerging',
    'as young as the report says, where no feed does',
    emerging({ advisory: advisory({ exploitDb: ['EDB-1'] }), summary: { publishedAt: SAMPLE_NOW } }),
    'met',
    [],
  ],
  [
    'emerging',
    'younger by the report than by the feeds, which count',
    emerging({ advisory: published(31), summary: { publishedAt: SAMPLE_NOW } }),
    'not met',
    ['published', 'emerging'],
  ],
  [
    'emerging',
    'critical and young, of which nothing else is known',
    infrastructure({ advisory: published(1) }),
    'unknown',
    ['publicly_accessible', 'in_production'],
  ],
  [
    'emerging',
    'critical and young, behind a firewall',
    emerging({
      advisory: published(1),
      resource: { publiclyAccessible: verdict('no'), production: verdict('yes') },
    }),
    'not met',
    ['publicly_accessible', 'emerging'],
  ],
  [
    'emerging',
    'critical and young, outside production',
    emerging({
      advisory: published(1),
      resource: { publiclyAccessible: verdict('yes'), production: verdict('no') },
    }),
    'not met',
    ['in_production', 'emerging'],
  ],
  [
    'emerging',
    'critical and young, and nobody knows of an exploit',
    emerging({ advisory: advisory({ publishedAt: SAMPLE_NOW }) }),
    'unknown',
    ['exploit_available'],
  ],
  [
    'emerging',
    'critical, older',
    emerging({ advisory: published(31) }),
    'not met',
    ['published', 'emerging'],
  ],
  [
    'emerging',
    'critical, nobody knows when published',
    emerging({ advisory: advisory({ exploitDb: ['EDB-1'] }) }),
    'unknown',
    ['published'],
  ],
  [
    'emerging',
    'high, young',
    emerging({ severity: 'high', advisory: published(1) }),
    'not met',
    ['severity', 'emerging'],
  ],
  [
    'emerging',
    'low, listed',
    infrastructure({ severity: 'low', advisory: advisory({ emergingUntil: SAMPLE_NOW + 1 }) }),
    'met',
    [],
  ],
  [
    'emerging',
    'low, its listing has run out',
    emerging({ severity: 'low', advisory: advisory({ emergingUntil: SAMPLE_NOW }) }),
    'not met',
    ['severity', 'emerging'],
  ],
  ['code_vulnerability', 'high', { type: 'code_vulnerability', severity: 'high' }, 'met', []],
  [
    'code_vulnerability',
    'medium',
    { type: 'code_vulnerability', severity: 'medium' },
    'not met',
    ['severity'],
  ],
  [
    'code_vulnerability',
    'lint',
    { type: 'code_vulnerability', severity: 'high', summary: { about: 'other' } },
    'not met',
    ['about_security', 'severity'],
  ],
  [
    'misconfiguration',
    'of a marked control',
    { type: 'misconfiguration', control: 'net.sg.any-all' },
    'met',
    [],
  ],
  [
    'misconfiguration',
    'of another control',
    { type: 'misconfiguration', control: 'net.nacl.admin-ports' },
    'not met',
    ['curated_control'],
  ],
  [
    'misconfiguration',
    'of no control',
    { type: 'misconfiguration', severity: 'critical' },
    'not met',
    ['curated_control'],
  ],
  [
    'identity_risk',
    'of a marked control',
    { type: 'identity_risk', control: 'id.root.access-key' },
    'met',
    [],
  ],
  ['identity_risk', 'of no control', { type: 'identity_risk' }, 'not met', ['curated_control']],
  [
    'iac_misconfiguration',
    'of a marked control',
    { type: 'iac_misconfiguration', control: 'net.sg.any-all' },
    'met',
    [],
  ],
  ['iac_misconfiguration', 'of no control', { type: 'iac_misconfiguration' }, 'not met', ['curated_control']],
  ['secret', 'that nobody tried', { type: 'secret', summary: { secretState: 'unknown' } }, 'met', []],
  ['secret', 'that works', { type: 'secret', summary: { secretState: 'active' } }, 'met', []],
  [
    'secret',
    'that was refused',
    { type: 'secret', summary: { secretState: 'inactive' } },
    'not met',
    ['active_secret'],
  ],
  ['attack_path', 'any', { type: 'attack_path' }, 'met', []],
];

test.each(ROWS)('%s: %s', (rule, _what, sample, expected, names) => {
  const applied = verdicts(sample).find((each) => each.rule.id === `default.${rule}`);
  expect(applied?.verdict).toBe(expected);
  expect(expected === 'unknown' ? applied?.missing : applied?.failed).toEqual(names);
});

test('every default rule stands in the table as met, and as not met unless it takes everything', () => {
  for (const rule of DEFAULT_RULES) {
    const rows = ROWS.filter(([id]) => rule.id === `default.${id}`).map(([, , , each]) => each);
    expect(rows).toContain('met');
    if (rule.when.length > 0) expect(rows).toContain('not met');
  }
});

describe('a rule', () => {
  test('says nothing about findings of other types', () => {
    expect(verdicts({ type: 'api_finding', severity: 'critical' })).toEqual([]);
    expect(verdicts({ type: 'secret' }).map((each) => each.rule.id)).toEqual(['default.secret']);
  });

  // A clone has its own conditions, one within the other.
  const high: Condition = { fact: 'severity', atLeast: 'high' };
  const production: Condition = { fact: 'risk', risk: 'in_production', is: 'yes' };
  const attacked: Condition = { fact: 'risk', risk: 'under_attack', is: 'yes' };
  const all: Condition = { fact: 'all of', conditions: [high, production, attacked] };
  const any: Condition = { fact: 'any of', conditions: [production, attacked] };
  test.each<[string, Condition, SampleFinding, string, readonly string[], readonly string[]]>([
    ['all of which are met', all, library('yes', 'yes'), 'met', [], []],
    [
      'all, of which one fails and one is not known',
      all,
      library('unknown', 'no'),
      'not met',
      ['under_attack'],
      [],
    ],
    ['all, in their order', all, library('no', 'no'), 'not met', ['in_production', 'under_attack'], []],
    ['all, of which one is not known', all, library('unknown', 'yes'), 'unknown', [], ['in_production']],
    ['any, of which one is met', any, library('unknown', 'yes'), 'met', [], []],
    ['any, of which one is not known', any, library('no', 'unknown'), 'unknown', [], ['under_attack']],
    ['any, of which none is met', any, library('no', 'no'), 'not met', ['in_production', 'under_attack'], []],
  ])('asks for %s', (_, condition, sample, verdict, failed, missing) => {
    const rule = {
      ...(DEFAULT_RULES[0] as AdmissionRule),
      types: [sampleFinding(sample).type],
      when: [condition],
    };
    expect(verdicts(sample, LOOKED, [rule])).toEqual([{ rule, verdict, failed, missing }]);
  });
});

describe('what KEV does not list', () => {
  const high = library('yes', 'no');
  const said = library('yes', 'no', {
    summary: { exploits: [{ source: 'grype', kind: 'known_exploited', sentence: 's' }] },
  });
  const listed = library('yes', 'no', { advisory: advisory({ knownExploited: KNOWN }) });

  test.each<[string, SampleFinding, number | null, string, readonly string[]]>([
    ['is not used where KEV is 30 days old', high, SAMPLE_NOW - 30 * DAY_MS, 'not met', []],
    ['may be where it is older', high, SAMPLE_NOW - 30 * DAY_MS - 1, 'unknown', ['known_exploited']],
    ['and where it was never read', high, null, 'unknown', ['known_exploited']],
    ['but what it listed stays', listed, SAMPLE_NOW - 900 * DAY_MS, 'met', []],
    ['and what a report says', said, null, 'met', []],
    ['and what is no advisory nobody lists', { severity: 'high' }, null, 'not met', []],
  ])('%s', (_, sample, kev, verdict, missing) => {
    const applied = verdicts(sample, { ...LOOKED, kev }).find(
      ({ rule }) => rule.id === 'default.known-exploited',
    );
    expect([applied?.verdict, applied?.missing]).toEqual([verdict, missing]);
  });
});
