import type { ConditionName } from './admission.ts';

/** What a person can do about a condition: supply what is unknown, or look at what is known and below the line. */
interface Remedy {
  readonly sentence: string;
  /** A line to copy. */
  readonly remedy: string;
}

const REMEDIES: Record<ConditionName, Remedy> = {
  in_production: {
    sentence: 'Whether it runs in production',
    remedy: 'security-inbox import REPORT --env production',
  },
  under_attack: {
    sentence: 'Whether it was attacked in the last 15 days',
    remedy: 'security-inbox import falco-events.jsonl --scope cluster=NAME',
  },
  publicly_accessible: {
    sentence: 'Whether it can be reached from the internet',
    remedy: 'kubectl get deploy,pods,svc,ingress,ns -A -o json | security-inbox import -',
  },
  privileged_access: {
    sentence: 'Whether it has privileged access',
    remedy:
      'kubectl get sa,roles,clusterroles,rolebindings,clusterrolebindings -A -o json | security-inbox import -',
  },
  exploit_available: { sentence: 'Whether an exploit is available', remedy: 'security-inbox feeds update' },
  published: { sentence: 'When the advisory was published', remedy: 'security-inbox feeds update nvd' },
  known_exploited: {
    sentence: 'Whether it is known to be exploited',
    remedy: 'security-inbox feeds update kev',
  },
  severity: { sentence: 'Its severity is lower than the rules ask for', remedy: 'security-inbox list --all' },
  emerging: { sentence: 'It is not listed as emerging', remedy: 'security-inbox list --all' },
  curated_control: {
    sentence: 'Its control is not one of the curated set',
    remedy: 'security-inbox list --all',
  },
  active_secret: { sentence: 'The secret is known to be inactive', remedy: 'security-inbox list --all' },
  about_security: { sentence: 'Its rule is not about security', remedy: 'security-inbox list --all' },
  no_rule: { sentence: 'No default rule is about its type', remedy: 'security-inbox list --all' },
};

/** One condition of admission that keeps findings out, with what a person can do about it. */
export interface HoldingBack extends Remedy {
  readonly condition: ConditionName;
  /** Waiting findings that it holds back; one that lacks two inputs counts at both. */
  readonly count: number;
}

const SHOWN = 3;

/** The conditions that hold back most, most first (DESIGN, the first report). */
export function holdingBack(
  heldBack: readonly { readonly condition: ConditionName; readonly findings: number }[],
): readonly HoldingBack[] {
  return heldBack
    .map(({ condition, findings }) => ({ condition, count: findings, ...REMEDIES[condition] }))
    .sort((a, b) => b.count - a.count)
    .slice(0, SHOWN);
}
