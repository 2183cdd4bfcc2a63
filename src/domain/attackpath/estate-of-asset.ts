/**
 * The account or cluster that an asset names as what it is of: of administrators, and of all that is in a cluster, also of
 * one that goes by its ARN, in which there is a slash; null of all else.
 */
export function estateOfAsset(asset: string): string | null {
  return (
    /^account-admin:(.+)$/s.exec(asset)?.[1] ??
    /^(k8s:(?:arn:[^/]+:cluster\/)?[^/]+)\//.exec(asset)?.[1] ??
    null
  );
}
