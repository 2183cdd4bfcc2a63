import type { FindingType } from '#domain/finding/finding-type.ts';
import type { InboxFilter, IssueStatus } from '#domain/ports/inbox-store.ts';
import { DETECTED_RISKS } from '#domain/risk/detected-risk.ts';
import { severityRank } from '#domain/severity/severity.ts';

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

/** Of a filter what is no facet: status, muted, admitted. */
export function isLookedAt(kind: IssueKind, filter: InboxFilter): boolean {
  const { all, muted, statuses, severities: _, types: __, risks: ___, text: ____, ...others } = filter;
  // A filter that gains a member is to be thought of here.
  const isThoughtOf: keyof Omit<typeof others, 'after' | 'limit'> extends never ? true : false = true;
  return (
    isThoughtOf &&
    (statuses.length === 0 ? kind.status === 'open' : statuses.includes(kind.status)) &&
    kind.is_muted === (muted === 'only') &&
    (all || kind.is_admitted)
  );
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
