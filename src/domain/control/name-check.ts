import { digestOfParts } from '#base/digest.ts';
import { type FindingType, isAboutControls } from '../finding/finding-type.ts';
import { CONTROLS } from './control-catalogue.ts';
import { type ControlHints, controlForCheck, controlsForCheck } from './control-for-check.ts';
import { checkNames, toolCheck } from './tool-check.ts';

/** A check as a record names it: with what is needed to name it again when names change. */
export interface ObservedCheck extends ControlHints {
  /** `tool:check` in its one spelling. */
  readonly check: string;
  /** As the format says; a control may have another. */
  readonly type: FindingType;
}

/** What a check means for the identity of a finding (design: identity, names). */
export interface CheckName {
  readonly type: FindingType;
  readonly control: string | null;
  readonly toolCheck: string;
}

/** The type, the control and the spelling that a check has now. */
export function nameCheck({ check, type, ...hints }: ObservedCheck): CheckName {
  const [tool, own] = partsOf(check);
  const control = isAboutControls(type) ? controlForCheck(tool, own, hints) : null;
  // What runs gets the control's own type; what a file says stays a statement about the file.
  const ownType = control === null || type === 'iac_misconfiguration' ? type : control.type;
  return { type: ownType, control: control?.id ?? null, toolCheck: toolCheck(tool, own) };
}

/** The same where nothing is known of the record but what it meant: that stands while it is among what the check can mean. */
export function renameCheck(known: CheckName): CheckName {
  const [tool, own] = partsOf(known.toolCheck);
  const name = nameCheck({ check: known.toolCheck, type: known.type });
  const isStillMeant =
    known.control !== null && controlsForCheck(tool, own).some(({ id }) => id === known.control);
  return isStillMeant ? { ...known, toolCheck: name.toolCheck } : name;
}

/** Differs whenever the names of checks, or the controls that they mean, do. */
export function versionOfCheckNames(): string {
  const controls = CONTROLS.map(({ id, type, checks, decidedBy }) => [id, type, checks, decidedBy ?? null]);
  return digestOfParts([JSON.stringify(checkNames), JSON.stringify(controls)]);
}

function partsOf(check: string): readonly [tool: string, check: string] {
  const colon = check.indexOf(':');
  return [check.slice(0, colon), check.slice(colon + 1)];
}
