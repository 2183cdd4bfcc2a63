import METHODS from './data/escalation-methods.json' with { type: 'json' };

/** What has to be allowed, and on what. */
export interface Requirement {
  /** In lower case. */
  readonly action: string;
  /** As AWS spells it. */
  readonly name: string;
  /**
   * `own-user`, `own-role`, `own-group`, `own-policy`; `target`, the target's `target-policy` or `target-provider`;
   * `any` resource at all, `every` one; `existing:` and a type of resource that must be there; or a type of the action.
   */
  readonly on: string;
}

/** A known way to gain rights (attack-paths §3.4), keyed by what it requires: ids differ between lists. */
export interface EscalationMethod {
  /** Id of pathfinding.cloud where it has one, else ours. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** S on itself, P over another principal, N with a newly passed role, E through what runs already. */
  readonly category: 'S' | 'P' | 'N' | 'E';
  /** `self`, `user`, `role`, `group`, `passed-role`, `workload:` and its type, `account`, `cluster`, `data:` and what. */
  readonly target: string;
  /** The service that the role must trust and that `iam:PassedToService` must admit. */
  readonly service: string | null;
  /** Whether it gives the target's rights, or any right at all. */
  readonly gains: 'target' | 'admin';
  /** One call of its own, without code that runs elsewhere or credentials of somebody else (P1, §3.3). */
  readonly direct: boolean;
  readonly requires: readonly Requirement[];
  readonly preconditions: readonly string[];
  readonly mitre: readonly string[];
  readonly fixHints: readonly string[];
}

interface Row {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly category: string;
  readonly target: string;
  readonly service?: string;
  readonly gains: string;
  readonly direct: boolean;
  readonly requires: readonly { readonly action: string; readonly on: string }[];
  readonly preconditions: readonly string[];
  readonly mitre: readonly string[];
  readonly fixHints: readonly string[];
}

/** Every method, one record each. */
export const ESCALATION_METHODS: readonly EscalationMethod[] = (METHODS as readonly Row[]).map((row) => ({
  ...row,
  category: row.category as EscalationMethod['category'],
  gains: row.gains as EscalationMethod['gains'],
  service: row.service ?? null,
  requires: row.requires.map(({ action, on }) => ({ action: action.toLowerCase(), name: action, on })),
}));
