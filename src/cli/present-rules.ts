import type { InboxRule, Scoring } from '#contract/admission-rules.ts';
import { presentTable } from './table.ts';
import { safe } from './terminal-text.ts';

/** The rules of admission as a table. */
export function presentRules(rules: readonly InboxRule[], width: number | null): readonly string[] {
  return presentTable<InboxRule>(
    [
      { title: 'ON', text: ({ enabled }) => (enabled ? 'yes' : 'no') },
      { title: 'ID', text: ({ id }) => safe(id) },
      { title: 'TITLE', text: ({ title }) => safe(title) },
      { title: 'TAKES IN', text: ({ sentence }) => safe(sentence) },
    ],
    rules,
    width,
  );
}

export function presentScoring({ severityBasis, epssRule, privilegedAccess }: Scoring): readonly string[] {
  return [
    severityBasis === 'adjusted'
      ? 'Severity counts adjusted to its context.'
      : 'Severity counts as it was published; context is shown only.',
    `EPSS rule: ${epssRule}.`,
    privilegedAccess === 'P0-P3'
      ? 'Privileged access: P0 to P3; rights over the control plane alone (P4) are shown only.'
      : 'Privileged access: P0 to P4, rights over the control plane among them.',
  ];
}
