import { type FindingObservation, type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Severity } from '#domain/severity/severity.ts';

const REFERENCES_MAX = 5;

/** What a check of clouds or clusters says of one resource. */
export interface CheckedResource {
  readonly tool: string;
  readonly check: string;
  readonly resource: ResourceDescription;
  /** As the tool calls it. */
  readonly resourceKind?: string | undefined;
  readonly isIdentity?: boolean | undefined;
  readonly title: string | undefined;
  readonly severity: Severity | null;
  readonly description?: string | undefined;
  readonly fix?: string | undefined;
  readonly references?: readonly (string | undefined)[] | undefined;
  readonly state?: ObservedState | undefined;
  readonly cover?: string | undefined;
}

export const PASSED: ObservedState = { is: 'ended', why: 'The check passed.', passed: true };

/** A setting of something that runs; the catalogue of controls knows better where it knows the check. */
export function postureFinding(checked: CheckedResource): FindingObservation {
  const { tool, check, resourceKind } = checked;
  return {
    kind: 'finding',
    type: checked.isIdentity === true ? 'identity_risk' : 'misconfiguration',
    subject: { is: 'check', tool, check, ...(resourceKind !== undefined && { hints: { resourceKind } }) },
    resource: checked.resource,
    place: { is: 'none' },
    state: checked.state ?? OPEN,
    title: checked.title ?? check,
    severity: checked.severity,
    description: checked.description || undefined,
    fix: checked.fix,
    references: [...new Set(checked.references ?? [])]
      .filter((url) => url !== undefined && /^https?:\/\//i.test(url))
      .slice(0, REFERENCES_MAX) as readonly string[],
    cover: checked.cover,
    findingClass: 'configuration',
  };
}
