import type { Instant } from '#base/instant.ts';
import type { PolicyFacts } from '../resource/facts/fact-shape.ts';
import type { Privilege } from './privilege.ts';

/** A role of AWS as its account's evaluation found it. */
export interface CloudIdentity {
  readonly privilege: Privilege;
  /** What would decide, where the level is unknown. */
  readonly missing: readonly string[];
  /** Who may become it; null where nobody said. */
  readonly trust: PolicyFacts | null;
  /** The description that it rests on. */
  readonly provenance: string;
  readonly at: Instant;
}

/** A role that the pods of a service account get by EKS Pod Identity. */
export interface AssociatedRole {
  /** Its ARN, or `UNTOLD_ROLE`. */
  readonly arn: string;
  /** Whether they get it through another role, so that it trusts that one and not them. */
  readonly isThroughAnother: boolean;
  /** Whether a session policy leaves them a part of its rights. */
  readonly isNarrowed: boolean;
}

/** What pods of one cluster may be in a cloud. */
export interface CloudIdentities {
  /** Roles whose account was described, by ARN. */
  readonly roles: ReadonlyMap<string, CloudIdentity>;
  /** Roles that the cloud, and no annotation, gives to service accounts (EKS Pod Identity), by `namespace/name`. */
  readonly associated: ReadonlyMap<string, readonly AssociatedRole[]>;
}

export const NO_CLOUD_IDENTITIES: CloudIdentities = { roles: new Map(), associated: new Map() };

/** Stands for the role of an association that was listed and not described. */
export const UNTOLD_ROLE = 'a role by EKS Pod Identity';
