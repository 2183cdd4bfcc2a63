/** A cluster by the name that EKS knows: contexts of kubectl are its ARN, or `person@name.region.eksctl.io`. */
export function clusterName(estate: string): string {
  const name = estate.slice('k8s:'.length);
  return /:cluster\/(.+)$/.exec(name)?.[1] ?? /@(.+)\.[a-z0-9-]+\.eksctl\.io$/.exec(name)?.[1] ?? name;
}
