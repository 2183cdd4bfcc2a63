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

/** Whom Google Cloud or Azure takes the pods of a service account for, as the evaluation of that cloud found it. */
export interface WorkloadIdentity extends Omit<CloudIdentity, 'trust'> {
  /** The resource that it is there. */
  readonly key: string;
  /** `shop-prod.svc.id.goog[shop/web]`, `shop-web`. */
  readonly name: string;
  readonly cloud: 'Google Cloud' | 'Azure';
  /** The identity that the service account names, where it is this one: the id of a client of Azure. */
  readonly client: string | null;
}

/** What pods of one cluster may be in a cloud. */
export interface CloudIdentities {
  /** Roles whose account was described, by ARN. */
  readonly roles: ReadonlyMap<string, CloudIdentity>;
  /** Roles that the cloud, and no annotation, gives to service accounts (EKS Pod Identity), by `namespace/name`. */
  readonly associated: ReadonlyMap<string, readonly AssociatedRole[]>;
  /** Identities of other clouds that certainly take their tokens, by `namespace/name`. */
  readonly others?: ReadonlyMap<string, readonly WorkloadIdentity[]>;
  /** Addresses of accounts of Google Cloud whose policies were told: of those none lets a workload that is not among the others become them. */
  readonly told?: ReadonlySet<string>;
}

export const NO_CLOUD_IDENTITIES: CloudIdentities = { roles: new Map(), associated: new Map() };

/** Stands for the role of an association that was listed and not described. */
export const UNTOLD_ROLE = 'a role by EKS Pod Identity';
