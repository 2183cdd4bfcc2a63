import type { Instant } from '#base/instant.ts';

/** Where an account stands: null for outside of any organisation, undefined where nobody said. */
export interface Membership {
  /** Id of the account's organisation. */
  readonly organisation?: string | null | undefined;
  /** The way down to the account, as conditions write it: `o-1/r-1/ou-1/`. */
  readonly organisationPath?: string | null | undefined;
}

/** Who asks, as conditions and policy variables see it. */
export interface Caller extends Membership {
  readonly arn: string;
  readonly account: string;
  readonly kind: 'user' | 'group' | 'role';
  readonly name: string;
  /** `AIDA…`, `AROA…`; null where it was not described. */
  readonly uniqueId: string | null;
  /** Its tags; null where they were not described. */
  readonly tags: Readonly<Record<string, string>> | null;
  /** Whether it may give itself any tag. */
  readonly choosesItsTags: boolean;
  readonly isBounded: boolean;
  readonly organisation: string | null | undefined;
}

/** What is asked: may the caller take this action on this resource? */
export interface Question {
  readonly caller: Caller;
  /** In lower case: `s3:getobject`. */
  readonly action: string;
  /** An ARN; `*` for an action that is about no resource. */
  readonly resource: string;
  /** What is known of the resource beside its ARN; null where it need not exist. */
  readonly target: Target | null;
  /** Condition keys that the request fixes, in lower case, with their values; null is known to be absent. */
  readonly request: ReadonlyMap<string, readonly string[] | null>;
  readonly now: Instant;
}

/** A resource as conditions see it. */
export interface Target extends Membership {
  readonly arn: string;
  readonly account: string;
  /** Null where they were not described. */
  readonly tags: Readonly<Record<string, string>> | null;
  /** ARN of a user's or role's permissions boundary; null for none. */
  readonly boundary: string | null;
  /** Whether the caller may tag it as it likes. */
  readonly isTaggable: boolean;
}

export const NO_REQUEST: ReadonlyMap<string, readonly string[] | null> = new Map();
