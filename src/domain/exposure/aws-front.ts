import type { EstateResource } from '../risk/estate.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';

/** Something that people reach and that passes their requests on: an accelerator, a distribution, an API. */
export interface Front {
  readonly resource: EstateResource;
  /** Who it asks for an identity before it passes anything on; null where it asks nobody. */
  readonly login: Authentication | null;
  /** What stands behind it sees the client's own address. */
  readonly keepsClients: boolean;
  /** It signs what it passes on, as itself. */
  readonly signs?: boolean;
  /** The method of an API that passes on: `GET /orders`. Absent where it is no API. */
  readonly method?: string | undefined;
  /** How people reach it. */
  readonly records: () => readonly ExposureRecord[];
}

/** A front, and what it names as standing behind it: an ARN, an id, a DNS name. */
export type FrontOf = readonly [target: string, front: Front];
