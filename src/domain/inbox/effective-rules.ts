import type { Instant } from '#base/instant.ts';
import type { AdmissionRule } from './admission-rule.ts';
import { DEFAULT_RULES } from './default-rules.ts';

/** What an organisation says about the rules of admission. */
export interface RuleEdits {
  /** Default rules that are switched off, with who did it and when; those that are missing are on. */
  readonly switchedOff: ReadonlyMap<string, RuleSwitch>;
  /** Rules of its own, each a clone of another one. */
  readonly own: readonly OwnRule[];
}

export interface RuleSwitch {
  readonly by: string;
  readonly at: Instant;
}

export interface OwnRule extends AdmissionRule {
  /** The rule that it was cloned from. */
  readonly clonedFrom: string;
  readonly isEnabled: boolean;
  readonly by: string;
  readonly at: Instant;
}

/** A rule as it counts for one organisation. */
export interface EffectiveRule extends AdmissionRule {
  readonly isDefault: boolean;
  readonly isEnabled: boolean;
  /** Null for default rules. */
  readonly clonedFrom: string | null;
  /** Who made or last switched it, and when; null for default rules that nobody touched. */
  readonly changed: RuleSwitch | null;
}

/** All rules of an organisation, the default ones first; those that are switched off too. */
export function effectiveRules({ switchedOff, own }: RuleEdits): readonly EffectiveRule[] {
  return [
    ...DEFAULT_RULES.map((rule) => ({
      ...rule,
      isDefault: true,
      isEnabled: !switchedOff.has(rule.id),
      clonedFrom: null,
      changed: switchedOff.get(rule.id) ?? null,
    })),
    ...own.map(({ by, at, ...rule }) => ({ ...rule, isDefault: false, changed: { by, at } })),
  ];
}
