import type { AcceptedOwner, OwnerExclusion, TagMeaning } from '../resource/owner-preferences.ts';

/** What an organisation says about owners. */
export interface ToldOwners {
  readonly tags: readonly TagMeaning[];
  readonly exclusions: readonly OwnerExclusion[];
  readonly accepted: readonly AcceptedOwner[];
}

/** Keeps what an organisation says about owners. Each change is audited, and whoever owns what is derived anew at once. */
export interface OwnerStore {
  list(): Promise<ToldOwners>;
  /** In the place of what was said of tags and names before; what was accepted stays. */
  replace(told: Pick<ToldOwners, 'tags' | 'exclusions'>, actor: string): Promise<void>;
  /** The key of the resource that these people mean; null where none is known. */
  accept(resource: string, owner: string, actor: string): Promise<string | null>;
  /** False where nobody was accepted. */
  withdraw(resource: string, actor: string): Promise<boolean>;
}
