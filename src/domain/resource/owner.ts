import { compareBytes } from '#base/compare.ts';
import type { Surrounding } from './environment.ts';
import { isMachineAccount } from './machine-account.ts';

/** What is known about whose a resource is. */
export interface OwnerClues {
  /** Whom a person accepted for this resource: the answer. `by` null where it is not told who. */
  readonly accepted?: { readonly name: string; readonly by: string | null } | null | undefined;
  /** What a person said of all that an import tells: the answer where nobody was accepted. */
  readonly declaredTeam?: string | null | undefined;
  /** Owners that a catalogue names (Backstage, a service definition, CODEOWNERS), with how sure that kind of source is, 0 to 1. */
  readonly declared?: readonly DeclaredOwner[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** What the resource is in, the nearest first: its namespace, its account. */
  readonly surroundings?: readonly Surrounding[] | undefined;
  /** What the organisation says of tags and names; undefined: nothing. */
  readonly preferences?: PreferredOwners | undefined;
}

/** Kinds of places where owners are read. */
export const OWNER_SOURCES = ['tag', 'inherited', 'catalogue', 'code-owners', 'commits', 'creator'] as const;

export type OwnerSource = (typeof OWNER_SOURCES)[number];

/** A candidate that somebody else than a tag names; by a catalogue where `source` is left out. */
export type DeclaredOwner = OwnerCandidate & { readonly source?: OwnerSource | undefined };

interface PreferredOwners {
  meantBy(tags: Readonly<Record<string, string>>): readonly { readonly name: string; readonly tag: string }[];
  isExcluded(name: string, source: OwnerSource): boolean;
}

export interface OwnerCandidate {
  readonly name: string;
  /** 0 to 1, by the kind of source (design: attack-paths, ownership). */
  readonly confidence: number;
  /** Where it was read, for people. */
  readonly reason: string;
  /** A person accepted it for this very resource. */
  readonly isAccepted?: true | undefined;
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

/** How sure catalogues of services are of owners, unless they say so themselves. */
export const CATALOGUE_CONFIDENCE = 0.9;

const INHERITED_CONFIDENCE = 0.4;
const PREFERRED_CONFIDENCE = 0.9;
const NAME_MAX = 100;

/**
 * Whose a resource is: whom a person accepted, else said, else the candidate of the strongest source, ties in the order of
 * the sources: tags, preferences, catalogues. Machines' accounts and excluded names never become owners.
 */
export function deriveOwner(clues: OwnerClues): DerivedOwner {
  const { preferences, tags, declared = [], surroundings = [] } = clues;
  const allowed = (source: OwnerSource) => (candidate: OwnerCandidate) =>
    preferences?.isExcluded(candidate.name, source) !== true;
  const preferred = (told: Readonly<Record<string, string>>, place: string, confidence: number) =>
    (preferences?.meantBy(told) ?? []).map(({ name, tag }) => ({
      name,
      confidence,
      reason: `${place} ${tag}, by a preference`,
    }));
  const candidates = [
    ...tagCandidates(tags, 'tag', 1).filter(allowed('tag')),
    ...preferred(tags, 'tag', PREFERRED_CONFIDENCE),
    ...allowedOwners(declared, preferences),
    ...surroundings.flatMap((around) => {
      const place = `${around.name === null ? around.what : `${around.what} ${around.name}`}: tag`;
      return [
        ...preferred(around.tags, place, INHERITED_CONFIDENCE),
        ...tagCandidates(around.tags, place, INHERITED_CONFIDENCE).filter(allowed('inherited')),
      ];
    }),
  ];
  const said: OwnerCandidate[] = [];
  if (clues.accepted != null && clues.accepted.name.trim() !== '')
    said.push({
      name: clues.accepted.name.trim(),
      confidence: 1,
      reason: clues.accepted.by === null ? 'accepted' : `accepted by ${clues.accepted.by}`,
      isAccepted: true,
    });
  const team = clues.declaredTeam?.trim() ?? '';
  if (team !== '') said.push({ name: team, confidence: 1, reason: '--team of the import' });
  const ranked = rankOwners(candidates).filter(({ name }) => said.every((each) => each.name !== name));
  const all = [
    ...said.filter((each, index) => said.findIndex(({ name }) => name === each.name) === index),
    ...ranked,
  ];
  return { owner: all[0]?.name ?? null, candidates: all };
}

/** Those of them that are not excluded, as candidates. */
export function allowedOwners(
  declared: readonly DeclaredOwner[],
  preferences: Pick<PreferredOwners, 'isExcluded'> | undefined,
): readonly OwnerCandidate[] {
  return declared.flatMap(({ source = 'catalogue', ...candidate }) =>
    preferences?.isExcluded(candidate.name, source) === true ? [] : [candidate],
  );
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
  const byKey = tagsByKey(tags);
  return KEYS.flatMap(({ key, confidence }) =>
    (byKey.get(key) ?? []).map((tag) => ({
      name: ownerName(key, tag.value),
      confidence: Math.min(confidence, most),
      reason: `${place} ${tag.key}`,
    })),
  );
}

/** Tags by their keys as they are compared. Clouds tell `Owner` from `owner`, and a resource may have both: small letters first. */
export function tagsByKey(
  tags: Readonly<Record<string, string>>,
): ReadonlyMap<string, readonly { readonly key: string; readonly value: string }[]> {
  const told = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return Map.groupBy(
    told.sort((a, b) => compareBytes(b.key, a.key)),
    ({ key }) => tagKeyText(key),
  );
}

/** `owned-by`, `OwnedBy` and `owned_by` are one; keys with a domain keep their separators. */
export function tagKeyText(key: string): string {
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
