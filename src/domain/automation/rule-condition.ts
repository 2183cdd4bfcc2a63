import { parseCondition } from '../query/parse-query.ts';
import type { Query } from '../query/query.ts';
import { QUERY_FIELDS, type QueryField, type QueryFieldName, RULE_FIELDS } from '../query/query-fields.ts';
import type { RuleType } from './automation-rule.ts';

const LOOP = 'that is what rules decide, so the rule would change its own condition';

/** What rules decide or what follows from it: a rule that asked for it might undo its own condition. */
const DECIDED: Partial<Record<QueryFieldName, string>> = {
  status: 'it tells where the work on an issue stands, which muting and taking in change',
  muted: LOOP,
  admitted: LOOP,
  admitted_by: LOOP,
  due: LOOP,
  overdue: LOOP,
  assignee: LOOP,
  snoozed: 'it tells where the work on an issue stands, which muting and taking in change',
  regressed: 'it tells of the whole issue, and a rule is about one finding',
  resources: 'it counts what rules leave unmuted',
  services: 'it counts what rules leave unmuted',
  impact: 'it counts what rules leave unmuted',
  fix: 'it tells of the lead finding of an issue, and a rule is about one finding',
  findings: 'it counts over the whole issue, and a rule is about one finding',
};

/**
 * Why a rule of this type cannot ask for a field; null: it can (reference behaviour §8.2). `setsTeam`: it is one that
 * assigns to a team.
 */
function whyRefused(type: RuleType, setsTeam: boolean): (field: QueryField) => string | null {
  return ({ name }) => {
    const decided = DECIDED[name];
    if (decided !== undefined) return `A rule cannot ask for ${name}: ${decided}.`;
    if (type === 'severity' && (name === 'severity' || name === 'score'))
      return `A rule that modifies the severity cannot ask for ${name}: ${LOOP}. Ask for computed_${name}, which is how it was before.`;
    if (setsTeam && name === 'team')
      return `A rule that assigns to a team cannot ask for team: ${LOOP}. Ask for service, resource or source.`;
    return null;
  };
}

/** The fields for which rules of a type can ask, in the order of pages. */
export function fieldsOfRules(type: RuleType): readonly QueryField[] {
  const refused = whyRefused(type, false);
  return [...QUERY_FIELDS, ...RULE_FIELDS].filter((field) => refused(field) === null);
}

/** Reads the condition of a rule. Throws `usage` with the place as `queryPlace` in its details. */
export function readCondition(
  text: string,
  action: { readonly type: RuleType; readonly team?: string | null },
): Query {
  return parseCondition(text, whyRefused(action.type, action.team != null));
}
