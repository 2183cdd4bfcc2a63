import { instantText } from '#base/instant.ts';
import { CATALOGUE_VERSION, CATALOGUED_TOOLS } from '#domain/control/control-catalogue.ts';
import type { EffectiveControl } from '#domain/control/effective-controls.ts';
import { likelihoodOf } from '#domain/severity/likelihood-impact.ts';
import type { Control } from '../control.ts';

/** A control as the wire has it. */
export function presentControl(control: EffectiveControl): Control {
  const { likelihood, edit, checks } = control;
  return {
    id: control.id,
    type: control.type,
    title: control.title,
    provider: control.provider,
    resources: [...control.resources],
    likelihood: { ...likelihood, level: likelihoodOf(likelihood.vector, likelihood.accessibility) },
    impact: control.impact,
    severity: control.severity,
    inbox: control.inbox,
    inboxBecause: control.inboxBecause,
    why: control.why,
    remediation: { ...control.remediation },
    requirements: control.requirements.map((requirement) => ({ ...requirement })),
    checks: CATALOGUED_TOOLS.flatMap((tool) => (checks[tool] ?? []).map((check) => `${tool}:${check}`)),
    catalogue: CATALOGUE_VERSION,
    edit: edit === null ? null : { ...edit, at: instantText(edit.at) },
  };
}
