import { NO_ADDRESSES } from '#base/address-set.ts';
import type { WorkloadFacts } from '../resource/facts/kubernetes-facts.ts';
import { evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';
import { type PolicyPassage, passageTo } from './kubernetes-network-policy.ts';
import type { FrontWay } from './kubernetes-service-front.ts';
import { admitting, onward } from './kubernetes-way.ts';
import { noInventoryTells } from './untold.ts';

/** What of a way through a service gets to the pods of a workload that it selects, past network policies. */
export function throughPolicies(
  way: FrontWay,
  workload: Placed<WorkloadFacts>,
  estate: KubernetesEstate,
): FrontWay {
  const { facts, resource } = workload;
  const name = nameOf(resource);
  const port =
    way.port === null
      ? null
      : { protocol: way.port.protocol, port: way.port.targetPort || String(way.port.port) };
  const passage = passageTo(facts, port, way.source, estate);
  const told = onward(way, { via: name });
  const unread = facts.hostNetwork ? null : estate.unreadPolicy(facts.namespace);
  const passed = admitting(told, {
    certain: unread === null ? passage.certain : NO_ADDRESSES,
    possible: passage.possible,
    missing: [
      ...(isInDoubt(passage, estate)
        ? [
            `which addresses ${name} sees behind ${nameOfFirst(passage)}: kubectl get nodes,namespaces,pods,services -A -o json`,
          ]
        : []),
      ...(unread === null ? [] : [noInventoryTells(`what ${unread} admits`)]),
    ],
  });
  return onward(passed, aboutPolicies(passage, workload, estate));
}

function aboutPolicies(
  passage: PolicyPassage,
  { facts, resource }: Placed<WorkloadFacts>,
  estate: KubernetesEstate,
): Parameters<typeof onward>[1] {
  const name = nameOf(resource);
  const [policy] = passage.policies;
  if (policy === undefined) {
    if (facts.hostNetwork) return {};
    const isListed = estate.looked('NetworkPolicy', facts.namespace);
    return {
      gate: `no NetworkPolicy selects ${name}`,
      fact: isListed
        ? undefined
        : evidence('Assumes that no network policy isolates it: none was supplied.', resource),
    };
  }
  const [by] = passage.admitting;
  if (by !== undefined && isPublic(estate.audienceOf(passage.possible)))
    return {
      gate: nameOf(by.resource),
      fact: evidence(`${nameOf(by.resource)} admits traffic to ${name}.`, by.resource),
    };
  return {
    gate: nameOf(policy.resource),
    fact: evidence(
      `${nameOf(policy.resource)} keeps traffic from the internet away from ${name}; assumes that the cluster's network enforces policies.`,
      policy.resource,
    ),
  };
}

function isInDoubt({ certain, possible, policies }: PolicyPassage, estate: KubernetesEstate): boolean {
  return policies.length > 0 && estate.audienceOf(certain) !== estate.audienceOf(possible);
}

function nameOfFirst({ admitting: [admits], policies: [isolates] }: PolicyPassage): string {
  const policy = admits ?? isolates;
  return policy === undefined ? 'its policies' : nameOf(policy.resource);
}
