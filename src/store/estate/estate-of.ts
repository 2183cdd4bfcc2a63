import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { identifyResource, type Naming } from '#domain/resource/resource-key.ts';

/** The part of the estate that is evaluated together with a resource; null where nothing is evaluated. */
export function estateOf(
  resource: ResourceDescription,
  account: string | null,
  naming: Naming,
): string | null {
  if (resource.kind === 'kubernetes')
    return identifyResource({ kind: 'cluster', cluster: resource.cluster }, naming).key;
  if (resource.kind === 'cluster') return identifyResource(resource, naming).key;
  if (resource.kind !== 'cloud' && resource.kind !== 'account') return null;
  const own = resource.account ?? account;
  return own === null || own === undefined ? null : `${resource.provider}:${own}`;
}
