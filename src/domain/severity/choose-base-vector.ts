import { type Comparison, compareBytes, compareInOrder } from '#base/compare.ts';
import type { BaseRating } from './adjust-vulnerability.ts';
import type { CvssVersion } from './cvss-metrics.ts';
import { type CvssVector, parseCvssVector } from './cvss-vector.ts';
import { compareSeverity, type Severity } from './severity.ts';

/**
 * Who states a rating: `person`, `distribution:debian`, `nvd`, `cna`, `ghsa`, `scanner:trivy`; the name
 * of a distribution or tool in lower case, without its version. Anything else counts last.
 */
export type RatingProvider = string;

/** One provider's rating of one advisory, as it was found. A vector that cannot be read counts as none. */
export interface RatingClaim {
  readonly provider: RatingProvider;
  readonly vector: string | null;
  readonly word: Severity | null;
}

/** What is rated: a package of an operating system (with its distribution, if known), or anything else. */
export type RatedPackage =
  | { readonly kind: 'os'; readonly distribution: string | null }
  | { readonly kind: 'library' };

/** The rating to adjust, with whose it is. A provider is null where its part is. */
export interface ChosenRating extends BaseRating {
  readonly vectorProvider: RatingProvider | null;
  readonly wordProvider: RatingProvider | null;
  readonly wordCapProvider: RatingProvider | null;
}

interface VectorClaim {
  readonly provider: RatingProvider;
  readonly vector: CvssVector;
}

const VERSION_ORDER: readonly CvssVersion[] = ['4.0', '3.1', '3.0', '2.0'];

/**
 * Of all ratings the one that counts: a person's; for an operating system's package its own
 * distribution's; NVD's; the CNA's; GitHub's; a scanner's; last the distributions that do not ship
 * the package. Within one of them the newest CVSS version, then the highest score. Where the own
 * distribution gives a word and no vector, the next vector is taken and the word caps it. The order
 * of the claims does not matter. (design: severity)
 */
export function chooseBaseVector(claims: readonly RatingClaim[], rated: RatedPackage): ChosenRating {
  const place = (provider: RatingProvider) => precedence(provider, rated);
  const vectors = claims.flatMap(({ provider, vector: text }): VectorClaim[] => {
    const vector = parseCvssVector(text);
    return vector === null ? [] : [{ provider, vector }];
  });
  const best = first(vectors, byPrecedence(place));
  const words = claims.filter((claim): claim is WordClaim => claim.word !== null);
  const bestWord = first(words, byWord(place));
  const isOwn = (claim: { provider: RatingProvider }) => place(claim.provider) === OWN_DISTRIBUTION;
  // A person's vector is a decision on this very advisory: no one else's word limits it.
  const capped = best !== undefined && place(best.provider) > OWN_DISTRIBUTION;
  const cap = capped ? first(words.filter(isOwn), byWord(place)) : undefined;
  return {
    vector: best?.vector ?? null,
    vectorProvider: best?.provider ?? null,
    word: bestWord?.word ?? null,
    wordProvider: bestWord?.provider ?? null,
    wordCap: cap?.word ?? null,
    wordCapProvider: cap?.provider ?? null,
  };
}

interface WordClaim extends RatingClaim {
  readonly word: Severity;
}

const OWN_DISTRIBUTION = 1;

function precedence(provider: RatingProvider, rated: RatedPackage): number {
  if (provider === 'person') return 0;
  if (provider === 'nvd') return 2;
  if (provider === 'cna') return 3;
  if (provider === 'ghsa') return 4;
  if (provider.startsWith('scanner:')) return 5;
  const own = rated.kind === 'os' && provider === `distribution:${rated.distribution}`;
  return own ? OWN_DISTRIBUTION : 6;
}

function byPrecedence(place: (provider: RatingProvider) => number): Comparison<VectorClaim> {
  return compareInOrder<VectorClaim>([
    (a, b) => place(a.provider) - place(b.provider),
    (a, b) => VERSION_ORDER.indexOf(a.vector.version) - VERSION_ORDER.indexOf(b.vector.version),
    (a, b) => b.vector.baseScore - a.vector.baseScore,
    (a, b) => compareBytes(a.vector.text, b.vector.text),
    (a, b) => compareBytes(a.provider, b.provider),
  ]);
}

function byWord(place: (provider: RatingProvider) => number): Comparison<WordClaim> {
  return compareInOrder<WordClaim>([
    (a, b) => place(a.provider) - place(b.provider),
    (a, b) => compareSeverity(a.word, b.word),
    (a, b) => compareBytes(a.provider, b.provider),
  ]);
}

function first<T>(items: readonly T[], comparison: Comparison<T>): T | undefined {
  return items.toSorted(comparison)[0];
}
