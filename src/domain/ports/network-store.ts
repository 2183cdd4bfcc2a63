import type { Instant } from '#base/instant.ts';

/** A range of addresses that an organisation calls its own. */
export interface Network {
  /** In its one spelling: `198.18.0.0/15`. */
  readonly cidr: string;
  readonly label: string;
  readonly actor: string;
  readonly at: Instant;
}

/** Keeps which ranges are an organisation's own. Each change is audited, and all that is exposed is judged anew at once. */
export interface NetworkStore {
  list(): Promise<readonly Network[]>;
  /** A range that is there already gets the label. */
  add(network: Pick<Network, 'cidr' | 'label'>, actor: string): Promise<void>;
  /** False where it was not there. */
  remove(cidr: string, actor: string): Promise<boolean>;
}
