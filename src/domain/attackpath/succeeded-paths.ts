import { type Severity, severityRank } from '../severity/severity.ts';

/** What an attack path was, or is, as far as it says whether another one goes on as it. */
export interface SucceedingPath {
  readonly fingerprint: string;
  /** Key of its pivot. */
  readonly pivot: string;
  readonly targets: readonly string[];
  readonly severity: Severity;
}

/**
 * Of paths that nothing makes any more those that go on as a new one: over the same pivot, and together with most of its
 * targets (attack-paths §4.6 step 5). Whatever else leads to the same targets was not what people decided about. `isWorse`:
 * it is of higher severity than one of them, so that what hid these need not hide it.
 */
export function succeededPaths(
  { pivot, targets, severity }: SucceedingPath,
  gone: readonly SucceedingPath[],
): { readonly fingerprints: readonly string[]; readonly isWorse: boolean } {
  const own = new Set(targets);
  const over = gone.filter((each) => each.pivot === pivot && each.targets.some((target) => own.has(target)));
  const shared = new Set(over.flatMap((each) => each.targets.filter((target) => own.has(target))));
  if (2 * shared.size <= own.size) return { fingerprints: [], isWorse: false };
  return {
    fingerprints: over.map((each) => each.fingerprint).sort(),
    isWorse: over.some((each) => severityRank(severity) > severityRank(each.severity)),
  };
}

/** A path as far as it goes, where some targets are left of it; null where it loses none. */
export function goingPart(path: SucceedingPath, left: readonly string[]): SucceedingPath | null {
  const stays = new Set(left);
  const targets = path.targets.filter((target) => !stays.has(target));
  return targets.length === 0 ? null : { ...path, targets };
}
