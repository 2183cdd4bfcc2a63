import type { Control, Implication } from './control-catalogue.ts';

export interface ImpliedRisk {
  readonly risk: Implication['risk'];
  readonly sentence: string;
}

/**
 * The detected risks that a failed check of this control makes certain on the resource it failed for.
 * Only for what runs: a file's statement says nothing about a deployed resource. `toolCheck` is in the
 * spelling of `tool-check.ts`: checks of one control differ in what they look at.
 */
export function impliedRisks(control: Control, toolCheck: string): readonly ImpliedRisk[] {
  return (control.implies ?? [])
    .filter(({ checks }) => checks === undefined || checks.includes(toolCheck))
    .map(({ risk }) => ({ risk, sentence: `${control.title} (${toolCheck}).` }));
}
