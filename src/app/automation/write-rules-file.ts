import { stringify } from 'yaml';
import { instantText } from '#base/instant.ts';
import { type NewAutomationRule, RULE_TYPES, type RuleAction } from '#domain/automation/automation-rule.ts';
import { SEVERITIES } from '#domain/severity/severity.ts';

const HEAD = `# Rules of this organisation. Of each type the first that matches a finding acts.
# "security-inbox rules apply FILE" puts the lists of this file in the place of what is there.
`;

/** The rules as a file that reads as the same rules; every type is there, an empty one with an empty list. */
export function writeRulesFile(rules: readonly NewAutomationRule[]): string {
  const lists = Object.fromEntries(
    RULE_TYPES.map((type) => [type, rules.filter(({ action }) => action.type === type).map(entryOf)]),
  );
  return HEAD + stringify(lists, { lineWidth: 0 });
}

/** One rule as the file has it; what is as it would be without being said is left out. */
function entryOf({
  id,
  name,
  isEnabled,
  findingTypes,
  query,
  action,
}: NewAutomationRule): Readonly<Record<string, unknown>> {
  return {
    id,
    name,
    ...(isEnabled ? {} : { enabled: false }),
    for: [...findingTypes],
    ...(query === '' ? {} : { when: query }),
    ...membersOf(action),
  };
}

function membersOf(action: RuleAction): Readonly<Record<string, unknown>> {
  switch (action.type) {
    case 'severity':
      return 'set' in action ? { set: action.set } : { shift: action.shift };
    case 'mute':
      return {
        reason: action.reason,
        ...(action.until === null ? {} : { until: instantText(action.until) }),
        ...(action.description === null ? {} : { description: action.description }),
      };
    case 'due_date': {
      const days = SEVERITIES.flatMap((severity) => {
        const count = action.days[severity];
        return count === undefined ? [] : [[severity, count] as const];
      });
      return { ...(days.length === 0 ? {} : { days: Object.fromEntries(days) }), from: action.from };
    }
    case 'inbox':
      return { reason: action.reason };
    case 'assign':
      return action.team === null ? { person: action.person } : { team: action.team };
    case 'ticket':
      return {
        receiver: action.receiver,
        per_day: action.perDay,
        ...(action.existing ? { existing: true } : {}),
        ...(action.all ? { all: true } : {}),
        ...(action.keepsOpen === true ? { close: false } : {}),
      };
  }
}
