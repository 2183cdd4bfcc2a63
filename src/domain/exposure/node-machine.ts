/** By what the inventory of a cloud knows the machine of a node: its key, or another name of it. */
export type MachineName =
  | { readonly by: 'key'; readonly text: string }
  | { readonly by: 'alias'; readonly text: string };

const ID_MAX = 1_000;

/**
 * The machine that a node's provider id names (attack-paths §1.1); null for one of a cloud that nothing else is known of.
 * An instance of a scale set of Azure is judged with its set.
 */
export function machineName(providerId: string): MachineName | null {
  if (providerId.length > ID_MAX) return null;
  const aws = /^aws:\/\/\/[a-z0-9-]*\/(i-[0-9a-f]+)$/.exec(providerId);
  if (aws !== null) return { by: 'alias', text: aws[1] as string };
  const google = /^gce:\/\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(providerId);
  if (google !== null) {
    const [, project, zone, name] = google;
    return {
      by: 'key',
      text: `gcp://compute.googleapis.com/projects/${project}/zones/${zone}/instances/${name}`,
    };
  }
  const azure = /^azure:\/\/(\/subscriptions\/.+)$/i.exec(providerId)?.[1]?.toLowerCase();
  if (azure === undefined) return null;
  return {
    by: 'key',
    text: `azure:${azure.replace(/(\/virtualmachinescalesets\/[^/]+)\/virtualmachines\/[^/]+$/, '$1')}`,
  };
}
