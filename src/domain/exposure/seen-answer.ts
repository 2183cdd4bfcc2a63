import type { Instant } from '#base/instant.ts';

/** What somebody saw who knocked at a port of an address. */
export interface SeenAnswer {
  readonly address: string;
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  /** Something answered; false: the machine refused, so nothing listens. What is filtered tells neither. */
  readonly isOpen: boolean;
  /** Somebody said that the look came from the internet (`--scope from=internet`). */
  readonly isFromInternet: boolean;
  readonly at: Instant;
  readonly provenance: string;
}
