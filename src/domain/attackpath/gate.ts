import { digestOfParts } from '#base/digest.ts';
import type { Effort, Gate } from './attack-step.ts';

const FIX_ID_LENGTH = 16;

function fixOf(is: Gate['is'], id: string): string {
  return digestOfParts([is, id]).slice(0, FIX_ID_LENGTH);
}

/** What closes a step: a finding, by its fingerprint. */
export function findingGate(fingerprint: string, issueId: string, sentence: string): Gate {
  return { fix: fixOf('finding', fingerprint), is: 'finding', id: fingerprint, sentence, issueId };
}

/** What closes a step: something that is configured. `id` is the same wherever the same thing is meant. */
export function configuredGate(
  is: Exclude<Gate['is'], 'finding'>,
  id: string,
  sentence: string,
  effort?: Effort,
): Gate {
  const gate: Gate = { fix: fixOf(is, id), is, id, sentence, issueId: null };
  return effort === undefined ? gate : { ...gate, effort };
}

const EFFORTS: Readonly<Record<Gate['is'], Effort>> = {
  network_rule: 1,
  setting: 1,
  statement: 2,
  finding: 3,
};

/** How much work closing a gate is, against others (attack-paths §4.8). */
export function effortOf({ is, effort }: Gate): Effort {
  return effort ?? EFFORTS[is];
}
