import type { FactFields } from './fact-shape.ts';

/**
 * Whom the account of a cluster of EKS says that it lets in, by resource type, under the names of the AWS API. Each
 * names its cluster by its name alone.
 */

/** `eks-access-entry`: somebody of AWS whom a cluster of EKS lets in, and as whom. */
export const ACCESS_ENTRY = {
  clusterName: 'text',
  principalArn: 'text',
  kubernetesGroups: 'texts',
  username: 'text',
  type: 'text',
} as const satisfies FactFields;

/** `eks-access-entry-list`: all whom a cluster lets in by such an entry. */
export const ACCESS_ENTRY_LIST = {
  clusterName: 'text',
  principalArns: 'texts',
} as const satisfies FactFields;

/** `eks-access-policies`: policies of EKS for whoever is let in; all of them, or of Terraform (`IsPart`) one. */
export const ACCESS_POLICIES = {
  clusterName: 'text',
  principalArn: 'text',
  associatedAccessPolicies: [{ policyArn: 'text', accessScope: { type: 'text', namespaces: 'texts' } }],
  IsPart: 'boolean',
} as const satisfies FactFields;
