import type { AttackStep } from './attack-step.ts';
import type { PathAsset } from './path-facts.ts';
import { stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** That a step succeeds on what is under attack already (attack-paths §4.3, C9). */
const OBSERVED = 0.95;

/**
 * The steps as attacks that were seen make them: whatever gives an attacker more on what is under attack is as likely as
 * can be, and says that it was seen. Signals are aimed at what is exploited, and not at what a principal may do next.
 */
export function withObserved(
  steps: readonly AttackStep[],
  assets: ReadonlyMap<string, PathAsset>,
): readonly AttackStep[] {
  return steps.map((step) => {
    const { context } = assets.get(step.from.asset) ?? {};
    if (context?.underAttack.state !== 'yes' || stepRule(step.rule).category !== 'compromise') return step;
    return {
      ...step,
      probability: Math.max(step.probability, OBSERVED),
      isObserved: true as const,
      sentence: `${step.sentence}; an attack on ${shownName(context.name)} was seen`,
      evidence: [...step.evidence, ...context.underAttack.evidence.slice(0, EVIDENCE_MAX)],
    };
  });
}

/** Signals of one step that people still read. */
const EVIDENCE_MAX = 3;
