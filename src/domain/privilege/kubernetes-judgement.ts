import { compareBytes } from '#base/compare.ts';
import type { Evidence, RiskVerdict } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { Privilege, PrivilegeLevel } from './privilege.ts';

/** One thing that makes somebody privileged; `reason` has no subject ("may read every secret"). */
export interface PrivilegeReason {
  readonly level: PrivilegeLevel;
  readonly reason: string;
  readonly fact: Evidence;
}

/** What was found out about somebody's privilege in a cluster. */
export interface ClusterPrivilege {
  readonly reasons: readonly PrivilegeReason[];
  /** What keeps it from being known, with facts that tell why it matters. */
  readonly doubts: readonly { readonly missing: string; readonly facts: readonly Evidence[] }[];
  /** Facts that it is no more than that. */
  readonly otherwise: readonly Evidence[];
}

/** The detected risk, and the privilege that it rests on. */
export interface ClusterJudgement {
  readonly verdict: RiskVerdict;
  readonly privilege: Privilege;
}

const KEPT_MAX = 10;

/** Nothing but this fact. */
export function unprivileged(sentence: string, resource: EstateResource): ClusterPrivilege {
  return { reasons: [], doubts: [], otherwise: [evidence(sentence, resource)] };
}

/** Not known as long as this is missing. */
export function doubt(missing: string, facts: readonly Evidence[] = []): ClusterPrivilege {
  return { reasons: [], doubts: [{ missing, facts }], otherwise: [] };
}

/** Privileged by this; the sentence is `subject`, the reason, and the level. */
export function privileged(
  level: PrivilegeLevel,
  subject: string,
  reason: string,
  resource: EstateResource,
): ClusterPrivilege {
  const fact = evidence(`${subject} ${reason} (${level}).`, resource);
  return { reasons: [{ level, reason, fact }], doubts: [], otherwise: [] };
}

export function joined(parts: readonly ClusterPrivilege[]): ClusterPrivilege {
  return {
    reasons: parts.flatMap((part) => part.reasons),
    doubts: parts.flatMap((part) => part.doubts),
    otherwise: parts.flatMap((part) => part.otherwise),
  };
}

/** Privileged is who has one reason from P0 to P3 (attack-paths §3.3); P4 shows, and is none. Strongest first. */
export function judge({ reasons, doubts, otherwise }: ClusterPrivilege): ClusterJudgement {
  const inOrder = reasons
    .toSorted((a, b) => compareBytes(a.level, b.level) || compareBytes(a.reason, b.reason))
    .filter((each, index, all) => all.findIndex((other) => other.reason === each.reason) === index)
    .slice(0, KEPT_MAX);
  const words = inOrder.map((each) => each.reason);
  const [strongest] = inOrder;
  if (strongest !== undefined && strongest.level !== 'P4') {
    const counting = inOrder.filter((each) => each.level !== 'P4').map((each) => each.fact);
    return {
      verdict: { state: 'yes', evidence: distinct(counting), missing: [] },
      privilege: { level: strongest.level, reasons: words },
    };
  }
  if (doubts.length > 0) {
    const missing = [...new Set(doubts.map((each) => each.missing))].sort(compareBytes).slice(0, KEPT_MAX);
    return {
      verdict: { state: 'unknown', evidence: distinct(doubts.flatMap((each) => each.facts)), missing },
      privilege: { level: 'unknown', reasons: words },
    };
  }
  const facts = [...inOrder.map((each) => each.fact), ...otherwise];
  return {
    verdict: { state: 'no', evidence: distinct(facts), missing: [] },
    privilege: { level: strongest?.level ?? 'none', reasons: words },
  };
}

function distinct(facts: readonly Evidence[]): readonly Evidence[] {
  return [...new Map(facts.map((fact) => [fact.sentence, fact])).values()].slice(0, KEPT_MAX);
}
