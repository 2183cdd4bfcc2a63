import type { Instant } from '#base/instant.ts';
import type { AutomationRule, RuleAction } from '#domain/automation/automation-rule.ts';
import type { FindingType } from '#domain/finding/finding-type.ts';
import type { Queryable } from './database.ts';
import type { Organisation } from './organisation.ts';

/** As it is stored. */
export interface RuleRow {
  readonly id: string;
  readonly name: string;
  readonly is_enabled: boolean;
  readonly finding_types: readonly FindingType[];
  readonly query: string;
  readonly action: RuleAction;
  readonly actor: string;
  readonly at: Instant;
}

/** The rules of an organisation that act on findings, those of a type in their order; switched off ones too. */
export async function loadAutomationRules(
  db: Queryable,
  { id }: Organisation,
): Promise<readonly AutomationRule[]> {
  const result = await db.query<RuleRow>({
    name: 'automation-rules',
    text: 'select id, name, is_enabled, finding_types, query, action, actor, at from automation_rule where organisation = $1 order by type, position',
    values: [id],
  });
  return result.rows.map(automationRule);
}

/** The same rows as one value, for a statement that asks for more. */
export const RULES_AS_JSON = `jsonb_agg(jsonb_build_object('id', id, 'name', name, 'is_enabled', is_enabled, 'finding_types', finding_types, 'query', query, 'action', action,
    'actor', actor, 'at', floor(extract(epoch from at) * 1000)) order by type, position)`;

export function automationRule(row: RuleRow): AutomationRule {
  return {
    id: row.id,
    name: row.name,
    isEnabled: row.is_enabled,
    findingTypes: row.finding_types,
    query: row.query,
    action: row.action,
    by: row.actor,
    at: row.at,
  };
}

/** Stores all rules of an organisation in the place of those before. */
export async function saveAutomationRules(
  db: Queryable,
  { id }: Organisation,
  rules: readonly AutomationRule[],
): Promise<void> {
  await db.query('delete from automation_rule where organisation = $1', [id]);
  await db.query(
    `insert into automation_rule (organisation, id, type, position, name, is_enabled, finding_types, query, action, actor, at)
     select $1, id, type, position, name, is_enabled, finding_types, query, action, actor, at
     from jsonb_to_recordset($2) as rule (id text, type text, position integer, name text, is_enabled boolean, finding_types text[], query text, action jsonb, actor text, at timestamptz)`,
    [
      id,
      JSON.stringify(
        rules.map((rule, position) => ({
          id: rule.id,
          type: rule.action.type,
          position,
          name: rule.name,
          is_enabled: rule.isEnabled,
          finding_types: rule.findingTypes,
          query: rule.query,
          action: rule.action,
          actor: rule.by,
          at: new Date(rule.at).toISOString(),
        })),
      ),
    ],
  );
}
