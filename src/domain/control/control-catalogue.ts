import type { Accessibility, AttackVector, Impact } from '../severity/likelihood-impact.ts';
import type { Severity } from '../severity/severity.ts';
import controls from './data/controls.json' with { type: 'json' };

/** The tools whose check ids the catalogue maps. */
export const CATALOGUED_TOOLS = ['prowler', 'securityhub', 'checkov', 'trivy', 'kubescape'] as const;

export type CataloguedTool = (typeof CATALOGUED_TOOLS)[number];

/** A canonical misconfiguration or identity check, to which scanners' own ids map (design: curated controls). */
export interface Control {
  readonly id: string;
  readonly type: 'misconfiguration' | 'identity_risk';
  /** What the matrix gives for the control's likelihood and impact. */
  readonly severity: Severity;
  readonly title: string;
  /** Admitted to the inbox by default: anyone outside can abuse it now, or it hands over full control. */
  readonly inbox: boolean;
  readonly likelihood: { readonly vector: AttackVector; readonly accessibility: Accessibility };
  readonly impact: Impact;
  /** The ids that mean this control, by tool, each in the spelling of `tool-check.ts`. */
  readonly checks: Readonly<Partial<Record<CataloguedTool, readonly string[]>>>;
  /** Tells this control from others that share a check id; absent where nothing in a record does. */
  readonly decidedBy?: DecidingFields;
  readonly implies?: readonly Implication[];
}

export interface DecidingFields {
  /** -1 and 0 stand for all ports. */
  readonly ports?: readonly number[];
  /** Parts of the name of a resource's kind, lower-case, without separators. */
  readonly resourceKinds?: readonly string[];
}

/** A failed check of this control says that its resource has the risk. */
export interface Implication {
  readonly risk: 'publicly_accessible' | 'privileged_access';
  /** The `tool:check`s that say it; absent where all of them do. */
  readonly checks?: readonly string[];
}

/** All controls, in the order in which the catalogue lists them. */
export const CONTROLS: readonly Control[] = controls as readonly Control[];

const BY_ID: ReadonlyMap<string, Control> = new Map(CONTROLS.map((control) => [control.id, control]));

/** The control of this id; null when the catalogue has none. */
export function controlById(id: string): Control | null {
  return BY_ID.get(id) ?? null;
}
