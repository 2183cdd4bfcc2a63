import type { CloudProvider, ResourceDescription } from '#domain/resource/resource-description.ts';

/**
 * An object of a cloud other than AWS as a scanner of clouds names it: `named` is the provider, `account` the subscription
 * or project. An id that is the account itself is a setting of it.
 */
export function describeCloudObject(
  id: string,
  type: string | undefined,
  name: string | undefined,
  named: string | undefined,
  account: string | undefined,
  region: string | undefined,
): ResourceDescription {
  const provider = cloudProvider(named);
  if (
    account !== undefined &&
    (id === account || id === `/subscriptions/${account}` || id === `projects/${account}`)
  )
    return { kind: 'account', provider, account };
  return { kind: 'cloud', provider, id: wholeId(id, provider, account, type), type, name, account, region };
}

/** Names such as `default` stand in every project: without the project around them they are no ids. */
function wholeId(
  id: string,
  provider: CloudProvider,
  account: string | undefined,
  type: string | undefined,
): string {
  if (account === undefined || id.includes('/')) return id;
  if (provider === 'gcp') return `projects/${account}/${type ?? 'resource'}/${id}`;
  return provider === 'azure' ? `/subscriptions/${account}/${type ?? 'resource'}/${id}` : id;
}

/** A provider in the spelling of this product; `other` for one that is not known. */
export function cloudProvider(named: string | undefined): CloudProvider {
  switch (named) {
    case 'aws':
    case 'azure':
    case 'gcp':
    case 'github':
      return named;
    case 'm365':
    case 'microsoft365':
      return 'microsoft365';
    default:
      return 'other';
  }
}
