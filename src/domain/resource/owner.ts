import type { Surrounding } from './environment.ts';
import { isMachineAccount, type NameTold } from './machine-account.ts';
import { tagsByKey } from './tag-key.ts';

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

interface OwnerKey {
  /** Without separators and in lower case. */
  readonly key: string;
  readonly confidence: number;
  /** What its value is the name of. */
  readonly told: NameTold;
  /** How sure it is of what is in the thing that has the tag. */
  readonly inherited: number;
}

/** Tag and label keys that name an owner, strongest first; contacts after teams. */
const KEYS: readonly OwnerKey[] = [
  ...keys('team', 0.9, 0.4, ['team', 'ddteam', 'tags.datadoghq.com/team']),
  ...keys('owner', 0.9, 0.4, ['ownedby', 'owner']),
  ...keys('team', 0.9, 0.4, ['squad']),
  ...keys('owner', 0.9, 0.4, ['contact', 'email']),
  // A channel of a chat is one of people.
  ...keys('team', 0.9, 0.4, ['slack']),
  ...keys('owner', 0.6, 0.4, ['org.opencontainers.image.vendor', 'org.opencontainers.image.authors']),
  // They name what pays or is sold: somebody stands behind it, and nobody is named.
  ...keys('team', 0.5, 0.3, ['product', 'costcenter']),
  ...keys('account', 0.4, 0.3, ['aws:createdby']),
];

function keys(
  told: NameTold,
  confidence: number,
  inherited: number,
  names: readonly string[],
): readonly OwnerKey[] {
  return names.map((key) => ({ key, confidence, told, inherited }));
}

/** What the places name that are no tags. */
const TOLD: Readonly<Record<OwnerSource, NameTold>> = {
  tag: 'owner',
  inherited: 'owner',
  // A team, or whoever a person declared there; users that are machines are left out where they are read.
  catalogue: 'team',
  'code-owners': 'owner',
  commits: 'account',
  creator: 'account',
};

/** How sure catalogues of services are of owners, unless they say so themselves. */
export const CATALOGUE_CONFIDENCE = 0.9;

const INHERITED_CONFIDENCE = 0.4;
const PREFERRED_CONFIDENCE = 0.9;
const NAME_MAX = 100;
const VALUE_MAX = 400;

/**
 * Whose a resource is: whom a person accepted, else said, else the candidate of the strongest source, ties in the order of
 * the sources: tags, preferences, catalogues. Machines' accounts and excluded names never become owners, whom a person says does.
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
    ...tagCandidates(tags, 'tag', 'confidence').filter(allowed('tag')),
    ...preferred(tags, 'tag', PREFERRED_CONFIDENCE),
    ...allowedOwners(declared, preferences),
    ...surroundings.flatMap((around) => {
      const place = `${around.name === null ? around.what : `${around.what} ${around.name}`}: tag`;
      return [
        ...preferred(around.tags, place, INHERITED_CONFIDENCE),
        ...tagCandidates(around.tags, place, 'inherited').filter(allowed('inherited')),
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
  const all = distinctOwners([...said, ...rankOwners(candidates)]);
  return { owner: all[0]?.name ?? null, candidates: all };
}

/** Those of them that are no machines and not excluded, as candidates. */
export function allowedOwners(
  declared: readonly DeclaredOwner[],
  preferences: Pick<PreferredOwners, 'isExcluded'> | undefined,
): readonly OwnerCandidate[] {
  return declared.flatMap(({ source = 'catalogue', ...candidate }) =>
    isMachineAccount(candidate.name, TOLD[source]) || preferences?.isExcluded(candidate.name, source) === true
      ? []
      : [candidate],
  );
}

/** Best first, each name once; equal confidence keeps the given order. */
export function rankOwners(candidates: readonly OwnerCandidate[]): readonly OwnerCandidate[] {
  return distinctOwners(
    candidates.filter(({ name }) => name !== '').toSorted((a, b) => b.confidence - a.confidence),
  );
}

/** Each name once, whatever its case, where it stands first. */
export function distinctOwners(candidates: readonly OwnerCandidate[]): readonly OwnerCandidate[] {
  const seen = new Set<string>();
  return candidates.filter((candidate) => {
    const name = candidate.name.toLowerCase();
    if (seen.has(name)) return false;
    seen.add(name);
    return true;
  });
}

function tagCandidates(
  tags: Readonly<Record<string, string>>,
  place: string,
  sure: 'confidence' | 'inherited',
): OwnerCandidate[] {
  const byKey = tagsByKey(tags);
  return KEYS.flatMap((wanted) =>
    (byKey.get(wanted.key) ?? []).flatMap((tag) =>
      namesIn(wanted.key, tag.value)
        .filter((name) => !isMachineAccount(name, wanted.told))
        .map((name) => ({ name, confidence: wanted[sure], reason: `${place} ${tag.key}` })),
    ),
  );
}

function namesIn(key: string, value: string): readonly string[] {
  const text = value.slice(0, VALUE_MAX).trim();
  const names = key === 'aws:createdby' ? [creatorIn(text)] : listed(text);
  return names.map((name) => name.trim().slice(0, NAME_MAX)).filter((name) => name !== '');
}

/** A list names several. `Doe, Jane` is one person, whose surname stands first. */
function listed(text: string): readonly string[] {
  return text
    .split(/[;|\n]/)
    .flatMap((part) => (/^\s*\p{Lu}[^,@]*, \p{Lu}[^,@]*$/u.test(part) ? [part] : part.split(',')));
}

/**
 * AWS writes who created a resource as `IAMUser:AIDA…:maria` or `AssumedRole:AROA…:maria@example.com`, and `Root:ACCOUNT`. How a
 * session is called is a person's name where it is a mail address; programs call theirs as they like, and root is nobody.
 */
function creatorIn(text: string): string {
  const [type = '', ...parts] = text.split(':').map((part) => part.trim());
  const name = parts.at(-1) ?? type;
  if (type === 'Root' || (type === 'AssumedRole' && !name.includes('@'))) return '';
  return name;
}
