/** A cluster by the name that EKS knows: contexts of kubectl are its ARN, or `person@name.region.eksctl.io`. */
export function clusterName(estate: string): string {
  const name = estate.slice('k8s:'.length);
  return /:cluster\/(.+)$/.exec(name)?.[1] ?? /@(.+)\.[a-z0-9-]+\.eksctl\.io$/.exec(name)?.[1] ?? name;
}

/** Accounts of clouds. */
export const IN_CLOUDS = ['aws:%', 'azure:%', 'gcp:%'];

/** What a cluster is called where it runs: keys of the resource that it may be there, and its name. */
export function namesInCloud(estate: string): { readonly keys: readonly string[]; readonly name: string } {
  const id = estate.slice('k8s:'.length);
  const name = clusterName(estate);
  return {
    keys: [`aws:${id}`, `azure:${id.toLowerCase()}`, `gcp:${id}`],
    // Contexts of kubectl: gke_project_place_name; ids end in the name.
    name: /^gke_[^_]+_[^_]+_(.+)$/.exec(name)?.[1] ?? name.slice(name.lastIndexOf('/') + 1),
  };
}
