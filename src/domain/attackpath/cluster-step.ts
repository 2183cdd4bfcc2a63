import { oneLine } from '#base/text.ts';
import type { PrivilegeReason } from '../privilege/kubernetes-judgement.ts';
import type { AttackStep } from './attack-step.ts';
import { configuredGate } from './gate.ts';
import type { State } from './state.ts';
import { type StepRuleId, stepRule } from './step-rules.ts';

type GateText = readonly [id: string, sentence: string];

/** What a step inside a cluster says of itself. */
export interface ToldStep {
  readonly kind?: string;
  readonly sentence: string;
  /** What its first gate is; a setting where that is not given, as the others are. */
  readonly is?: 'setting' | 'statement';
  readonly gate: GateText;
  /** More gates of the same step. */
  readonly also?: readonly GateText[];
  readonly evidence: AttackStep['evidence'];
}

/** A step inside a cluster, as likely as its rule says. */
export function clusterStep(rule: StepRuleId, from: State, to: State, told: ToldStep): AttackStep {
  const { probability, technique } = stepRule(rule);
  return {
    rule,
    ...(told.kind === undefined ? {} : { kind: told.kind }),
    from,
    to,
    probability,
    sentence: told.sentence,
    gates: [
      configuredGate(told.is ?? 'setting', ...told.gate),
      ...(told.also ?? []).map((gate) => configuredGate('setting', ...gate)),
    ],
    evidence: told.evidence,
    assumptions: [],
    technique,
  };
}

/** What a level of privilege in a cluster is good for; absent for one that leads nowhere. */
export const TARGET_OF_LEVEL: Readonly<
  Record<string, 'cluster-rights' | 'cluster-takeover' | 'cluster-secrets'>
> = {
  P0: 'cluster-rights',
  P1: 'cluster-rights',
  P2: 'cluster-takeover',
  P3: 'cluster-secrets',
};

const REASON_MAX = 300;

export function rightsText({ reason }: PrivilegeReason): string {
  return oneLine(reason, REASON_MAX);
}
