import { digestOfParts } from '#base/digest.ts';
import type { Gate } from './attack-step.ts';

const FIX_ID_LENGTH = 16;

function fixOf(is: Gate['is'], id: string): string {
  return digestOfParts([is, id]).slice(0, FIX_ID_LENGTH);
}

/** What closes a step: a finding, by its fingerprint. */
export function findingGate(fingerprint: string, issueId: string, sentence: string): Gate {
  return { fix: fixOf('finding', fingerprint), is: 'finding', id: fingerprint, sentence, issueId };
}

/** What closes a step: something that is configured. `id` is the same wherever the same thing is meant. */
export function configuredGate(is: Exclude<Gate['is'], 'finding'>, id: string, sentence: string): Gate {
  return { fix: fixOf(is, id), is, id, sentence, issueId: null };
}
