import { compareSeverity, SEVERITIES, type Severity } from '../severity/severity.ts';
import type { AttackStep } from './attack-step.ts';
import { isAsConfigured } from './step-rules.ts';
import type { Target, TargetClass } from './target.ts';

/** By band of likelihood, then by tier of the target (attack-paths §4.7). */
const MATRIX: readonly (readonly [least: number, byTier: readonly Severity[]])[] = [
  [0.5, ['critical', 'critical', 'high', 'medium']],
  [0.15, ['critical', 'high', 'high', 'medium']],
  [0.03, ['high', 'high', 'medium', 'low']],
  [0, ['medium', 'medium', 'low', 'low']],
];

/** How bad a path is, and why. */
export interface PathSeverity {
  readonly severity: Severity;
  /** A sentence. */
  readonly why: string;
}

/** What the steps of a path say of how bad it is, beside how likely they are. */
export interface PathTraits {
  /** Whether an attack was seen where it begins. */
  readonly isObserved: boolean;
  /** Whether it hangs on a condition of which nobody knows whether it can be met. */
  readonly isUnknown: boolean;
  /** Whether it is open by what is configured, under no condition. */
  readonly isConfigured: boolean;
  /** Whether it begins with somebody inside. */
  readonly isBreach: boolean;
  readonly isOneStep: boolean;
}

/** The traits of a path of these steps. */
export function traitsOf(steps: readonly AttackStep[]): PathTraits {
  return {
    isObserved: steps.some((step) => step.isObserved === true),
    isUnknown: steps.some((step) => step.isUnknown === true),
    isConfigured: steps.every(isAsConfigured),
    isBreach: steps[0]?.rule === 'assumed-breach',
    isOneStep: steps.length === 1,
  };
}

/**
 * Likelihood against what is reached: floors for what is open by configuration alone and under no condition, at most high
 * where a step hangs on a condition that nobody knows and no attack was seen, a band less where the target is known to be no
 * production (attack-paths §4.7). A path of which a step was observed is as likely as any.
 */
export function pathSeverity(
  likelihood: number,
  { isObserved, isUnknown, isConfigured, isBreach, isOneStep }: PathTraits,
  target: Target,
): PathSeverity {
  const [, byTier] = MATRIX.find(([least]) => isObserved || likelihood >= least) as (typeof MATRIX)[number];
  const base = byTier[target.tier] as Severity;
  const chance = isObserved
    ? 'an attack that was seen where the path begins'
    : `a likelihood of ${percent(likelihood)}`;
  const isOpenData = isOneStep && isConfigured && target.class === 'sensitive-data';
  // Somebody inside is a premise of its own, and no open door (attack-paths §4.7, ceilings).
  if (isBreach)
    return lowered(
      atMostHigh(base),
      target,
      `It follows from ${chance} and from what is reached, ${reachedWords(target)}; at most high, as somebody inside has to turn.`,
    );
  if (!isObserved && isUnknown)
    return lowered(
      atMostHigh(base),
      target,
      `It follows from ${chance} and from what is reached, ${reachedWords(target)}; at most high, as nobody knows whether its conditions can be met.`,
    );
  if ((isConfigured && target.tier === 0) || isOpenData)
    return lowered('critical', target, 'It needs no flaw: it is open by what is configured.');
  return lowered(
    base,
    target,
    `It follows from ${chance} and from what is reached, ${reachedWords(target)}.`,
  );
}

const CLASS_WORDS: Readonly<Record<TargetClass, string>> = {
  'account-admin': 'control of all of an account',
  'cluster-admin': 'control of all of a cluster',
  'cluster-secrets': 'all secrets of a cluster',
  'cluster-node': 'a node of a cluster',
  'sensitive-data': 'sensitive data',
  'production-data': 'data',
  'service-data': 'data that a service of others keeps',
  'served-content': 'what people load',
  delivery: 'a server that builds what is shipped',
  'source-code': 'code of what runs',
  'vital-service': 'a service that is called vital',
  backups: 'all backups in a vault',
};

/** The kind of the target, with what is known of where it is. */
function reachedWords({ class: kind, production }: Target): string {
  return production === 'yes' ? `${CLASS_WORDS[kind]} in production` : CLASS_WORDS[kind];
}

function atMostHigh(severity: Severity): Severity {
  return compareSeverity(severity, 'high') < 0 ? 'high' : severity;
}

function lowered(severity: Severity, { production }: Target, why: string): PathSeverity {
  if (production !== 'no') return { severity, why };
  const place = Math.min(SEVERITIES.indexOf(severity) + 1, SEVERITIES.indexOf('low'));
  return {
    severity: SEVERITIES[place] as Severity,
    why: `${why} One band less, as the target is no production.`,
  };
}

/** An estimate has no more digits than that. */
function percent(likelihood: number): string {
  const hundredths = likelihood * 100;
  return hundredths >= 1 ? `about ${Math.round(hundredths)} %` : 'less than 1 %';
}
