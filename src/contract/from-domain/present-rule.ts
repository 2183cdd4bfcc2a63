import { instantTextOrNull } from '#base/instant.ts';
import type { EffectiveRule } from '#domain/inbox/effective-rules.ts';
import { conditionsSchema, type InboxRule } from '../admission-rules.ts';

/** A rule of admission as the wire has it. */
export function presentRule(rule: EffectiveRule): InboxRule {
  return {
    id: rule.id,
    title: rule.title,
    sentence: rule.sentence,
    types: [...rule.types],
    when: conditionsSchema.parse(rule.when),
    default: rule.isDefault,
    enabled: rule.isEnabled,
    clonedFrom: rule.clonedFrom,
    changedBy: rule.changed?.by ?? null,
    changedAt: instantTextOrNull(rule.changed?.at ?? null),
  };
}
