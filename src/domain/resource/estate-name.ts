/** What a cloud calls an account or cluster, without the cloud: `111122223333` of `aws:111122223333`. */
export function estateName(estate: string): string {
  return estate.replace(/^(?:aws|azure|gcp|k8s):/, '');
}
