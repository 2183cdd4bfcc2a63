import type { Instant } from '#base/instant.ts';

/** What somebody saw who knocked at a port of an address, or what a machine says of its own ports. */
export interface SeenAnswer {
  readonly address: string;
  readonly protocol: 'tcp' | 'udp';
  /** `others`: all that the same list of a machine does not name. */
  readonly port: number | 'others';
  /** Something answered; false: the machine refused, so nothing listens. What is filtered tells neither. */
  readonly isOpen: boolean;
  /** Somebody said that the look came from the internet (`--scope from=internet`). */
  readonly isFromInternet: boolean;
  /** The machine says so itself; `address` is what it is called. */
  readonly isListed?: true;
  /** The address, or what it is called, is all that says whose it is (attack-paths §1.1). */
  readonly isAssumed?: true;
  readonly at: Instant;
  readonly provenance: string;
}
