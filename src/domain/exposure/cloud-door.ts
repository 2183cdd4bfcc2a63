import type { Instant } from '#base/instant.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** What a cloud's own inventory says of a thing that a cluster has there: a load balancer, the machine of a node. */
export interface CloudDoor {
  /** `load balancer k8s-shop-web-1`, `instance i-0abc`: in a sentence. */
  readonly name: string;
  /** Its ways in, as the cloud's evaluation found them last. */
  readonly ways: readonly ExposureRecord[];
  /** The description that they rest on. */
  readonly provenance: string;
  readonly at: Instant;
}

/** The API server of a cluster that a cloud runs. */
export interface ApiServer extends CloudDoor {
  /** Why it takes nothing from callers without a login but questions about its health; null where it may. */
  readonly refusal: string | null;
}

/** What the clouds know of one cluster's doors; what is not in it was not described. */
export interface CloudDoors {
  /** Load balancers by their addresses and host names (`resource/alias-text.ts`); of services without one by `namespace/name`. */
  readonly balancers: ReadonlyMap<string, CloudDoor>;
  /** Machines of nodes, by the node's provider id. */
  readonly machines: ReadonlyMap<string, CloudDoor>;
  /** What leads to groups of endpoints of Google Cloud, by the service whose pods they hold and their name: `shop/web group`. Absent ones were not described. */
  readonly groups?: ReadonlyMap<string, CloudDoor>;
  /** Absent where no cloud was described that runs the cluster. */
  readonly apiServer?: ApiServer;
}

export const NO_CLOUD_DOORS: CloudDoors = { balancers: new Map(), machines: new Map() };
