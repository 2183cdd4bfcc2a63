import type { Instant } from '#base/instant.ts';
import {
  type Accessibility,
  type AttackVector,
  type Impact,
  likelihoodOf,
  severityOfLikelihood,
} from '../severity/likelihood-impact.ts';
import type { Severity } from '../severity/severity.ts';
import { CONTROLS, type Control } from './control-catalogue.ts';

/** What an organisation says about one control; null where it leaves the catalogue's word. */
export interface ControlEdit {
  readonly vector: AttackVector | null;
  readonly accessibility: Accessibility | null;
  readonly impact: Impact | null;
  /** Admitted by the default rules for controls, or not. */
  readonly inbox: boolean | null;
  /** Counts in place of what likelihood and impact give. */
  readonly severity: Severity | null;
  readonly reason: string;
  readonly by: string;
  readonly at: Instant;
}

/** A control as it counts for one organisation. */
export interface EffectiveControl extends Control {
  /** Null: it counts as the catalogue has it. */
  readonly edit: ControlEdit | null;
}

/** All controls of one organisation, by id, in the catalogue's order. */
export type EffectiveControls = ReadonlyMap<string, EffectiveControl>;

const UNEDITED: EffectiveControls = new Map(
  CONTROLS.map((control) => [control.id, { ...control, edit: null }]),
);

/**
 * The catalogue with an organisation's edits laid over it. What a check means (its control) is never
 * edited: it is part of a finding's identity. An edit of an id that the catalogue does not have counts
 * for nothing.
 */
export function effectiveControls(edits: ReadonlyMap<string, ControlEdit>): EffectiveControls {
  if (edits.size === 0) return UNEDITED;
  return new Map(
    [...UNEDITED].map(([id, control]) => {
      const edit = edits.get(id);
      return [id, edit === undefined ? control : editedControl(control, edit)];
    }),
  );
}

/** One control as an edit makes it: its severity follows likelihood and impact, unless the edit names one. */
export function editedControl(control: Control, edit: ControlEdit): EffectiveControl {
  const likelihood = {
    vector: edit.vector ?? control.likelihood.vector,
    accessibility: edit.accessibility ?? control.likelihood.accessibility,
  };
  const impact = edit.impact ?? control.impact;
  return {
    ...control,
    likelihood,
    impact,
    severity:
      edit.severity ??
      severityOfLikelihood(likelihoodOf(likelihood.vector, likelihood.accessibility), impact),
    inbox: edit.inbox ?? control.inbox,
    edit,
  };
}
