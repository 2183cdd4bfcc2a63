import type { Observation } from '#domain/finding/observation.ts';
import { percentDecoded } from '../reading/percent-text.ts';

/** A complete list holds all resources of the types that it shows, in each of the subscriptions that it shows. */
export function listingOf(subscription: string, type: string): Observation {
  return {
    kind: 'coverage',
    cover: `${subscription}//${type}`,
    // A query, or `--resource-group`, may have left something out, and no answer tells its question.
    listing: { provider: 'azure', account: subscription, region: '', type, complete: 'partial' },
  };
}

/**
 * `az ad group member list` tells everybody who is in the group that its file is called after: who is missing left
 * it. The list is kept beside its entries, so that one that is empty was looked at as well.
 */
export function memberListing(group: string): readonly Observation[] {
  const type = 'entra-membership';
  const id = `entra:${group}/members`;
  const name = `members of ${group}`;
  return [
    {
      kind: 'coverage',
      cover: `${group}//${type}`,
      listing: { provider: 'azure', account: '', region: group, type, complete: 'yes' },
    },
    {
      kind: 'resource',
      resource: { kind: 'cloud', provider: 'azure', id, type, name },
      type,
      name,
      region: group,
      facts: { groupId: group },
    },
  ];
}

/**
 * What `az … list` of a resource's parts said, where its file is called after the call and the resource: an empty
 * list names neither. Null for the name of any other file.
 */
export function emptyListOf(fileName: string): Observation | null {
  const [, call, encoded = ''] =
    /([a-z][a-z-]*-list)-(%2Fsubscriptions%2F[^/\\!]+?)(?:\.json)?$/i.exec(fileName) ?? [];
  const of = percentDecoded(encoded);
  if (call === undefined || of.length > 2_048) return null;
  const account = of.split('/')[2]?.toLowerCase();
  const type = 'azure-empty-list';
  const name = `${call} of ${of.slice(of.lastIndexOf('/') + 1)}`;
  const place = account === undefined ? {} : { account };
  return {
    kind: 'resource',
    resource: { kind: 'cloud', provider: 'azure', id: `${of}#${call}`, type, name, ...place },
    type,
    name,
    ...place,
    facts: { call, of },
  };
}
