import type { ExposureRecord } from '../exposure/exposure-record.ts';
import type { Privilege } from '../privilege/privilege.ts';
import type { Attribution } from '../resource/place-resource.ts';
import type { ResourceContext } from '../risk/deployment.ts';
import type { RiskVerdict } from '../risk/detected-risk.ts';

/** A resource as one page shows it: what is known of it, and the issues that it is part of. */
export interface ResourceView extends ResourceContext {
  /** Of the open findings on it or on the images that it runs. */
  readonly exploitAvailable: RiskVerdict;
  /** Every way in that was looked at. Empty where no inventory describes it. */
  readonly exposure: readonly ExposureRecord[];
  readonly privilege: Privilege;
  /** Null where nothing was derived yet. */
  readonly attribution: Attribution | null;
  /** Ids of the open issues with a finding on it or on an image that it runs, in the order of the inbox. */
  readonly issues: readonly string[];
}

/** Reads the estate. */
export interface ResourceStore {
  /**
   * The resources under these ids, in their order; null for those that are not known. An id is a canonical
   * key, an ARN or another cloud's own id without the prefix, or a name that the inventory knows for one resource:
   * a bare instance id, a host name, an address.
   */
  view(ids: readonly string[]): Promise<readonly (ResourceView | null)[]>;
}
