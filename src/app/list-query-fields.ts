import type { RuleType } from '#domain/automation/automation-rule.ts';
import { fieldsOfRules } from '#domain/automation/rule-condition.ts';
import { BY_HAND } from '#domain/inbox/assess-issue.ts';
import { effectiveRules } from '#domain/inbox/effective-rules.ts';
import { QUERY_FIELDS, type QueryField, type QueryFieldName } from '#domain/query/query-fields.ts';
import { type AppContext, permit } from './context.ts';

/**
 * The fields of the query language in the order of its page, with the values that there are where those are few: for
 * lists, or those that conditions of rules of a type can ask for.
 */
export async function listQueryFields(
  ctx: AppContext,
  { ruleType }: { readonly ruleType: RuleType | null } = { ruleType: null },
): Promise<readonly QueryField[]> {
  permit(ctx, 'read');
  const [sources, edits] = await Promise.all([ctx.sources.list(), ctx.admission.edits()]);
  const known: Partial<Record<QueryFieldName, readonly string[]>> = {
    source: sources.map((source) => source.name),
    tool: sources.map((source) => source.tool),
    admitted_by: [...effectiveRules(edits).map((rule) => rule.id), BY_HAND],
  };
  const fields = ruleType === null ? QUERY_FIELDS : fieldsOfRules(ruleType);
  return fields.map((field) => ({ ...field, values: [...new Set(known[field.name] ?? field.values)] }));
}
