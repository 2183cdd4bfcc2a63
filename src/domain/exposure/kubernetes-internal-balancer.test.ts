import { expect, it } from 'vitest';
import { serviceFacts } from '../resource/facts/kubernetes-facts.ts';
import { internalBy } from './kubernetes-internal-balancer.ts';

const AWS = 'service.beta.kubernetes.io/aws-load-balancer';

it.each<[annotations: Record<string, string>, loadBalancerClass: string | null, isInternal: boolean]>([
  [{}, null, false],
  [{ [`${AWS}-internal`]: 'true' }, null, true],
  [{ [`${AWS}-internal`]: '0.0.0.0/0' }, null, true],
  [{ [`${AWS}-internal`]: 'false' }, null, false],
  [{ [`${AWS}-scheme`]: 'internal' }, null, true],
  [{ [`${AWS}-scheme`]: 'internet-facing' }, null, false],
  [{ [`${AWS}-type`]: 'external' }, null, true],
  [{ [`${AWS}-type`]: 'nlb-ip' }, null, true],
  [{ [`${AWS}-type`]: 'nlb' }, null, false],
  [{ [`${AWS}-type`]: 'external', [`${AWS}-scheme`]: 'internet-facing' }, null, false],
  [{ [`${AWS}-type`]: 'external', [`${AWS}-internal`]: 'false' }, null, false],
  [{}, 'service.k8s.aws/nlb', true],
  [{ [`${AWS}-scheme`]: 'internet-facing' }, 'service.k8s.aws/nlb', false],
  [{ 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' }, null, true],
  [{ 'service.beta.kubernetes.io/azure-load-balancer-internal': 'false' }, null, false],
  [{ 'service.beta.kubernetes.io/oci-load-balancer-internal': 'true' }, null, true],
  [{ 'service.beta.kubernetes.io/do-loadbalancer-network': 'INTERNAL' }, null, true],
  [{ 'networking.gke.io/load-balancer-type': 'Internal' }, null, true],
  [{ 'cloud.google.com/load-balancer-type': 'Internal' }, null, true],
  [{ 'cloud.google.com/load-balancer-type': 'External' }, null, false],
])('%j of the class %s is internal: %s', (annotations, loadBalancerClass, isInternal) => {
  expect(internalBy(serviceFacts({ annotations, loadBalancerClass })) !== null).toBe(isInternal);
});
