import type { Instant } from '#base/instant.ts';
import { foldName, foldText } from '#domain/query/folded-text.ts';
import type { Query, QueryTerm, QueryValue } from '#domain/query/query.ts';
import type { QueryFieldName, RuleFieldName } from '#domain/query/query-fields.ts';
import { boundsOf } from '#domain/query/query-values.ts';
import { DETECTED_RISKS, type DetectedRisk } from '#domain/risk/detected-risk.ts';
import { type Severity, severityRank } from '#domain/severity/severity.ts';
import type { Organisation } from './organisation.ts';

/** What a condition is compiled with: `bind` takes a value and answers its place in the statement. */
export interface QueryContext {
  readonly organisation: Organisation;
  readonly now: Instant;
  readonly bind: (value: unknown) => string;
}

/**
 * A query as a condition on rows of `issue`, whose shard is `$1`. It is true where the query holds, null where nobody
 * can tell, as `evaluateQuery` says it of the same issue.
 */
export function issueCondition(query: Query, context: QueryContext): string {
  switch (query.is) {
    case 'everything':
      return 'true';
    case 'and':
    case 'or':
      return `(${query.of.map((each) => issueCondition(each, context)).join(` ${query.is} `)})`;
    case 'not':
      return `(not ${issueCondition(query.of, context)})`;
    case 'words':
      return inTexts(`text like ${context.bind(likeWords(query.parts))}`);
    case 'term':
      return conditionOf(query.field)(query, context);
  }
}

type FieldCondition = (term: QueryTerm, context: QueryContext) => string;

function conditionOf(field: QueryFieldName): FieldCondition {
  const condition = (FIELDS as Partial<Record<QueryFieldName, FieldCondition>>)[field];
  if (condition === undefined) throw new Error(`${field} is no field of issues`);
  return condition;
}

const FIELDS: Readonly<Record<Exclude<QueryFieldName, RuleFieldName>, FieldCondition>> = {
  severity: ({ values }, { bind }) =>
    `issue.severity = any(${bind(wordsOf(values).map((word) => severityRank(word as Severity)))}::smallint[])`,
  // As lists show it: of the shortest decimal that the column prints.
  score: numbers('floor((issue.score::text)::float8 * 10 + 0.5) / 10'),
  type: ({ values }, { bind }) => `issue.type = any(${bind(wordsOf(values))}::text[])`,
  risk: ({ values }) =>
    joined(
      values,
      ' and ',
      (bit) =>
        `case when (issue.risks_yes & ${bit}) <> 0 then true when (issue.risks_unknown & ${bit}) <> 0 then null else false end`,
    ),
  unknown: ({ values }) => joined(values, ' and ', (bit) => `(issue.risks_unknown & ${bit}) <> 0`),
  risk_count: numbers('issue.risk_count'),
  status: ({ values }, { bind }) => `issue.status = any(${bind(wordsOf(values))}::text[])`,
  muted: ({ values }) => yesOrNo(values, () => 'issue.is_muted'),
  admitted: ({ values }) => yesOrNo(values, () => 'issue.is_admitted'),
  admitted_by: listOfNames('issue.admitted_by'),
  due: times('issue.due_at'),
  overdue: ({ values }, { bind, now }) =>
    yesOrNo(
      values,
      () =>
        `coalesce(issue.due_at <= ${bind(new Date(now))}::timestamptz and issue.status <> 'resolved', false)`,
    ),
  snoozed: times('issue.snoozed_until'),
  regressed: times('issue.regressed_at'),
  first_seen: times('issue.first_seen'),
  assignee: names('issue.assignee'),
  team: names('issue.team'),
  service: listOfNames('issue.service_names'),
  account: listOfNames('issue.accounts'),
  fix: names('issue.fix'),
  title: (term, { bind }) => anyValue(term, 'true', (parts) => inTitles(bind(likeWords(parts)))),
  key: names('issue.key'),
  id: names('issue.id'),
  advisory: names('issue.advisory'),
  resources: numbers('issue.resources'),
  services: numbers('issue.services'),
  impact: numbers('issue.impact'),
  findings: numbers('issue.open_findings'),
  resource: onFindings((term, context) =>
    namesOf(term, context, 'finding.resource_name', 'finding.resource_key'),
  ),
  kind: onFindings((term, context) => namesOf(term, context, 'finding.resource_kind')),
  region: onResources((term, context) => namesOf(term, context, 'resource.region')),
  namespace: onResources(
    (term, context) => `resource.kind = 'kubernetes' and (${namesOf(term, context, NAMESPACE)})`,
  ),
  tag: onResources((term, { bind }) =>
    anyValue(term, `resource.tags <> '{}'`, (parts) => {
      const like = bind(likeName(parts));
      return `exists (select from jsonb_each_text(resource.tags) as tag (key, value) where ${name(`(tag.key || '=' || tag.value)`)} like ${like})`;
    }),
  ),
  control: onFindings((term, context) => namesOf(term, context, 'finding.control')),
  check: onFindings((term, context) => namesOf(term, context, 'finding.tool_check')),
  source: shownBy('source.name'),
  tool: shownBy('source.tool'),
};

function wordsOf(values: readonly QueryValue[]): readonly string[] {
  return values.flatMap((value) => (value.is === 'choice' ? [value.word] : []));
}

function joined(values: readonly QueryValue[], by: string, sql: (bit: number) => string): string {
  const bits = wordsOf(values).map((word) => 1 << DETECTED_RISKS.indexOf(word as DetectedRisk));
  return `(${bits.map(sql).join(by)})`;
}

function yesOrNo(values: readonly QueryValue[], sql: () => string): string {
  const words = wordsOf(values);
  if (words.length > 1) return 'true';
  return words[0] === 'yes' ? sql() : `(not ${sql()})`;
}

/** A term whose values are alternatives: `something` where the field has a value, else what each pattern says. */
function anyValue(
  { values }: QueryTerm,
  something: string,
  of: (parts: readonly string[]) => string,
): string {
  const parts = values.map((value) => (value.is === 'pattern' ? of(value.parts) : something));
  return `(${parts.join(' or ')})`;
}

function numbers(column: string): FieldCondition {
  return ({ values }, context) =>
    within(values, column, context, (number) => `${context.bind(number)}::float8`);
}

function times(column: string): FieldCondition {
  return ({ values }, context) =>
    within(values, column, context, (instant) => `${context.bind(new Date(instant))}::timestamptz`);
}

function within(
  values: readonly QueryValue[],
  column: string,
  { now }: QueryContext,
  bound: (value: number) => string,
): string {
  const each = values.map((value) => {
    if (value.is !== 'compare' && value.is !== 'between') return `${column} is not null`;
    const { least, isLeastIn, most, isMostIn } = boundsOf(value, now);
    const parts = [
      ...(least === null ? [] : [`${column} ${isLeastIn ? '>=' : '>'} ${bound(least)}`]),
      ...(most === null ? [] : [`${column} ${isMostIn ? '<=' : '<'} ${bound(most)}`]),
    ];
    return `coalesce(${parts.join(' and ')}, false)`;
  });
  return `(${each.join(' or ')})`;
}

function names(column: string): FieldCondition {
  return (term, context) => namesOf(term, context, column);
}

/** Of a column that holds a list; null is an empty one. */
function listOfNames(column: string): FieldCondition {
  return (term, { bind }) =>
    anyValue(term, `coalesce(cardinality(${column}) > 0, false)`, (parts) => {
      const like = bind(likeName(parts));
      return `exists (select from unnest(${column}) as listed (name) where ${name('listed.name')} like ${like})`;
    });
}

/** That one of the columns is a name of the term. */
function namesOf(term: QueryTerm, { bind }: QueryContext, ...columns: readonly string[]): string {
  const isThere = columns.map((column) => `${column} is not null`).join(' or ');
  return anyValue(term, isThere, (parts) => {
    const like = bind(likeName(parts));
    return columns.map((column) => `coalesce(${name(column)} like ${like}, false)`).join(' or ');
  });
}

/** What is said of any open finding; of a resolved issue of any of its findings. */
function onFindings(
  condition: (term: QueryTerm, context: QueryContext, sightings: string) => string,
): FieldCondition {
  return (term, context) => {
    const ids = (open: string, sightings: string) =>
      `issue.id in (select finding.issue_id from finding where finding.shard = $1${open} and (${condition(term, context, sightings)}))`;
    return `case when issue.status = 'resolved' then ${ids('', '')} else ${ids(' and finding.is_open', ' and sighting.gone_at is null')} end`;
  };
}

/** A name of Kubernetes has no slash, a cluster's may. */
const NAMESPACE = `nullif(split_part(resource.key, '/', -2), '')`;

/** What is said of the resource of a finding, or of one that runs it. */
function onResources(condition: (term: QueryTerm, context: QueryContext) => string): FieldCondition {
  return onFindings((term, context) => {
    const holds = condition(term, context);
    return `finding.resource_key in (select resource.key from resource where resource.shard = $1 and (${holds})
      union all select relation.to_key from relation join resource on resource.shard = relation.shard and resource.key = relation.from_key
        where relation.shard = $1 and relation.kind = 'runs-image' and resource.gone_at is null and (${holds}))`;
  });
}

function shownBy(column: string): FieldCondition {
  return onFindings((term, context, sightings) => {
    const scopes = `select scope.id from scope join source on source.organisation = scope.organisation and source.id = scope.source_id where scope.organisation = ${context.bind(context.organisation.id)}::bigint and (${namesOf(term, context, column)})`;
    return `finding.fingerprint in (select sighting.fingerprint from sighting where sighting.shard = $1${sightings} and sighting.scope_id = any(array(${scopes})))`;
  });
}

function inTexts(condition: string): string {
  return `issue.id in (select issue_text.id from issue_text where issue_text.shard = $1 and ${condition})`;
}

/** The title is the first lines of the text, as many as it has itself. The condition on all of the text is for its index. */
function inTitles(like: string): string {
  const lines = `1 + length(titled.title) - length(replace(titled.title, E'\\n', ''))`;
  const title = `array_to_string((string_to_array(text, E'\\n'))[1 : ${lines}], E'\\n')`;
  return `issue.id in (select issue_text.id from issue_text join issue as titled on titled.shard = issue_text.shard and titled.id = issue_text.id where issue_text.shard = $1 and titled.shard = $1 and text like ${like} and ${title} like ${like})`;
}

function name(column: string): string {
  return `lower(${column} collate "C")`;
}

function likeName(parts: readonly string[]): string {
  return parts.map((part) => escaped(foldName(part))).join('%');
}

function likeWords(parts: readonly string[]): string {
  return `%${parts.map((part) => escaped(foldText(part))).join('%')}%`;
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
