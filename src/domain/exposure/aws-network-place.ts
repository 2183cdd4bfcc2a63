import type { EstateResource } from '../risk/estate.ts';
import type { Authentication } from './exposure-record.ts';
import type { Surface } from './surface.ts';

/** Something with addresses in subnets and security groups around it. */
export interface NetworkPlace {
  /** The resource that is exposed, or not. */
  readonly resource: EstateResource;
  /** How sentences call it: `network interface eni-1`, `load balancer front`. */
  readonly what: string;
  /** Addresses of the internet that it has; null where it has one and nobody says which. */
  readonly addresses: readonly string[] | null;
  /** Which addresses those are that nobody says; IPv4 where absent. */
  readonly families?: 'v4' | 'v6' | 'both';
  /** Null where security groups play no part. */
  readonly groups: readonly string[] | null;
  readonly subnets: readonly string[];
  readonly vpc: string | undefined;
  /** Only these ports are served; null where any may be. */
  readonly ports: readonly Omit<Surface, 'sources'>[] | null;
  readonly auth: Authentication;
}

/** These ports of what is open; all of it where any port may be served. */
export function intersectPorts(
  surfaces: readonly Surface[],
  ports: NetworkPlace['ports'],
): readonly Surface[] {
  if (ports === null) return surfaces;
  return ports.flatMap((port) =>
    surfaces.flatMap((surface) =>
      surface.protocol === port.protocol ? [{ ...port, sources: surface.sources }] : [],
    ),
  );
}
