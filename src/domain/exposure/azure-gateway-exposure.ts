import { type AddressSet, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { called, calledFirst } from '../resource/called.ts';
import { FRONT_DOOR, FRONT_DOOR_PART } from '../resource/facts/azure-edge-facts.ts';
import { APP_GATEWAY, type IpConfigurationFacts } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { innerFrontends, ownerId, publicFrontends } from './azure-balancers.ts';
import { exposeClients } from './azure-clients.ts';
import { type AzureEstate, findSubnet } from './azure-estate.ts';
import { frontDoorClients } from './azure-front-doors.ts';
import { platformAddress } from './azure-frontend.ts';
import { type GatewayRoute, gatewayRoutes, poolsListing } from './azure-gateway-routes.ts';
import { type AzurePlace, lastOf } from './azure-network.ts';
import { exposeDoor } from './azure-place-exposure.ts';
import { PRIVATE, SENDERS_V4 } from './azure-senders.ts';
import { type Authentication, type ExposureRecord, isOpenToPublic } from './exposure-record.ts';
import { closedWay, dormantWay, unsureWay } from './way-in.ts';

/** Whether an application gateway answers the internet: a listener on a public frontend, its firewall policies, and the subnet's security group. */
export function exposeAppGateway(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  return exposeRoutes(estate, resource, gatewayRoutes(estate.facts(APP_GATEWAY, resource)));
}

/** The same for some of what it does with requests. */
function exposeRoutes(
  estate: AzureEstate,
  resource: EstateResource,
  routes: readonly GatewayRoute[],
): readonly ExposureRecord[] {
  const facts = estate.facts(APP_GATEWAY, resource);
  if (facts.operationalState === 'Stopped')
    return [dormantWay({ evidence: [evidence(`${calledFirst(resource)} is stopped: dormant.`, resource)] })];
  if (facts.httpListeners === undefined || facts.frontendIPConfigurations === undefined)
    return [unsureWay([`the listeners of ${resource.name}: az network application-gateway list`])];
  const frontends = publicFrontends(estate, facts);
  const ports = new Map((facts.frontendPorts ?? []).map(({ id, port }) => [id?.toLowerCase(), port]));
  const withClients = new Set(
    (facts.sslProfiles ?? []).flatMap(({ id, trustedClientCertificates = [] }) =>
      id === undefined || trustedClientCertificates.length === 0 ? [] : [id.toLowerCase()],
    ),
  );
  const policies = Map.groupBy(routes, ({ listener }) => listener);
  const ways = facts.httpListeners.flatMap((listener) => {
    const asked = policies.get(listener.id?.toLowerCase() ?? '');
    const address = frontends.get(listener.frontendIPConfiguration?.id?.toLowerCase() ?? '');
    if (asked === undefined || address === undefined) return [];
    const port = ports.get(listener.frontendPort?.id?.toLowerCase());
    const auth: Authentication = withClients.has(listener.sslProfile?.id?.toLowerCase() ?? '')
      ? 'mtls'
      : 'app';
    return exposeDoor(estate, {
      resource,
      what: `${called(resource)}, listener ${listener.name ?? lastOf(listener.id ?? '')},`,
      place: {
        privateAddress: undefined,
        groups: [],
        nsg: null,
        subnet: facts.gatewayIPConfigurations?.[0]?.subnet?.id,
        isOpenWithoutNsg: true,
      },
      address,
      ports: [{ protocol: 'tcp', from: port ?? 0, to: port ?? 65_535 }],
      via: [`public address ${lastOf(address.id)}`],
      auth,
      policies: [...new Set(asked.map(({ policy }) => policy))],
    });
  });
  if (ways.length > 0) return ways;
  return [
    closedWay({
      evidence: [evidence(`${calledFirst(resource)} has no listener on a public address.`, resource)],
    }),
  ];
}

/** What strangers reach behind a pool of an application gateway. */
export interface BehindGateway {
  readonly gateway: EstateResource;
  /** Ports that it asks; null where nobody told which. */
  readonly ports: readonly number[] | null;
  readonly subnet: string | undefined;
  /** The firewall policy that blocks some requests by what they ask for. */
  readonly filteredBy: string | undefined;
}

/** Whether strangers' requests get as far as a pool of an application gateway; null where none do. */
export function behindGateway(
  estate: AzureEstate,
  pool: string,
): BehindGateway | { readonly missing: readonly string[] } | null {
  const gateway = estate.find(ownerId(pool));
  if (gateway === undefined)
    return {
      missing: [`application gateway ${lastOf(ownerId(pool))}: az network application-gateway list`],
    };
  const facts = estate.facts(APP_GATEWAY, gateway);
  const frontends = publicFrontends(estate, facts);
  const listeners = new Set(
    (facts.httpListeners ?? []).flatMap(({ id, frontendIPConfiguration }) =>
      id !== undefined && frontends.has(frontendIPConfiguration?.id?.toLowerCase() ?? '')
        ? [id.toLowerCase()]
        : [],
    ),
  );
  const routes = gatewayRoutes(facts).filter(
    (route) => listeners.has(route.listener) && (route.pool === undefined || route.pool === pool),
  );
  const front = exposeRoutes(estate, gateway, routes);
  if (front.every((way) => way.verdict === 'no' || !isPublic(way.audience))) return null;
  if (!front.some(isOpenToPublic)) return { missing: front.flatMap((way) => way.missing) };
  const settings = new Set(routes.map((route) => route.settings));
  const ports = (facts.backendHttpSettingsCollection ?? [])
    .filter(({ id }) => settings.has(undefined) || settings.has(id?.toLowerCase()))
    .flatMap(({ port }) => port ?? []);
  return {
    gateway,
    ports: ports.length === 0 ? null : [...new Set(ports)],
    subnet: facts.gatewayIPConfigurations?.[0]?.subnet?.id?.toLowerCase(),
    filteredBy: front.filter(isOpenToPublic).every((way) => way.filteredBy !== undefined)
      ? front.find(isOpenToPublic)?.filteredBy
      : undefined,
  };
}

/** Whether an interface is reached through an application gateway whose backend it is, or an inner load balancer that has it. */
export function exposeBehindGateways(
  estate: AzureEstate,
  resource: EstateResource,
  what: string,
  configuration: IpConfigurationFacts,
  place: AzurePlace,
): readonly ExposureRecord[] {
  const own = gatewayPools(estate, configuration).flatMap((pool) =>
    exposeBehindPool(estate, { resource, what, place, via: [] }, pool, (port) => [port]),
  );
  const balanced = innerFrontends(estate, configuration).flatMap(({ balancer, address, portsFor }) =>
    poolsListing(estate, [address]).flatMap((pool) =>
      exposeBehindPool(
        estate,
        { resource, what, place, via: [`load balancer ${balancer.name}`] },
        pool,
        portsFor,
      ),
    ),
  );
  return [...own, ...balanced];
}

/** What stands behind, and where. */
type Door = Pick<Parameters<typeof exposeDoor>[1], 'resource' | 'what' | 'place' | 'via'>;

function exposeBehindPool(
  estate: AzureEstate,
  at: Door,
  pool: string,
  portsFor: (port: number) => readonly number[],
): readonly ExposureRecord[] {
  const answers = behindGateway(estate, pool);
  if (answers === null) return [];
  if ('missing' in answers) return [unsureWay(answers.missing)];
  const ports = answers.ports?.flatMap(portsFor) ?? null;
  if (ports?.length === 0) return [];
  return exposeForwarded(estate, at, answers, ports);
}

/** What is behind an open gateway in a network: its security groups see the gateway's addresses. */
export function exposeForwarded(
  estate: AzureEstate,
  { resource, what, place, via }: Door,
  { gateway, subnet, filteredBy }: BehindGateway,
  ports: readonly number[] | null,
): readonly ExposureRecord[] {
  return exposeDoor(estate, {
    resource,
    what,
    place: { ...place, isOpenWithoutNsg: true },
    address: platformAddress([], SENDERS_V4, gateway),
    ports: ports === null ? null : ports.map((port) => ({ protocol: 'tcp' as const, from: port, to: port })),
    via: [`application gateway ${gateway.name}`, ...via],
    forwards: rangesOf(findSubnet(estate, subnet)?.facts) ?? PRIVATE,
    filteredBy,
  });
}

/** Backend pools of application gateways that a connection names or that list its address, by their ids. */
export function gatewayPools(
  estate: AzureEstate,
  { applicationGatewayBackendAddressPools = [], privateIPAddress }: IpConfigurationFacts,
): readonly string[] {
  const named = applicationGatewayBackendAddressPools.flatMap((pool) => pool.id?.toLowerCase() ?? []);
  if (privateIPAddress === undefined) return named;
  return [...new Set([...named, ...poolsListing(estate, [privateIPAddress])])];
}

function rangesOf(
  subnet:
    | {
        readonly addressPrefix?: string | undefined;
        readonly addressPrefixes?: readonly string[] | undefined;
      }
    | undefined,
): AddressSet | null {
  const texts = [subnet?.addressPrefix ?? [], subnet?.addressPrefixes ?? []].flat();
  const sets = texts.flatMap((text) => parseAddresses(text) ?? []);
  return sets.length === 0 ? null : unionAddresses(...sets);
}

/** Whether a Front Door answers the internet: it is there for everybody, and a firewall policy may narrow whom it answers. */
export function exposeFrontDoor(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts =
    resource.type === 'azure-front-door'
      ? estate.facts(FRONT_DOOR, resource)
      : estate.facts(FRONT_DOOR_PART, resource);
  if (facts.enabledState === 'Disabled')
    return [dormantWay({ evidence: [evidence(`${calledFirst(resource)} is disabled.`, resource)] })];
  const host = 'hostName' in facts ? facts.hostName : undefined;
  const named = `${calledFirst(resource)}${host === undefined ? '' : ` (${host})`}`;
  const { clients, filteredBy, evidence: about } = frontDoorClients(estate, resource);
  return exposeClients(estate, {
    clients,
    filteredBy,
    way: { surface: 'tcp/80, tcp/443' },
    said: (whom) => [evidence(`${named} answers ${whom}.`, resource), ...about],
  });
}
