import { addToList } from '#base/list-map.ts';
import { called, calledFirst } from '../resource/called.ts';
import { LOAD_BALANCER } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { balancerParts, ownerId, publicFrontends } from './azure-balancers.ts';
import type { AzureEstate } from './azure-estate.ts';
import { connectionsOf, exposeThroughBalancer } from './azure-machine-exposure.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { closedWay, unsureWay } from './way-in.ts';

/**
 * Whether a load balancer lets the internet through: it has no filter of its own and hands packets on as they
 * came, so it is open where one of its members is.
 */
export function exposeAzureLoadBalancer(
  estate: AzureEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const facts = estate.facts(LOAD_BALANCER, resource);
  if (facts.frontendIPConfigurations === undefined)
    return [unsureWay([`the frontends of ${resource.name}: az network lb list`])];
  if (publicFrontends(estate, facts).size === 0)
    return [closedWay({ evidence: [evidence(`${calledFirst(resource)} has no public address.`, resource)] })];
  const rules = [
    ...(facts.loadBalancingRules ?? []),
    ...(facts.inboundNatRules ?? []),
    ...(facts.inboundNatPools ?? []),
  ];
  if (rules.length === 0)
    return [
      closedWay({
        evidence: [evidence(`${calledFirst(resource)} has no rule that leads anywhere.`, resource)],
      }),
    ];
  const id = (facts.id ?? '').toLowerCase();
  const members = estate.derived(membersByBalancer).get(id) ?? [];
  if (members.length === 0)
    return [unsureWay([`the machines behind ${resource.name}: az network nic list, az vmss list`])];
  const ways = members.flatMap((member) => exposeThroughBalancer(estate, member, id));
  if (ways.length > 0) return ways;
  return [
    closedWay({
      evidence: [
        evidence(`No rule of ${called(resource)} leads from a public address to a member.`, resource),
      ],
    }),
  ];
}

function membersByBalancer(estate: AzureEstate): ReadonlyMap<string, readonly EstateResource[]> {
  const members = new Map<string, EstateResource[]>();
  for (const resource of estate.ofType('azure-nic', 'azure-vmss')) {
    const balancers = connectionsOf(estate, resource).flatMap(({ configuration }) =>
      balancerParts(estate, configuration).map(ownerId),
    );
    for (const balancer of new Set(balancers)) addToList(members, balancer, resource);
  }
  return members;
}
