import { InboxError } from '#base/inbox-error.ts';
import { RECEIVER_NAME } from '../delivery/receiver.ts';
import type { QueryPlace } from '../query/query-error.ts';
import {
  DUE_DAYS_MAX,
  type NewAutomationRule,
  RULE_ID,
  RULES_MAX,
  TICKETS_A_DAY_MAX,
} from './automation-rule.ts';
import { NEVER_INFO } from './modify-severity.ts';
import { readCondition } from './rule-condition.ts';

/** What is wrong with one of several rules. */
export interface RuleFault {
  /** Its place among the rules that were given. */
  readonly index: number;
  readonly at: 'id' | 'name' | 'types' | 'query' | 'action';
  readonly message: string;
  /** The place in its condition. */
  readonly queryPlace?: QueryPlace;
}

/** Everything that is wrong with rules that are to stand beside each other, in their order; empty: nothing. */
export function ruleFaults(rules: readonly NewAutomationRule[]): readonly RuleFault[] {
  const seen = new Set<string>();
  return rules.flatMap((rule, index) => {
    const faults: RuleFault[] = faultsOf(rule).map((fault) => ({ index, ...fault }));
    if (seen.has(rule.id))
      faults.push({ index, at: 'id', message: `Two rules have the id "${rule.id}". Give one another id.` });
    seen.add(rule.id);
    if (index === RULES_MAX)
      faults.push({ index, at: 'id', message: `An organisation has at most ${RULES_MAX} rules.` });
    return faults;
  });
}

function faultsOf(rule: NewAutomationRule): readonly Omit<RuleFault, 'index'>[] {
  const faults: Omit<RuleFault, 'index'>[] = [];
  if (!RULE_ID.test(rule.id))
    faults.push({
      at: 'id',
      message: `"${rule.id.slice(0, 80)}" is no id: small letters, digits and dashes were expected, 64 at most, such as lower-staging.`,
    });
  if (rule.name === '') faults.push({ at: 'name', message: 'A rule needs a name that is not empty.' });
  if (rule.findingTypes.length === 0)
    faults.push({ at: 'types', message: 'A rule needs at least one type of finding.' });
  const action = faultOfAction(rule);
  if (action !== null) faults.push({ at: 'action', message: action });
  const query = faultOfQuery(rule);
  if (query !== null) faults.push({ at: 'query', ...query });
  return faults;
}

function faultOfQuery({
  query,
  action,
}: NewAutomationRule): Pick<RuleFault, 'message' | 'queryPlace'> | null {
  try {
    readCondition(query, action);
    return null;
  } catch (error) {
    if (!(error instanceof InboxError) || error.code !== 'usage') throw error;
    const { queryPlace } = error.details as { readonly queryPlace: QueryPlace };
    return { message: error.message, queryPlace };
  }
}

function faultOfAction({ action, findingTypes }: NewAutomationRule): string | null {
  switch (action.type) {
    case 'severity': {
      const never = findingTypes.filter((type) => NEVER_INFO.includes(type));
      return 'set' in action && action.set === 'info' && never.length > 0
        ? `Findings of type ${never.join(', ')} are low at least. Set low, or leave the type out.`
        : null;
    }
    case 'mute':
      return action.reason === 'other' && (action.description ?? '') === ''
        ? 'A rule that mutes for another reason needs a description that says which.'
        : null;
    case 'due_date': {
      const days = Object.values(action.days);
      if (days.length === 0 && action.from !== 'kev')
        return 'A rule on due dates needs the days of at least one severity.';
      return days.every((each) => Number.isInteger(each) && each >= 1 && each <= DUE_DAYS_MAX)
        ? null
        : `Days are whole numbers from 1 to ${DUE_DAYS_MAX}.`;
    }
    case 'inbox':
      return action.reason === '' ? 'A rule that takes in needs the reason that people read.' : null;
    case 'assign':
      return (action.team === null) === (action.person === null)
        ? 'A rule that assigns names a team or a person, one of both.'
        : null;
    case 'ticket':
      if (!RECEIVER_NAME.test(action.receiver))
        return 'A rule that makes tickets names the tracker in which it makes them, as "receivers list" prints it.';
      return Number.isInteger(action.perDay) && action.perDay >= 1 && action.perDay <= TICKETS_A_DAY_MAX
        ? null
        : `Tickets a day are a whole number from 1 to ${TICKETS_A_DAY_MAX}.`;
  }
}
