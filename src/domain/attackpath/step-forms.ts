import type { AttackStep } from './attack-step.ts';
import { isAsConfigured } from './step-rules.ts';

/** What of a step says how its path is called and how bad it is. */
type Formed = Pick<AttackStep, 'rule' | 'kind' | 'probability' | 'isObserved' | 'isUnknown'>;

/** Bits of a number. */
const [OBSERVED, UNKNOWN, CONFIGURED, FLAGS] = [1, 2, 4, 8] as const;

/**
 * Numbers of what steps say of the shape and the severity of a path: paths whose steps have the same numbers are alike in both.
 * There are few of them, and steps lie scattered in memory.
 */
export class StepForms {
  /** By the number of the rule and by flags, then by the kind. */
  readonly #numbers: Map<string | undefined, number>[] = [];
  /** By number: that of the rule. */
  readonly rules: number[] = [];

  /** `rule` is the number of the rule of the step. */
  numberOf(step: Formed, rule: number): number {
    const flags =
      (step.isObserved === true ? OBSERVED : 0) |
      (step.isUnknown === true ? UNKNOWN : 0) |
      (isAsConfigured(step) ? CONFIGURED : 0);
    const at = rule * FLAGS + flags;
    this.#numbers[at] ??= new Map();
    const known = this.#numbers[at].get(step.kind);
    if (known !== undefined) return known;
    const number = this.rules.push(rule) - 1;
    this.#numbers[at].set(step.kind, number);
    return number;
  }
}
