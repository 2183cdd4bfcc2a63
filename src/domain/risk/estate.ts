import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import type { CloudDoors } from '../exposure/cloud-door.ts';
import type { CorporateNetwork } from '../exposure/corporate-network.ts';
import type { ExposureRecord } from '../exposure/exposure-record.ts';
import type { SeenAnswer } from '../exposure/seen-answer.ts';
import type { TargetElsewhere } from '../exposure/target-elsewhere.ts';
import type { CloudIdentities } from '../privilege/cloud-identity.ts';
import type { Privilege } from '../privilege/privilege.ts';
import type { Evidence, RiskVerdict } from './detected-risk.ts';

/** A resource as the inventory described it last. */
export interface EstateResource {
  /** Canonical key (`resource/resource-key.ts`). */
  readonly key: string;
  readonly type: string;
  readonly name: string;
  readonly account: string | null;
  readonly region: string | null;
  readonly tags: Readonly<Record<string, string>>;
  /** Shape by `type`, documented in `resource/facts/`. */
  readonly facts: JsonObject;
  /** When the inventory saw it, and which source said so. */
  readonly seenAt: Instant;
  readonly provenance: string;
  /** When it was described, where that is not when the inventory saw it. */
  readonly describedAt?: Instant;
  /** What a tool other than an inventory knew of it. */
  readonly isSecondHand?: boolean;
}

/** A sentence with the source and time of the description that it rests on. */
export function evidence(sentence: string, resource: EstateResource): Evidence {
  return { sentence, provenance: resource.provenance, at: resource.seenAt };
}

/** What no inventory tells. */
export interface Surroundings {
  /** Without it everything is as of the newest description. */
  readonly now?: Instant;
  /** Ranges that the organisation calls its own: who comes from there is no stranger. */
  readonly networks?: readonly CorporateNetwork[];
  /** What other accounts of AWS tell of the organisation that they share. */
  readonly organisation?: readonly EstateResource[];
  /** What load balancers of other accounts of AWS have as targets by address. */
  readonly targetsElsewhere?: readonly TargetElsewhere[];
  /** What was seen to answer at addresses of resources, by their keys. */
  readonly answers?: ReadonlyMap<string, readonly SeenAnswer[]>;
  /** What the pods of a cluster may be in a cloud, by the inventory of that. */
  readonly cloud?: CloudIdentities;
  /** What clouds say of the load balancers and machines of a cluster. */
  readonly doors?: CloudDoors;
}

/** What the inventory alone says about a resource. */
export interface InventoryRisks {
  readonly publiclyAccessible: RiskVerdict;
  readonly privilegedAccess: RiskVerdict;
  /** Every way in that was looked at; `publiclyAccessible` is their roll-up. */
  readonly exposure: readonly ExposureRecord[];
  readonly privilege: Privilege;
}

/**
 * One partition of the estate (an account, a cluster), all of it: what is missing in it was not described.
 * Answers for the resources about which it has something to say; a resource that is not in the answer is
 * unknown in both.
 */
export type EvaluateEstate = (
  resources: readonly EstateResource[],
  surroundings?: Surroundings,
) => ReadonlyMap<string, InventoryRisks>;
