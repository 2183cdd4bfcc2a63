import RULES from './data/step-rules.json' with { type: 'json' };
import { type Technique, techniqueOf } from './technique.ts';

/** What a step is for, in the order in which attackers take them (attack-paths §4.2). */
export type StepCategory = 'entry' | 'compromise' | 'credential' | 'lateral' | 'escalate' | 'collect';

export type StepRuleId = keyof typeof RULES;

/** What all steps of one rule have in common. */
export interface StepRule {
  readonly title: string;
  readonly category: StepCategory;
  readonly technique: Technique | null;
  /** That it succeeds, where nothing else is known; 1 where each step has a likelihood of its own (attack-paths §4.4). */
  readonly probability: number;
  /** Whether it needs nothing but what is configured. */
  readonly isConfiguration: boolean;
}

interface StepOfRule {
  readonly rule: StepRuleId;
  readonly probability: number;
}

const BY_ID: ReadonlyMap<string, StepRule> = new Map(
  Object.entries(RULES).map(([id, { title, category, technique, probability, isConfiguration }]) => [
    id,
    {
      title,
      category: category as StepCategory,
      technique: techniqueOf(technique),
      probability,
      isConfiguration,
    },
  ]),
);

/** Whether a step needs nothing but what is configured, and no condition beside it. */
export function isAsConfigured({ rule, probability }: StepOfRule): boolean {
  const { isConfiguration, probability: least } = stepRule(rule);
  return isConfiguration && probability >= least;
}

/** The rule of an id. */
export function stepRule(id: StepRuleId): StepRule {
  return BY_ID.get(id) as StepRule;
}
