import { API_TYPES } from './api-types.ts';
import { COMPUTE_TYPES } from './compute-types.ts';
import { DATA_TYPES } from './data-types.ts';
import { IDENTITY_TYPES } from './identity-types.ts';
import { NETWORK_TYPES } from './network-types.ts';
import type { ReadValues } from './piece.ts';

/** How each type of the AWS provider is read. */
export const TERRAFORM_TYPES: ReadonlyMap<string, ReadValues> = new Map(
  Object.entries({ ...NETWORK_TYPES, ...COMPUTE_TYPES, ...DATA_TYPES, ...IDENTITY_TYPES, ...API_TYPES }),
);

/** What a type of the AWS provider says of the resources of AWS; undefined for one that is not read. */
export function readerOf(type: string): ReadValues | undefined {
  return TERRAFORM_TYPES.get(type);
}
