import type { ConditionName } from './admission.ts';

/** What a person can do about a condition that nobody can tell. */
interface Remedy {
  readonly sentence: string;
  /** A line to copy. */
  readonly remedy: string;
}

/** Only conditions that can be unknown stand here; the others are known, and not met. */
const REMEDIES: Partial<Record<ConditionName, Remedy>> = {
  in_production: { sentence: 'Whether it runs in production', remedy: 'security-inbox import REPORT --env production' },
  under_attack: { sentence: 'Whether it was attacked in the last 15 days', remedy: 'security-inbox import falco-events.jsonl --scope cluster=NAME' },
  publicly_accessible: { sentence: 'Whether it can be reached from the internet', remedy: 'kubectl get deploy,pods,svc,ingress,ns -A -o json | security-inbox import -' },
  privileged_access: { sentence: 'Whether it has privileged access', remedy: 'kubectl get sa,roles,clusterroles,rolebindings,clusterrolebindings -A -o json | security-inbox import -' },
  exploit_available: { sentence: 'Whether an exploit is available', remedy: 'security-inbox feeds update' },
  published: { sentence: 'When the advisory was published', remedy: 'security-inbox feeds update nvd' },
};

/** One condition of admission that nobody has answered yet, with what would answer it. */
export interface HoldingBack extends Remedy {
  readonly condition: ConditionName;
  /** Waiting findings that it holds back; one that lacks two inputs counts at both. */
  readonly count: number;
}

const SHOWN = 3;

/** The conditions that hold back most, most first (DESIGN, the first report). */
export function holdingBack(heldBack: readonly { readonly condition: ConditionName; readonly findings: number }[]): readonly HoldingBack[] {
  return heldBack
    .flatMap(({ condition, findings }) => {
      const remedy = REMEDIES[condition];
      return remedy === undefined ? [] : [{ condition, count: findings, ...remedy }];
    })
    .sort((a, b) => b.count - a.count)
    .slice(0, SHOWN);
}
