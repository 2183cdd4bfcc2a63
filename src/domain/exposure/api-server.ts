import { asText, at, type JsonObject } from '#base/json-value.ts';

/** Types of clusters that a cloud runs, by its words in a sentence. */
export const RUN_BY_CLOUDS: Readonly<Record<string, string>> = {
  'eks-cluster': 'EKS cluster',
  'azure-aks-cluster': 'AKS cluster',
  'gcp-gke-cluster': 'GKE cluster',
};

/**
 * Why the API server of such a cluster refuses callers without a login, whatever is bound to them; null where it does not, or where
 * nobody told (attack-paths §2.7, 1; EKS release notes of 1.32, GKE `anonymousAuthenticationConfig`).
 */
export function refusalOfStrangers(type: string, facts: JsonObject): string | null {
  switch (type) {
    case 'eks-cluster': {
      const [, major = 0, minor = 0] =
        /^(\d+)\.(\d+)/.exec(asText(facts['version']) ?? '')?.map(Number) ?? [];
      return major > 1 || (major === 1 && minor >= 32)
        ? 'EKS tells callers without a login nothing but its health, since version 1.32.'
        : null;
    }
    case 'azure-aks-cluster':
      return 'AKS takes no request without a login.';
    case 'gcp-gke-cluster':
      return asText(at(facts, 'anonymousAuthenticationConfig', 'mode')) === 'LIMITED'
        ? 'The cluster limits callers without a login to its health.'
        : null;
    default:
      return null;
  }
}
