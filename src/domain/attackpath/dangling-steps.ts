import type { AttackStep } from './attack-step.ts';
import { findingGate } from './gate.ts';
import { originState } from './origin.ts';
import { stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** A name that leads to something that nobody has any more, as a finding tells: whoever gets that speaks in its name. */
export interface DanglingName {
  readonly fingerprint: string;
  readonly issueId: string;
  /** The record, or the distribution, that still points there. */
  readonly resource: NonNullable<AttackStep['flawed']>;
  readonly evidence: AttackStep['evidence'];
}

/** Controls that find such names. */
export const DANGLING_CONTROLS: readonly string[] = ['route53.dangling-record', 'cloudfront.dangling-origin'];

/** Taking what a name points to (attack-paths §5.1, shape 53). */
export function danglingSteps(names: readonly DanglingName[]): readonly AttackStep[] {
  const { probability, technique } = stepRule('dangling-name');
  return names.map(({ fingerprint, issueId, resource, evidence }) => {
    const name = shownName(resource.name);
    return {
      rule: 'dangling-name' as const,
      from: originState('internet'),
      to: { asset: resource.key, family: 'datastore' as const, capability: 'write' as const },
      probability,
      sentence: `${name} points to something that nobody has any more, and whoever gets that answers in its name`,
      gates: [findingGate(fingerprint, issueId, `delete ${name}, or take back what it points to`)],
      evidence,
      assumptions: ['What it points to can be had by anybody.'],
      technique,
      flawed: resource,
    };
  });
}
