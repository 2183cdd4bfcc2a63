import type { Gate } from './attack-step.ts';

/** What closes a step: a finding, by its fingerprint. */
export function findingGate(fingerprint: string, issueId: string, sentence: string): Gate {
  return { is: 'finding', id: fingerprint, sentence, issueId };
}

/** What closes a step: something that is configured. `id` is the same wherever the same thing is meant. */
export function configuredGate(is: Exclude<Gate['is'], 'finding'>, id: string, sentence: string): Gate {
  return { is, id, sentence, issueId: null };
}
