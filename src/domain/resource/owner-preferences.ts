import type { OwnerSource } from './owner.ts';
import { globMatches } from './tag-glob.ts';
import { tagKeyText, tagsByKey } from './tag-key.ts';

/** A tag that means somebody to this organisation: `cost-center: cc-42*` is of the team `payments`. */
export interface TagMeaning {
  readonly tag: string;
  /** `*` stands for any text. */
  readonly value: string;
  readonly owner: string;
  readonly note: string | null;
}

/** A name that owns nothing, or not by this kind of source: `@acme/everyone` of CODEOWNERS. */
export interface OwnerExclusion {
  readonly owner: string;
  /** Null: by none. */
  readonly from: OwnerSource | null;
  readonly note: string | null;
}

/** Whose a resource is, as a person accepted it. */
export interface AcceptedOwner {
  /** Key of the resource. */
  readonly resource: string;
  readonly owner: string;
  readonly by: string;
}

/** What an organisation says about owners (attack-paths §7.3): behind direct tags, before everything else. */
export class OwnerPreferences {
  readonly #tags: readonly TagMeaning[];
  readonly #excluded: ReadonlySet<string>;
  readonly #accepted: ReadonlyMap<string, AcceptedOwner>;

  constructor({
    tags = [],
    exclusions = [],
    accepted = [],
  }: {
    readonly tags?: readonly TagMeaning[];
    readonly exclusions?: readonly OwnerExclusion[];
    readonly accepted?: readonly AcceptedOwner[];
  }) {
    this.#tags = tags;
    this.#excluded = new Set(exclusions.map(({ owner, from }) => exclusionKey(owner, from)));
    this.#accepted = new Map(accepted.map((each) => [each.resource, each]));
  }

  /** Whom these tags mean, in the order of the preferences. */
  meantBy(
    tags: Readonly<Record<string, string>>,
  ): readonly { readonly name: string; readonly tag: string }[] {
    const byKey = tagsByKey(tags);
    return this.#tags.flatMap(({ tag, value, owner }) =>
      (byKey.get(tagKeyText(tag)) ?? []).flatMap((found) =>
        globMatches(value, found.value) ? [{ name: owner, tag: found.key }] : [],
      ),
    );
  }

  isExcluded(name: string, source: OwnerSource): boolean {
    return this.#excluded.has(exclusionKey(name, null)) || this.#excluded.has(exclusionKey(name, source));
  }

  acceptedOf(resource: string): AcceptedOwner | null {
    return this.#accepted.get(resource) ?? null;
  }
}

function exclusionKey(owner: string, from: OwnerSource | null): string {
  return `${from ?? ''} ${owner.trim().toLowerCase()}`;
}
