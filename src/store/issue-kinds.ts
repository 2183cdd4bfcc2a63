import type { FindingType } from '#domain/finding/finding-type.ts';
import type { InboxFilter, IssueStatus } from '#domain/ports/inbox-store.ts';
import { evaluateQuery, type QueryFacts } from '#domain/query/evaluate-query.ts';
import { fieldsOf, type Query } from '#domain/query/query.ts';
import type { QueryFieldName } from '#domain/query/query-fields.ts';
import { DETECTED_RISKS } from '#domain/risk/detected-risk.ts';
import { SEVERITIES, severityRank } from '#domain/severity/severity.ts';

/** All that a filter of the inbox looks at of an issue, but for its words. */
export interface IssueKind {
  readonly status: IssueStatus;
  readonly is_muted: boolean;
  readonly is_admitted: boolean;
  readonly type: FindingType;
  readonly severity: number;
  readonly risks_yes: number;
  readonly risks_unknown: number;
}

/** Where the work on the issues stands that are listed unless a filter says otherwise; snoozed and resolved ones are not. */
export const LISTED: readonly IssueStatus[] = ['open', 'in_progress'];

const FIELDS_OF_KINDS: ReadonlySet<string> = new Set<QueryFieldName>([
  'severity',
  'type',
  'risk',
  'unknown',
  'risk_count',
  'status',
  'muted',
  'admitted',
]);

/** Whether a condition asks for nothing but what a kind tells; no condition does. */
export function isOfKinds(condition: Query | null): boolean {
  return condition === null || [...fieldsOf(condition)].every((field) => FIELDS_OF_KINDS.has(field));
}

/** Whether it is listed unless a filter names statuses. */
export function isListed({ status }: Pick<IssueKind, 'status'>): boolean {
  return LISTED.includes(status);
}

/** Of a filter what is no facet: status, muted, admitted, and its condition where kinds tell it; otherwise the rows meet it already. */
export function isLookedAt(kind: IssueKind, filter: InboxFilter): boolean {
  const {
    all,
    muted,
    statuses,
    condition,
    severities: _,
    types: __,
    risks: ___,
    text: ____,
    ...others
  } = filter;
  // A filter that gains a member is to be thought of here.
  const isThoughtOf: keyof Omit<typeof others, 'after' | 'limit'> extends never ? true : false = true;
  return (
    isThoughtOf &&
    (statuses.length === 0 ? isListed(kind) : statuses.includes(kind.status)) &&
    (muted === 'any' || kind.is_muted === (muted === 'only')) &&
    (all || kind.is_admitted) &&
    (condition === null || !isOfKinds(condition) || evaluateQuery(condition, factsOf(kind), 0) === 'yes')
  );
}

function factsOf(kind: IssueKind): QueryFacts {
  const risks = DETECTED_RISKS.filter((_, index) => kind.risks_yes & (1 << index));
  const unknown = DETECTED_RISKS.filter((_, index) => kind.risks_unknown & (1 << index));
  const yesOrNo = (is: boolean) => ({ values: [is ? 'yes' : 'no'] });
  return {
    severity: { values: SEVERITIES.filter((severity) => severityRank(severity) === kind.severity) },
    type: { values: [kind.type] },
    risk: { values: risks, unknown },
    unknown: { values: unknown },
    risk_count: { values: [risks.length] },
    status: { values: [kind.status] },
    muted: yesOrNo(kind.is_muted),
    admitted: yesOrNo(kind.is_admitted),
  };
}

export function isOfFacets(kind: IssueKind, filter: InboxFilter): boolean {
  return hasSeverity(kind, filter) && hasType(kind, filter) && hasRisks(kind, filter);
}

export function hasSeverity(kind: IssueKind, { severities }: InboxFilter): boolean {
  return severities.length === 0 || severities.some((severity) => severityRank(severity) === kind.severity);
}

export function hasType(kind: IssueKind, { types }: InboxFilter): boolean {
  return types.length === 0 || types.includes(kind.type);
}

export function hasRisks(kind: IssueKind, { risks }: InboxFilter): boolean {
  return risks.every((risk) => (kind.risks_yes & (1 << DETECTED_RISKS.indexOf(risk))) !== 0);
}
