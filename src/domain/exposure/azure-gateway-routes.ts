import { addToList } from '#base/list-map.ts';
import { APP_GATEWAY, type AppGatewayFacts } from '../resource/facts/azure-facts.ts';
import type { AzureEstate } from './azure-estate.ts';

/** What an application gateway does with some requests to a listener. Ids are in lower case. */
export interface GatewayRoute {
  readonly listener: string;
  /** Undefined where nobody told where they go; null where they are sent elsewhere, to no backend. */
  readonly pool: string | null | undefined;
  readonly settings: string | undefined;
  /** The firewall policy that they pass: the nearest of path, listener and gateway. */
  readonly policy: string | undefined;
}

interface Target {
  readonly backendAddressPool?: { readonly id?: string | undefined } | undefined;
  readonly backendHttpSettings?: { readonly id?: string | undefined } | undefined;
  readonly redirectConfiguration?: { readonly id?: string | undefined } | undefined;
  readonly firewallPolicy?: { readonly id?: string | undefined } | undefined;
}

/** What a gateway does with requests, listener by listener: rules lead to a pool, elsewhere, or by path to either. */
export function gatewayRoutes(facts: AppGatewayFacts): readonly GatewayRoute[] {
  const maps = new Map((facts.urlPathMaps ?? []).map((map) => [idOf(map), map]));
  return (facts.httpListeners ?? []).flatMap((listener) => {
    const id = idOf(listener) ?? '';
    const policy = idOf(listener.firewallPolicy) ?? idOf(facts.firewallPolicy);
    const to = (target: Target): GatewayRoute => ({
      listener: id,
      pool:
        idOf(target.backendAddressPool) ?? (target.redirectConfiguration === undefined ? undefined : null),
      settings: idOf(target.backendHttpSettings),
      policy: idOf(target.firewallPolicy) ?? policy,
    });
    const rules = (facts.requestRoutingRules ?? []).filter((rule) => idOf(rule.httpListener) === id);
    if (rules.length === 0) return [to({})];
    return rules.flatMap((rule) => {
      if (rule.urlPathMap === undefined) return [to(rule)];
      const map = maps.get(idOf(rule.urlPathMap));
      if (map === undefined) return [to({})];
      return [
        to({
          backendAddressPool: map.defaultBackendAddressPool,
          backendHttpSettings: map.defaultBackendHttpSettings,
          redirectConfiguration: map.defaultRedirectConfiguration,
        }),
        ...(map.pathRules ?? []).map(to),
      ];
    });
  });
}

function idOf(part: { readonly id?: string | undefined } | undefined): string | undefined {
  return part?.id?.toLowerCase();
}

/** Backend pools of application gateways that list one of these host names or addresses, by their ids. */
export function poolsListing(estate: AzureEstate, names: readonly string[]): readonly string[] {
  const known = estate.derived(poolsByName);
  return [...new Set(names.flatMap((name) => known.get(name.toLowerCase()) ?? []))];
}

function poolsByName(estate: AzureEstate): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const gateway of estate.ofType('azure-app-gateway'))
    for (const { id, backendAddresses = [] } of estate.facts(APP_GATEWAY, gateway).backendAddressPools ?? [])
      for (const { ipAddress, fqdn } of backendAddresses)
        for (const name of [ipAddress ?? [], fqdn ?? []].flat())
          if (id !== undefined) addToList(found, name.toLowerCase(), id.toLowerCase());
  return found;
}
