import { addToList } from '#base/list-map.ts';
import {
  type IpConfigurationFacts,
  LOAD_BALANCER,
  type LoadBalancerFacts,
} from '../resource/facts/azure-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AzureEstate } from './azure-estate.ts';
import { type PublicAddress, publicAddress } from './azure-frontend.ts';
import { lastOf } from './azure-network.ts';
import type { Surface } from './surface.ts';

/** A rule of a load balancer that leads from a public address to ports of its members. */
export interface BalancedPort {
  readonly balancer: EstateResource;
  readonly rule: string;
  readonly address: PublicAddress;
  readonly isStandard: boolean;
  /** Packets come as they were sent to the address in front (floating IP), so rules of security groups are for that one. */
  readonly keepsAddress: boolean;
  readonly ports: readonly Omit<Surface, 'sources'>[];
}

/** The id of the load balancer or gateway that a pool, a rule or a configuration is a part of. */
export function ownerId(partId: string): string {
  return partId.split('/').slice(0, 9).join('/').toLowerCase();
}

/**
 * The pools, rules and pools of rules of load balancers that lead to a connection, by their ids: those that it names,
 * and the pools that list its address, which no interface names.
 */
export function balancerParts(estate: AzureEstate, configuration: IpConfigurationFacts): readonly string[] {
  const named = [
    ...(configuration.loadBalancerBackendAddressPools ?? []),
    ...(configuration.loadBalancerInboundNatRules ?? []),
    ...(configuration.loadBalancerInboundNatPools ?? []),
  ].flatMap((part) => part.id ?? []);
  const { privateIPAddress, subnet } = configuration;
  if (privateIPAddress === undefined || subnet?.id === undefined) return named;
  const known = new Set(named.map((id) => id.toLowerCase()));
  const listed = estate.derived(poolsByAddress).get(`${networkOf(subnet.id)} ${privateIPAddress}`) ?? [];
  return [...named, ...listed.filter((id) => !known.has(id))];
}

/** The network that a subnet is a part of. */
export function networkOf(subnetId: string): string {
  return subnetId.toLowerCase().replace(/\/subnets\/[^/]+$/, '');
}

/** Pools by the network and the address of each member that they list. */
function poolsByAddress(estate: AzureEstate): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const balancer of estate.ofType('azure-load-balancer'))
    for (const pool of estate.facts(LOAD_BALANCER, balancer).backendAddressPools ?? [])
      for (const { ipAddress, virtualNetwork, subnet } of pool.loadBalancerBackendAddresses ?? []) {
        const network = virtualNetwork?.id ?? subnet?.id ?? pool.virtualNetwork?.id;
        if (pool.id !== undefined && ipAddress !== undefined && network !== undefined)
          addToList(found, `${networkOf(network)} ${ipAddress}`, pool.id.toLowerCase());
      }
  return found;
}

/** What leads to a backend pool, an inbound NAT rule or pool, by its id; only from public addresses. */
export function balancedPorts(estate: AzureEstate, partId: string): readonly BalancedPort[] {
  return estate.derived(portsByPart).get(partId.toLowerCase()) ?? [];
}

function portsByPart(estate: AzureEstate): ReadonlyMap<string, readonly BalancedPort[]> {
  const found = new Map<string, BalancedPort[]>();
  for (const balancer of estate.ofType('azure-load-balancer')) {
    const facts = estate.facts(LOAD_BALANCER, balancer);
    const frontends = publicFrontends(estate, facts);
    const isStandard = facts.sku?.name?.toLowerCase() !== 'basic';
    const add = (
      parts: readonly (string | undefined)[],
      rule: {
        readonly name?: string | undefined;
        readonly id?: string | undefined;
        readonly protocol?: string | undefined;
        readonly enableFloatingIP?: boolean | undefined;
        readonly backendPort?: number | undefined;
        readonly frontendIPConfiguration?: { readonly id?: string | undefined } | undefined;
      },
    ): void => {
      const address = frontends.get(rule.frontendIPConfiguration?.id?.toLowerCase() ?? '');
      if (address === undefined) return;
      const ports = portsOf(rule.protocol, rule.backendPort);
      for (const part of parts)
        if (part !== undefined)
          addToList(found, part.toLowerCase(), {
            balancer,
            rule: rule.name ?? lastOf(rule.id ?? ''),
            address,
            isStandard,
            keepsAddress: rule.enableFloatingIP === true,
            ports,
          });
    };
    for (const rule of facts.loadBalancingRules ?? [])
      add([rule.backendAddressPool?.id, ...(rule.backendAddressPools ?? []).map((pool) => pool.id)], rule);
    for (const rule of facts.inboundNatRules ?? []) add([rule.id, rule.backendAddressPool?.id], rule);
    for (const pool of facts.inboundNatPools ?? []) add([pool.id], pool);
  }
  return found;
}

/** A private address of a load balancer, and to which ports of a member it leads from one of its own. */
interface InnerFrontend {
  readonly balancer: EstateResource;
  readonly address: string;
  readonly portsFor: (port: number) => readonly number[];
}

/** The private addresses in front of a connection, by the rules of the load balancers that it names. */
export function innerFrontends(
  estate: AzureEstate,
  configuration: IpConfigurationFacts,
): readonly InnerFrontend[] {
  const pools = new Set(balancerParts(estate, configuration).map((part) => part.toLowerCase()));
  return [...new Set([...pools].map(ownerId))].flatMap((id) => {
    const balancer = estate.find(id);
    if (balancer === undefined) return [];
    const { frontendIPConfigurations = [], loadBalancingRules = [] } = estate.facts(LOAD_BALANCER, balancer);
    return frontendIPConfigurations.flatMap(({ id: frontend, privateIPAddress: address }) => {
      const rules = loadBalancingRules.filter(
        ({ frontendIPConfiguration, backendAddressPool, backendAddressPools = [] }) =>
          frontendIPConfiguration?.id?.toLowerCase() === frontend?.toLowerCase() &&
          [backendAddressPool, ...backendAddressPools].some((pool) =>
            pools.has(pool?.id?.toLowerCase() ?? ''),
          ),
      );
      if (address === undefined || rules.length === 0) return [];
      const portsFor = (port: number) =>
        rules.flatMap(({ frontendPort, backendPort }) => {
          if (frontendPort === 0) return [port];
          return frontendPort === port ? [backendPort ?? port] : [];
        });
      return [{ balancer, address, portsFor }];
    });
  });
}

/** Public addresses of a load balancer, by the id of the frontend that has each. */
export function publicFrontends(
  estate: AzureEstate,
  { frontendIPConfigurations = [] }: Pick<LoadBalancerFacts, 'frontendIPConfigurations'>,
): ReadonlyMap<string, PublicAddress> {
  const frontends = new Map<string, PublicAddress>();
  for (const { id, publicIPAddress, publicIPPrefix } of frontendIPConfigurations) {
    const address = publicIPAddress?.id ?? publicIPPrefix?.id;
    if (id !== undefined && address !== undefined)
      frontends.set(id.toLowerCase(), publicAddress(estate, address));
  }
  return frontends;
}

/** A port of 0 stands for all of them (rules for every port of a Standard load balancer). */
function portsOf(
  protocol: string | undefined,
  port: number | undefined,
): readonly Omit<Surface, 'sources'>[] {
  const word = protocol?.toLowerCase();
  const protocols = (['tcp', 'udp'] as const).filter(
    (each) => word === undefined || word === 'all' || word === each,
  );
  const whole = port === undefined || port === 0;
  return protocols.map((each) => ({ protocol: each, from: whole ? 0 : port, to: whole ? 65_535 : port }));
}
