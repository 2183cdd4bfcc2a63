import { type AddressSet, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { addToList } from '#base/list-map.ts';
import { called, calledFirst } from '../resource/called.ts';
import {
  APP_GATEWAY,
  type AppGatewayFacts,
  FRONT_DOOR,
  FRONT_DOOR_PART,
  type IpConfigurationFacts,
} from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { ownerId, publicFrontends } from './azure-balancers.ts';
import { type AzureEstate, findSubnet } from './azure-estate.ts';
import { type AzurePlace, lastOf } from './azure-network.ts';
import { exposeDoor } from './azure-place-exposure.ts';
import { PRIVATE, SENDERS_V4 } from './azure-senders.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';
import { closedWay, dormantWay, openWay, unsureWay } from './way-in.ts';

/** Whether an application gateway answers the internet: a listener on a public frontend, and the subnet's security group. */
export function exposeAppGateway(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  return exposeListeners(estate, resource, () => true);
}

/** The same by those of its listeners, told by their ids, that are asked about. */
function exposeListeners(
  estate: AzureEstate,
  resource: EstateResource,
  isAsked: (listener: string | undefined) => boolean,
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
  const listeners = facts.httpListeners.filter(({ id }) => isAsked(id?.toLowerCase()));
  const ways = listeners.flatMap((listener) => {
    const address = frontends.get(listener.frontendIPConfiguration?.id?.toLowerCase() ?? '');
    if (address === undefined || address === null) return [];
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
    });
  });
  if (ways.length > 0) return ways;
  return [
    closedWay({
      evidence: [evidence(`${calledFirst(resource)} has no listener on a public address.`, resource)],
    }),
  ];
}

/** Whether an interface is reached through an application gateway whose backend it is. */
export function exposeBehindGateways(
  estate: AzureEstate,
  resource: EstateResource,
  what: string,
  configuration: IpConfigurationFacts,
  place: AzurePlace,
): readonly ExposureRecord[] {
  return gatewayPools(estate, configuration).flatMap((pool) => {
    const gateway = estate.find(ownerId(pool));
    if (gateway === undefined)
      return [
        unsureWay([`application gateway ${lastOf(ownerId(pool))}: az network application-gateway list`]),
      ];
    const facts = estate.facts(APP_GATEWAY, gateway);
    const front = exposeListeners(estate, gateway, leadingTo(pool, facts.requestRoutingRules));
    if (front.every((way) => way.verdict === 'no' || !isPublic(way.audience))) return [];
    if (!front.some((way) => way.verdict === 'yes' && isPublic(way.audience)))
      return [unsureWay(front.flatMap((way) => way.missing))];
    const settings = new Set(
      (facts.requestRoutingRules ?? [])
        .filter((rule) => rule.backendAddressPool?.id?.toLowerCase() === pool)
        .flatMap((rule) => rule.backendHttpSettings?.id?.toLowerCase() ?? []),
    );
    const ports = (facts.backendHttpSettingsCollection ?? [])
      .filter(({ id }) => settings.size === 0 || settings.has(id?.toLowerCase() ?? ''))
      .flatMap(({ port }) =>
        port === undefined ? [] : [{ protocol: 'tcp' as const, from: port, to: port }],
      );
    return exposeDoor(estate, {
      resource,
      what,
      place: { ...place, isOpenWithoutNsg: true },
      address: {
        id: '',
        resource: gateway,
        address: undefined,
        isStandard: true,
        senders: SENDERS_V4,
        names: [],
      },
      ports: ports.length === 0 ? null : ports,
      via: [`application gateway ${gateway.name}`],
      forwards:
        rangesOf(findSubnet(estate, facts.gatewayIPConfigurations?.[0]?.subnet?.id)?.facts) ?? PRIVATE,
    });
  });
}

/** Which listeners may lead to a pool: all but those whose every rule leads to another one. */
function leadingTo(
  pool: string,
  rules: AppGatewayFacts['requestRoutingRules'] = [],
): (listener: string | undefined) => boolean {
  const mayLead = new Map<string, boolean>();
  for (const { httpListener, backendAddressPool, urlPathMap } of rules) {
    const listener = httpListener?.id?.toLowerCase() ?? '';
    const other = backendAddressPool?.id?.toLowerCase() ?? pool;
    mayLead.set(listener, mayLead.get(listener) === true || other === pool || urlPathMap?.id !== undefined);
  }
  return (listener = '') => mayLead.get(listener) ?? true;
}

/** Backend pools of application gateways that a connection names or that list its address, by their ids. */
export function gatewayPools(
  estate: AzureEstate,
  { applicationGatewayBackendAddressPools = [], privateIPAddress }: IpConfigurationFacts,
): readonly string[] {
  const named = applicationGatewayBackendAddressPools.flatMap((pool) => pool.id?.toLowerCase() ?? []);
  if (privateIPAddress === undefined) return named;
  return [...new Set([...named, ...(estate.derived(poolsByAddress).get(privateIPAddress) ?? [])])];
}

function poolsByAddress(estate: AzureEstate): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const gateway of estate.ofType('azure-app-gateway'))
    for (const { id, backendAddresses = [] } of estate.facts(APP_GATEWAY, gateway).backendAddressPools ?? [])
      for (const { ipAddress } of backendAddresses)
        if (id !== undefined && ipAddress !== undefined) addToList(found, ipAddress, id.toLowerCase());
  return found;
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

/** A Front Door that is on answers everybody; that is what it is for. */
export function exposeFrontDoor(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts =
    resource.type === 'azure-front-door'
      ? estate.facts(FRONT_DOOR, resource)
      : estate.facts(FRONT_DOOR_PART, resource);
  if (facts.enabledState === 'Disabled')
    return [dormantWay({ evidence: [evidence(`${calledFirst(resource)} is disabled.`, resource)] })];
  const host = 'hostName' in facts ? facts.hostName : undefined;
  const sentence = `${calledFirst(resource)}${host === undefined ? '' : ` (${host})`} answers the whole internet.`;
  return [openWay('internet', { surface: 'tcp/80, tcp/443', evidence: [evidence(sentence, resource)] })];
}
