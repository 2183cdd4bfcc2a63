import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import type { State } from './state.ts';
import { type StepRuleId, stepRule } from './step-rules.ts';

/** What is told of a step in Azure or Google Cloud. */
export interface CloudStep {
  readonly rule: StepRuleId;
  readonly kind?: string;
  readonly from: State;
  readonly to: State;
  readonly sentence: string;
  readonly gate: Gate;
  /** What describes it, and in which words. */
  readonly rests: readonly [on: EstateResource, sentence: string];
}

/** A step by a rule, with the rule's own likelihood. */
export function cloudStep({ rule, kind, from, to, sentence, gate, rests }: CloudStep): AttackStep {
  const { probability, technique } = stepRule(rule);
  const [resource, words] = rests;
  return {
    rule,
    ...(kind === undefined ? {} : { kind }),
    from,
    to,
    probability,
    sentence,
    gates: [gate],
    evidence: [evidence(words, resource)],
    assumptions: [],
    technique,
  };
}

/** What the rules of one of these clouds find, and how many ways of one identity they left out. */
export interface CloudSteps {
  readonly steps: readonly AttackStep[];
  readonly leftOut: number;
}

/** Of one identity by one right; more are other roads to the same. */
export const REACHED_MAX = 64;

/** What the rules of these clouds look at. */
export interface CloudFacts {
  readonly resources: readonly EstateResource[];
  /** Steps of all other families, from outside on. */
  readonly given: readonly AttackStep[];
  /** Keys of what holds data that somebody would want to read. */
  readonly wanted: ReadonlySet<string>;
}
