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
  if (own !== null && own !== undefined) return `${resource.provider}:${own}`;
  return TOGETHER.has(resource.provider) ? `${resource.provider}:` : null;
}

/** Clouds whose accounts are evaluated together: what lies above them, and in none of them, decides in all. */
const TOGETHER: ReadonlySet<string> = new Set(['azure', 'gcp']);

/** The estates that are evaluated with one: itself, or a prefix that all of its cloud have. */
export function evaluatedWith(estate: string): { readonly estate: string; readonly isPrefix: boolean } {
  const provider = estate.slice(0, estate.indexOf(':'));
  return TOGETHER.has(provider) ? { estate: `${provider}:`, isPrefix: true } : { estate, isPrefix: false };
}
