import type { ServiceFacts } from '../resource/facts/kubernetes-facts.ts';

/** Annotations that make a load balancer internal, by their value. */
const INTERNAL_VALUES: Readonly<Record<string, readonly string[]>> = {
  'service.beta.kubernetes.io/aws-load-balancer-internal': ['true', '0.0.0.0/0'],
  'service.beta.kubernetes.io/aws-load-balancer-scheme': ['internal'],
  'service.beta.kubernetes.io/azure-load-balancer-internal': ['true'],
  'service.beta.kubernetes.io/oci-load-balancer-internal': ['true'],
  'service.beta.kubernetes.io/do-loadbalancer-network': ['internal'],
  'networking.gke.io/load-balancer-type': ['internal'],
  'cloud.google.com/load-balancer-type': ['internal'],
};

/**
 * What makes the load balancer of a service internal, in words; null when nothing does (attack-paths §2.7, 2). AWS's own
 * controller does where no scheme is given, the one in the tree does not.
 */
export function internalBy(facts: ServiceFacts): string | null {
  for (const [key, values] of Object.entries(INTERNAL_VALUES)) {
    const value = facts.annotations[key]?.trim().toLowerCase();
    if (value !== undefined && values.includes(value)) return `${key}: ${value}`;
  }
  const type = facts.annotations['service.beta.kubernetes.io/aws-load-balancer-type'];
  const isOfController =
    facts.loadBalancerClass?.startsWith('service.k8s.aws/') === true ||
    type === 'external' ||
    type === 'nlb-ip';
  const scheme = facts.annotations['service.beta.kubernetes.io/aws-load-balancer-scheme'];
  const notInternal =
    facts.annotations['service.beta.kubernetes.io/aws-load-balancer-internal']?.trim().toLowerCase() ===
    'false';
  return isOfController && scheme !== 'internet-facing' && !notInternal
    ? "the AWS Load Balancer Controller's default"
    : null;
}
