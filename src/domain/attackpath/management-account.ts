import { ORGANIZATION } from '../resource/facts/aws-identity-facts.ts';
import { readFacts } from '../resource/facts/fact-shape.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { PathEstate } from './path-facts.ts';

/**
 * Marks the accounts of AWS that manage an organisation, as far as its description names them: whoever administers one
 * may change the guard rails of every other account and enter it (attack-paths §4.5, T0). Where no organisation was
 * described, none is marked.
 */
export function withManagementAccounts(
  estates: ReadonlyMap<string, PathEstate>,
  resources: readonly EstateResource[],
): ReadonlyMap<string, PathEstate> {
  const marked = new Map(estates);
  for (const resource of resources) {
    if (resource.type !== 'organization') continue;
    const { MasterAccountId } = readFacts(ORGANIZATION, resource.facts);
    const about = marked.get(`aws:${MasterAccountId}`);
    if (about === undefined || about.manages !== undefined) continue;
    marked.set(`aws:${MasterAccountId}`, {
      ...about,
      manages: evidence(`${about.name} manages its organisation.`, resource),
    });
  }
  return marked;
}
