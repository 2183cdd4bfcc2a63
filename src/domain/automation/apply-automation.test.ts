import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import {
  SAMPLE_NOW,
  type SampleFinding,
  sampleMember,
  sampleSettings,
} from '../inbox/assess-issue.test-sample.ts';
import { assessIssue } from '../inbox/assess-issue.ts';
import type { Decisions } from '../inbox/decisions.ts';
import { unknownAdvisory } from '../risk/advisory-facts.ts';
import { sampleRule } from './automation.test-sample.ts';
import { type AutomationRule, RULE_TYPES } from './automation-rule.ts';
import { fieldsOfRules } from './rule-condition.ts';
import { rulesInForce } from './rules-in-force.ts';
import { traceRules } from './trace-rules.ts';

function assessed(
  rules: readonly AutomationRule[],
  sample: SampleFinding = {},
  decisions: Partial<Decisions> = {},
  now = SAMPLE_NOW,
) {
  const finding: SampleFinding = { severity: 'high', ...sample };
  return assessIssue(
    [sampleMember(finding, decisions)],
    sampleSettings({ now, automation: rulesInForce(rules) }),
  );
}

const NOTHING_BY_HAND = {
  isKeptUnmuted: false,
  isMuted: false,
  hasDueDate: false,
  hasAssignee: false,
  hasTeam: false,
  dueAt: null,
};
const set = (severity: 'critical' | 'low' | 'info' | 'high') =>
  ({ type: 'severity', set: severity }) as const;
const shift = (by: 'up_one' | 'down_one') => ({ type: 'severity', shift: by }) as const;
const mute = { type: 'mute', reason: 'no_fix', until: null, description: null } as const;
const takeIn = { type: 'inbox', reason: 'because' } as const;
const due = { type: 'due_date', days: { critical: 7, high: 30 }, from: 'first_seen' } as const;
const toTeam = { type: 'assign', team: 'red', person: null } as const;
const toAnna = { type: 'assign', team: null, person: 'anna' } as const;

test('whatever rules can ask for is known of a finding', () => {
  const { asked } = assessed([sampleRule('r', mute)]).lead.automation;
  for (const type of RULE_TYPES)
    for (const { name } of fieldsOfRules(type))
      expect(asked?.facts[type === 'severity' ? 'severity' : 'others'][name], name).toBeDefined();
});

describe('a rule on severity', () => {
  test.each([
    ['sets it, with the middle of the band', set('low'), {}, 'low', 2],
    ['shifts it up', shift('up_one'), {}, 'critical', 9.5],
    ['shifts it down', shift('down_one'), {}, 'medium', 5.5],
    ['shifts nothing beyond the worst', shift('up_one'), { severity: 'critical' }, 'critical', 9.5],
    ['shifts low to info where that is a severity', shift('down_one'), { severity: 'low' }, 'info', 0],
    [
      'and not where something is always wrong',
      shift('down_one'),
      { severity: 'low', type: 'secret' },
      'low',
      2,
    ],
    ['shifts nothing that nobody rated', shift('up_one'), { severity: null, type: 'secret' }, 'medium', 5.5],
    ['sets what nobody rated', set('critical'), { severity: null, type: 'secret' }, 'critical', 9.5],
  ] as const)('%s', (_what, action, sample, severity, score) => {
    const rule = sampleRule('r', action, { findingTypes: ['library_vulnerability', 'secret'] });
    expect(assessed([rule], sample)).toMatchObject({ severity, score });
  });

  test('leaves what a person says of an advisory, and says so', () => {
    const rated = { vector: null, severity: 'low', reason: 'never called', by: 'ada', at: 1 } as const;
    const { lead, severity } = assessIssue(
      [sampleMember({ severity: 'high', advisory: unknownAdvisory('CVE-2026-1234') })],
      sampleSettings({
        automation: rulesInForce([sampleRule('up', shift('up_one')), sampleRule('set', set('critical'))]),
        ratings: new Map([['CVE-2026-1234', rated]]),
      }),
    );
    expect([severity, lead.automation.severity, lead.automation.matches]).toEqual(['low', null, []]);
    const [trace] = traceRules(lead.finding, lead.automation, NOTHING_BY_HAND);
    expect(trace?.passedOver.map(({ sentence }) => sentence)).toEqual([
      'A person rated the advisory, and that counts.',
      'A person rated the advisory, and that counts.',
    ]);
  });

  test('a rule that would change nothing is no match, and the next one acts', () => {
    const rules = [sampleRule('same', set('high')), sampleRule('next', set('low'))];
    const { lead, severity } = assessed(rules);
    expect(severity).toBe('low');
    expect(lead.automation.matches).toEqual([{ rule: 'next', takenBy: null }]);
    expect(lead.automation.severity).toMatchObject({ from: { severity: 'high', score: 8 } });
  });

  test('all other rules, those of admission too, see the severity as it is then', () => {
    const onLow = (id: string, action: AutomationRule['action']) =>
      sampleRule(id, action, { query: 'severity:low' });
    const sample: SampleFinding = { resource: { environment: 'production' } };
    const lowered = [sampleRule('lower', set('low')), onLow('mute', mute)];
    expect(assessed(lowered, sample).isMuted).toBe(true);
    expect(assessed([onLow('mute', mute)], sample).isMuted).toBe(false);
    const computed = sampleRule('mute', mute, { query: 'computed_severity:high computed_score:8' });
    expect(assessed([sampleRule('lower', set('low')), computed], sample).isMuted).toBe(true);
    // `default.known-exploited` asks for high or critical.
    const exploited: SampleFinding = {
      summary: {
        publishedAt: SAMPLE_NOW,
        exploits: [{ source: 's', kind: 'known_exploited', sentence: 'x' }],
      },
    };
    expect(assessed([], exploited).isAdmitted).toBe(true);
    expect(assessed([sampleRule('lower', set('low'))], exploited).isAdmitted).toBe(false);
  });
});

describe('of a type the first rule that matches acts, and types for themselves', () => {
  test('a narrow rule behind a broad one never acts, and says by which it is taken', () => {
    const rules = [
      sampleRule('broad', toTeam),
      sampleRule('narrow', toAnna, { query: 'title:flaw' }),
      sampleRule('in', takeIn),
    ];
    const { lead, team, assignee, admittedBy } = assessed(rules);
    expect([team, assignee, admittedBy]).toEqual(['red', null, ['in']]);
    expect(lead.automation.matches).toEqual([
      { rule: 'in', takenBy: null },
      { rule: 'broad', takenBy: null },
      { rule: 'narrow', takenBy: 'broad' },
    ]);
  });

  test.each([
    ['another type', { findingTypes: ['secret'] }, 'It is not about findings of type library vulnerability.'],
    ['a condition that fails', { query: 'flaw title:other' }, 'Fails at: title:other.'],
    [
      'a condition that nobody can tell',
      { query: 'risk:in_production' },
      'Nobody can tell: risk:in_production.',
    ],
    ['nor its opposite', { query: '-risk:in_production' }, 'Nobody can tell: -risk:in_production.'],
    [
      'what KEV would tell where nobody read it',
      { query: 'known_exploited:no' },
      'Nobody can tell: known_exploited:no.',
    ],
    [
      'one that is known to fail before one that is not known',
      { query: 'risk:in_production type:secret' },
      'Fails at: type:secret.',
    ],
    ['the same the other way about', { query: 'type:secret risk:in_production' }, 'Fails at: type:secret.'],
    ['the first of two that fail', { query: 'title:other title:moon' }, 'Fails at: title:other.'],
  ] as const)('%s keeps it from matching', (_what, more, sentence) => {
    const rules = [sampleRule('first', mute, more), sampleRule('second', mute)];
    const { lead } = assessed(rules, { advisory: unknownAdvisory('CVE-2026-1234') });
    const [trace] = traceRules(lead.finding, lead.automation, NOTHING_BY_HAND);
    expect(trace).toEqual({
      type: 'mute',
      rule: { id: 'second', name: 'Rule second' },
      sentence: 'Muted, no fix.',
      passedOver: [{ id: 'first', name: 'Rule first', sentence }],
    });
  });

  test('one that is switched off does not count', () => {
    expect(assessed([sampleRule('off', mute, { isEnabled: false })]).isMuted).toBe(false);
  });

  test('one that this program cannot read does not act, and says why', () => {
    const inForce = rulesInForce([sampleRule('new', mute, { query: 'moon:full' })]);
    expect(inForce.rules.mute).toEqual([]);
    expect(inForce.unreadable.get('new')).toContain('There is no field "moon"');
  });
});

describe('a person has the last word', () => {
  const at = SAMPLE_NOW - DAY_MS;
  const byHand = { reason: 'r', until: null, by: 'bob', at };
  test.each<[string, readonly AutomationRule[], Partial<Decisions>, object]>([
    ['a mute by hand stays without the rule', [], { mute: byHand }, { isMuted: true }],
    ['and beside it', [sampleRule('m', mute)], { mute: byHand }, { isMuted: true }],
    [
      'what somebody unmuted no rule mutes',
      [sampleRule('m', mute)],
      { isKeptUnmuted: true },
      { isMuted: false },
    ],
    [
      'a mute by hand that ran out leaves it to the rule',
      [sampleRule('m', mute)],
      { mute: { ...byHand, until: at } },
      { isMuted: true },
    ],
    ['a due date by hand', [sampleRule('d', due)], { dueAt: 5 }, { dueAt: 5 }],
    ['none by hand', [sampleRule('d', due)], { hasNoDueDate: true }, { dueAt: null }],
    ['an assignee by hand', [sampleRule('a', toAnna)], { assignee: 'bob' }, { assignee: 'bob' }],
    ['nobody by hand', [sampleRule('a', toAnna)], { hasNoAssignee: true }, { assignee: null }],
    [
      'taken in by hand and by a rule',
      [sampleRule('i', takeIn)],
      { admitted: { reason: null, by: 'bob', at } },
      { admittedBy: ['by-hand', 'i'] },
    ],
  ])('%s', (_what, rules, decisions, expected) => {
    expect(assessed(rules, {}, decisions)).toMatchObject(expected);
  });
});

describe('time', () => {
  const untilTomorrow = { ...mute, until: SAMPLE_NOW + DAY_MS };

  test('a rule that mutes for a time lets go then, the issue is looked at then, and it may be overdue at once', () => {
    const rules = [sampleRule('m', untilTomorrow), sampleRule('d', due)];
    const told = { firstSeen: SAMPLE_NOW - 60 * DAY_MS };
    expect(assessed(rules, { told })).toMatchObject({
      isMuted: true,
      dueAt: null,
      validUntil: SAMPLE_NOW + DAY_MS,
    });
    expect(assessed(rules, { told }, {}, SAMPLE_NOW + DAY_MS)).toMatchObject({
      isMuted: false,
      dueAt: SAMPLE_NOW - 30 * DAY_MS,
    });
  });

  test('while it is over, the next rule acts', () => {
    const rules = [sampleRule('m', untilTomorrow), sampleRule('n', mute)];
    const matches = (now: number) => assessed(rules, {}, {}, now).lead.automation.mute?.id;
    expect([matches(SAMPLE_NOW), matches(SAMPLE_NOW + DAY_MS)]).toEqual(['m', 'n']);
  });
});
