import type { Surrounding } from './environment.ts';
import { isMachineAccount } from './machine-account.ts';

/** What is known about whose a resource is. */
export interface OwnerClues {
  /** A person's decision: it is the answer. */
  readonly accepted?: string | null | undefined;
  /** Owners that a catalogue names (Backstage, a service definition, CODEOWNERS), with how sure that kind of source is, 0 to 1. */
  readonly declared?: readonly OwnerCandidate[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** What the resource is in, the nearest first: its namespace, its account. */
  readonly surroundings?: readonly Surrounding[] | undefined;
}

export interface OwnerCandidate {
  readonly name: string;
  /** 0 to 1, by the kind of source (design: attack-paths, ownership). */
  readonly confidence: number;
  /** Where it was read, for people. */
  readonly reason: string;
}

export interface DerivedOwner {
  /** The best candidate's name; null is *unowned*, which is a state of its own. */
  readonly owner: string | null;
  /** Every candidate, best first; empty when nothing tells. */
  readonly candidates: readonly OwnerCandidate[];
}

/** Tag and label keys that name an owner, without separators and in lower case, strongest first; contacts after teams. */
const KEYS: readonly { readonly key: string; readonly confidence: number }[] = [
  ...['team', 'ddteam', 'tags.datadoghq.com/team', 'ownedby', 'owner', 'squad'].map((key) => ({
    key,
    confidence: 0.9,
  })),
  ...['contact', 'email', 'slack'].map((key) => ({ key, confidence: 0.9 })),
  ...['org.opencontainers.image.vendor', 'org.opencontainers.image.authors'].map((key) => ({
    key,
    confidence: 0.6,
  })),
  // They name what pays or is sold: somebody stands behind it, and nobody is named.
  ...['product', 'costcenter'].map((key) => ({ key, confidence: 0.5 })),
  { key: 'aws:createdby', confidence: 0.4 },
];

const INHERITED_CONFIDENCE = 0.4;
const NAME_MAX = 100;

/**
 * Whose a resource is: what a person accepted, else the candidate of the strongest source, ties in the order of
 * the sources. Machines' accounts never become owners.
 */
export function deriveOwner(clues: OwnerClues): DerivedOwner {
  const candidates = [...tagCandidates(clues.tags, 'tag', 1), ...(clues.declared ?? [])];
  for (const { what, name, tags } of clues.surroundings ?? [])
    candidates.push(
      ...tagCandidates(tags, `${name === null ? what : `${what} ${name}`}: tag`, INHERITED_CONFIDENCE),
    );
  const ranked = rankOwners(candidates);
  const accepted = clues.accepted?.trim() ?? '';
  if (accepted !== '') {
    const rest = ranked.filter((candidate) => candidate.name !== accepted);
    return {
      owner: accepted,
      candidates: [{ name: accepted, confidence: 1, reason: '--team of the import' }, ...rest],
    };
  }
  return { owner: ranked[0]?.name ?? null, candidates: ranked };
}

/** Best first, each name once, without machines' accounts; equal confidence keeps the given order. */
export function rankOwners(candidates: readonly OwnerCandidate[]): readonly OwnerCandidate[] {
  const usable = candidates.filter(({ name }) => name !== '' && !isMachineAccount(name));
  return distinct(usable.toSorted((a, b) => b.confidence - a.confidence));
}

function tagCandidates(
  tags: Readonly<Record<string, string>>,
  place: string,
  most: number,
): OwnerCandidate[] {
  const byKey = new Map(Object.entries(tags).map(([key, value]) => [keyText(key), { key, value }]));
  return KEYS.flatMap(({ key, confidence }) => {
    const tag = byKey.get(key);
    if (tag === undefined) return [];
    return [
      {
        name: ownerName(key, tag.value),
        confidence: Math.min(confidence, most),
        reason: `${place} ${tag.key}`,
      },
    ];
  });
}

/** `owned-by`, `OwnedBy` and `owned_by` are one; keys with a domain keep their separators. */
function keyText(key: string): string {
  const lower = key.toLowerCase();
  return /[./:]/.test(lower) ? lower : lower.replace(/[-_ ]/g, '');
}

/** AWS writes who created a resource as `IAMUser:AIDA…:maria` or `AssumedRole:AROA…:maria@example.com`. */
function ownerName(key: string, value: string): string {
  const text = value.slice(0, NAME_MAX * 4).trim();
  return (key === 'aws:createdby' ? (text.split(':').at(-1) ?? '') : text).slice(0, NAME_MAX);
}

function distinct(candidates: readonly OwnerCandidate[]): readonly OwnerCandidate[] {
  const seen = new Set<string>();
  return candidates.filter((candidate) => {
    const name = candidate.name.toLowerCase();
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}
