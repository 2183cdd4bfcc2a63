import type { Instant } from '#base/instant.ts';
import type { DecidedIssue, IssueRow } from './inbox-store.ts';

/** How an organisation accepts risks. */
export interface AcceptanceRules {
  /** For so many days at most. */
  readonly daysMax: number;
  /** Whether it counts only once another administrator agrees. */
  readonly needsApproval: boolean;
}

/** A risk that somebody wants to accept, for another person to agree to. */
export interface AcceptanceRequest {
  readonly id: string;
  readonly issueId: string;
  readonly title: string;
  readonly reason: string;
  readonly until: Instant;
  readonly askedBy: string;
  readonly askedAt: Instant;
}

export interface AcceptanceStore {
  rules(): Promise<AcceptanceRules>;
  setRules(rules: AcceptanceRules, actor: string): Promise<void>;
  /** Null when there is no such issue. One that waits already for the same issue is replaced. */
  ask(
    issueId: string,
    asked: { readonly reason: string; readonly until: Instant },
    actor: string,
  ): Promise<IssueRow | null>;
  /** Those that nobody decided about and whose end is not past, the oldest first. */
  pending(): Promise<readonly AcceptanceRequest[]>;
  /** Null when nothing of that id waits. */
  find(id: string): Promise<AcceptanceRequest | null>;
  /** Of one that waits: agreed, and its issue is muted; or declined, and nothing changes. Null when it waits no longer. */
  decide(id: string, isApproved: boolean, actor: string): Promise<DecidedIssue | null>;
}
