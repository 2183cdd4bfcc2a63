import { SEVERITIES, type Severity, severityRank } from '../severity/severity.ts';

/** What a sighting has in common with others, as far as a filter of a scanner could go by it. */
export interface SightingTraits {
  readonly findingClass: string | null;
  /** The scanner's word; null when it gives none. */
  readonly severity: Severity | null;
  readonly fixable: boolean | null;
  /** Control or `tool:check`; null for advisories. */
  readonly rule: string | null;
}

/** What goes at once without a person: so many, or so large a share of what there is. */
export interface MassClosing {
  readonly percent: number;
  readonly findings: number;
}

export interface ClosingRequest {
  /** The scan looked for these classes, even where it found nothing in them. */
  readonly listedClasses: ReadonlySet<string>;
  /** `--complete`: the report looked at everything, so whole groups may vanish. */
  readonly isDeclaredComplete: boolean;
  /** `--confirm`: a person accepts whatever would be held. */
  readonly isConfirmed: boolean;
  readonly guard: MassClosing;
  /** Open sightings of the whole scope before this scan, covered or not. */
  readonly openInScope: number;
}

/** Why a vanished sighting waits for a person; null lets it close. */
export type HoldReason = string | null;

const GROUP_MIN = 5;

/** How many sightings of one group were open in what the scan covers, and how many the scan shows. */
interface GroupCount {
  before: number;
  now: number;
}

/** Counts the groups by which a scanner's filter could have left something out. Memory follows the number of rules. */
export class GroupTally {
  readonly #classes = new Map<string, GroupCount>();
  readonly #rules = new Map<string, GroupCount>();
  readonly #severities: readonly GroupCount[] = SEVERITIES.map(() => ({ before: 0, now: 0 }));
  readonly #unfixed: GroupCount = { before: 0, now: 0 };

  /** Adds sightings of equal traits in what the scan covers: how many were open before, and how many the scan shows. */
  add(traits: SightingTraits, before: number, now: number): void {
    for (const group of this.#groupsOf(traits)) {
      group.before += before;
      group.now += now;
    }
  }

  /** The group that vanished as a whole, in words; null when none of this sighting's groups did. */
  vanishedGroup(traits: SightingTraits, listedClasses: ReadonlySet<string>): HoldReason {
    const { findingClass, severity, rule } = traits;
    if (
      findingClass !== null &&
      !listedClasses.has(findingClass) &&
      isVanished(this.#classes.get(findingClass))
    ) {
      return `the report lists no ${findingClass} at all`;
    }
    const cut = severity === null ? undefined : this.#vanishedSeverity(severity);
    if (cut !== undefined)
      return `the report shows nothing of severity ${cut}${cut === 'info' ? '' : ' or below'}`;
    if (traits.fixable === false && isVanished(this.#unfixed))
      return 'the report shows nothing without a fix';
    if (rule !== null && isVanished(this.#rules.get(rule))) return `the report shows nothing of ${rule}`;
    return null;
  }

  /** The lowest level at which this severity and all below it have vanished together. */
  #vanishedSeverity(severity: Severity): Severity | undefined {
    let before = 0;
    let now = 0;
    for (const level of SEVERITIES.toReversed()) {
      const count = this.#severities[severityRank(level)] as GroupCount;
      before += count.before;
      now += count.now;
      if (severityRank(level) >= severityRank(severity) && isVanished({ before, now })) return level;
    }
    return undefined;
  }

  *#groupsOf(traits: SightingTraits): Iterable<GroupCount> {
    if (traits.findingClass !== null) yield countOf(this.#classes, traits.findingClass);
    if (traits.severity !== null) yield this.#severities[severityRank(traits.severity)] as GroupCount;
    if (traits.fixable === false) yield this.#unfixed;
    if (traits.rule !== null) yield countOf(this.#rules, traits.rule);
  }
}

function countOf(counts: Map<string, GroupCount>, name: string): GroupCount {
  let count = counts.get(name);
  if (count === undefined) {
    count = { before: 0, now: 0 };
    counts.set(name, count);
  }
  return count;
}

function isVanished(count: GroupCount | undefined): boolean {
  return count !== undefined && count.before >= GROUP_MIN && count.now === 0;
}

/** The guard: more than 30 % and more than 20 (whoever runs the product may say otherwise) do not go at once without a person (design: identity, closing). */
export function isTooMuchGone(going: number, of: number, guard: MassClosing): boolean {
  return going > guard.findings && 100 * going > guard.percent * of;
}

/**
 * Decides for vanished sightings, counted by their traits, whether they close or are held (design: identity,
 * closing). Reports seldom tell their filters: a group that had five or more open sightings and shows none
 * is held, and so is everything when a scan would close more than 30 % and more than 20 of its scope.
 */
export function decideClosing(
  vanished: ReadonlyMap<SightingTraits, number>,
  tally: GroupTally,
  request: ClosingRequest,
): ReadonlyMap<SightingTraits, HoldReason> {
  const reasons = new Map<SightingTraits, HoldReason>();
  let closing = 0;
  for (const [traits, count] of vanished) {
    const isAccepted = request.isConfirmed || request.isDeclaredComplete;
    const reason = isAccepted ? null : tally.vanishedGroup(traits, request.listedClasses);
    reasons.set(traits, reason);
    if (reason === null) closing += count;
  }
  if (request.isConfirmed || !isTooMuchGone(closing, request.openInScope, request.guard)) return reasons;
  const percent = Math.round((100 * closing) / request.openInScope);
  const guard = `this scan would close ${closing} of ${request.openInScope} open (${percent} %)`;
  for (const [traits, reason] of reasons) reasons.set(traits, reason ?? guard);
  return reasons;
}
