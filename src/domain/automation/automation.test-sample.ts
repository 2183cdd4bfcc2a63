import fc from 'fast-check';
import { DAY_MS } from '#base/instant.ts';
import { FINDING_TYPES } from '../finding/finding-type.ts';
import { SEVERITIES } from '../severity/severity.ts';
import {
  type AutomationRule,
  DUE_FROM,
  MUTE_REASONS,
  type NewAutomationRule,
  type RuleAction,
  SHIFTS,
} from './automation-rule.ts';

const AT = Date.UTC(2026, 9, 1);

/** A rule for tests: on libraries, without a condition, made at some time. */
export function sampleRule(
  id: string,
  action: RuleAction,
  more: Partial<AutomationRule> = {},
): AutomationRule {
  return {
    id,
    name: `Rule ${id}`,
    isEnabled: true,
    findingTypes: ['library_vulnerability'],
    query: '',
    action,
    by: 'anna',
    at: AT,
    ...more,
  };
}

const text = fc
  .array(fc.constantFrom('a', 'Zß', '"', '\\', ': ', '# ', '- ', "'", '{', ']', '😀', '0', 'null', 'yes'), {
    minLength: 1,
    maxLength: 5,
  })
  .map((parts) => `x${parts.join('')}`.trim());

const actions: fc.Arbitrary<RuleAction> = fc.oneof(
  fc.constantFrom(...SEVERITIES.slice(0, 4)).map((set): RuleAction => ({ type: 'severity', set })),
  fc.constantFrom(...SHIFTS).map((shift): RuleAction => ({ type: 'severity', shift })),
  fc
    .record({
      reason: fc.constantFrom(...MUTE_REASONS),
      until: fc.option(fc.integer({ min: 1, max: 900 }).map((days) => AT + days * DAY_MS)),
      description: text,
    })
    .map((rest): RuleAction => ({ type: 'mute', ...rest })),
  fc
    .record({
      days: fc
        .uniqueArray(fc.constantFrom(...SEVERITIES), { minLength: 1 })
        .map((all) => Object.fromEntries(all.map((severity, index) => [severity, index + 1]))),
      from: fc.constantFrom(...DUE_FROM),
    })
    .map((rest): RuleAction => ({ type: 'due_date', ...rest })),
  text.map((reason): RuleAction => ({ type: 'inbox', reason })),
  fc.tuple(text, fc.boolean()).map(
    ([name, isTeam]): RuleAction => ({
      type: 'assign',
      team: isTeam ? name : null,
      person: isTeam ? null : name,
    }),
  ),
);

/** Rules that can stand beside each other, sorted by type as files have them. */
export const rulesTogether: fc.Arbitrary<readonly NewAutomationRule[]> = fc.uniqueArray(
  fc.record({
    id: fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,12}$/),
    name: text,
    isEnabled: fc.boolean(),
    findingTypes: fc.uniqueArray(fc.constantFrom(...FINDING_TYPES), { minLength: 1, maxLength: 3 }),
    query: fc
      .constantFrom('', 'risk:in_production', 'title:"a: b"', '-flaw OR cve:CVE-2026-*', '#"', "it's")
      .filter((each) => each !== '#"'),
    action: actions,
  }),
  { selector: ({ id }) => id, maxLength: 8 },
);
