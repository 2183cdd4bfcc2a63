import type { AttackStep } from './attack-step.ts';
import RULES from './data/gate-controls.json' with { type: 'json' };
import { wholeOf } from './whole-of.ts';

interface GateRule {
  /** Which end of the step the setting is one of. */
  readonly on: string;
  readonly controls: readonly string[];
}

const BY_RULE = RULES as Readonly<Record<string, GateRule>>;

/** Controls of which a finding may say the same as a gate. */
export const GATE_CONTROLS: readonly string[] = [
  ...new Set(Object.values(BY_RULE).flatMap(({ controls }) => controls)),
];

/** A finding about a setting: where it is, the control that it is of, and its issue. */
export interface ToldSetting {
  readonly fingerprint: string;
  readonly resource: string;
  readonly control: string;
  readonly issueId: string;
}

/** Keys of resources whose settings these steps rest on. */
export function settingKeys(steps: readonly AttackStep[]): readonly string[] {
  return [...new Set(steps.flatMap(keysOf))];
}

/**
 * The steps with the issue of each setting that somebody's finding is about too, so that mending the finding is closing the
 * gate: of several the first by control and issue.
 */
export function withToldGates(
  steps: readonly AttackStep[],
  settings: readonly ToldSetting[],
): readonly AttackStep[] {
  if (settings.length === 0) return steps;
  const byResource = Map.groupBy(settings, ({ resource }) => resource);
  return steps.map((step) => {
    const keys = keysOf(step);
    const [gate, ...others] = step.gates;
    if (keys.length === 0 || gate === undefined || gate.issueId !== null) return step;
    const { controls } = BY_RULE[step.rule] as GateRule;
    const told = keys
      .flatMap((key) => byResource.get(key) ?? [])
      .filter(({ control }) => controls.includes(control))
      .sort(
        (a, b) =>
          controls.indexOf(a.control) - controls.indexOf(b.control) || (a.issueId < b.issueId ? -1 : 1),
      );
    const [first] = told;
    if (first === undefined) return step;
    return {
      ...step,
      gates: [
        { ...gate, issueId: first.issueId, saidBy: first.fingerprint, control: first.control },
        ...others,
      ],
    };
  });
}

/** The resource whose setting it is, and what that is a part of: scanners look at either. */
function keysOf({ rule, from, to }: AttackStep): readonly string[] {
  const found = BY_RULE[rule];
  if (found === undefined) return [];
  const key = found.on === 'from' ? from.asset : to.asset;
  return [key, wholeOf(key) ?? []].flat();
}
