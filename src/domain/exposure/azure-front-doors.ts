import { intersectAddresses, NO_ADDRESSES, unionAddresses } from '#base/address-set.ts';
import { addToList } from '#base/list-map.ts';
import { azureListOf, azurePart } from '../resource/azure-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import {
  FRONT_DOOR,
  FRONT_DOOR_ORIGIN,
  FRONT_DOOR_PART,
  FRONT_DOOR_PROFILE,
  FRONT_DOOR_ROUTE,
  FRONT_DOOR_RULE,
  FRONT_DOOR_SECURITY,
} from '../resource/facts/azure-edge-facts.ts';
import { shellWord } from '../resource/shell-word.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Admitted, admitted, perhapsAdmitted } from './azure-admitted.ts';
import { type AzureEstate, isListedEmpty } from './azure-estate.ts';
import { EVERYBODY } from './azure-senders.ts';
import { type PastPolicy, pastPolicy } from './azure-waf-policy.ts';

/** One of the ways by which a Front Door sends requests to an origin. */
export interface FrontDoorWay {
  /** The endpoint, or the Front Door where it is of the classic kind. */
  readonly door: EstateResource;
  /** What it says of itself in `X-Azure-FDID`, in lower case; undefined where nobody told. */
  readonly frontDoorId: string | undefined;
  /** Names that requests may be for, in lower case. */
  readonly hosts: readonly string[];
  /** Whose requests it sends on. */
  readonly clients: Admitted;
  /** The firewall policy that blocks some of them by what they ask for. */
  readonly filteredBy: string | undefined;
  readonly evidence: readonly Evidence[];
  /** The private link by which they come; undefined where they come from the internet. */
  readonly link: { readonly target: string; readonly status: string | undefined } | undefined;
}

/** The ways by which a Front Door that was described sends requests to one of these host names or addresses. */
export function frontDoorWays(estate: AzureEstate, hosts: readonly string[]): readonly FrontDoorWay[] {
  const known = estate.derived(waysByHost);
  return [...new Set(hosts.map((host) => host.toLowerCase()))].flatMap((host) => known.get(host) ?? []);
}

/** The endpoints of a Front Door as whoever asks them meets them: a firewall policy may narrow who is answered. */
export function frontDoorClients(estate: AzureEstate, door: EstateResource): ClientsOf {
  if (door.type !== 'azure-front-door') return clientsOfDomains(estate, profileOf(door), [armIdOf(door)]);
  const { frontendEndpoints = [] } = estate.facts(FRONT_DOOR, door);
  return clientsOfFrontends(estate, frontendEndpoints);
}

/**
 * What is missing of a Front Door that something lets in by its id: all of it, or where it sends requests. Null where it
 * was described.
 */
export function untoldFrontDoor(estate: AzureEstate, frontDoorId: string): string | null {
  const door = estate.derived(doorsById).get(frontDoorId);
  if (door === undefined)
    return `the Front Door whose id is ${frontDoorId.slice(0, 60)}: az afd profile list`;
  const profile = armIdOf(door);
  if (door.type === 'azure-front-door' || estate.derived(originsByProfile).has(profile)) return null;
  const flags = `--resource-group ${shellWord(azurePart(profile, 'resourceGroups'))} --profile-name ${shellWord(azurePart(profile, 'profiles'))}`;
  return `the origins of Front Door ${door.name}: az afd origin-group list ${flags}, and of each az afd origin list ${flags} --origin-group-name NAME`;
}

function doorsById(estate: AzureEstate): ReadonlyMap<string, EstateResource> {
  const found = new Map<string, EstateResource>();
  const add = (id: string | undefined, door: EstateResource): void => {
    if (id !== undefined) found.set(id.toLowerCase(), door);
  };
  for (const door of estate.ofType('azure-front-door')) add(estate.facts(FRONT_DOOR, door).frontDoorId, door);
  for (const profile of estate.ofType('azure-cdn-profile'))
    add(estate.facts(FRONT_DOOR_PROFILE, profile).frontDoorId, profile);
  return found;
}

const originsByProfile = (estate: AzureEstate): ReadonlyMap<string, readonly EstateResource[]> =>
  Map.groupBy(estate.ofType('azure-front-door-origin'), profileOf);

function waysByHost(estate: AzureEstate): ReadonlyMap<string, readonly FrontDoorWay[]> {
  const found = new Map<string, FrontDoorWay[]>();
  for (const door of estate.ofType('azure-front-door')) addClassicWays(estate, door, found);
  for (const [profile, origins] of estate.derived(originsByProfile))
    addProfileWays(estate, profile, origins, found);
  return found;
}

function isOn(state: string | undefined): boolean {
  return state?.toLowerCase() !== 'disabled';
}

function addClassicWays(estate: AzureEstate, door: EstateResource, found: Map<string, FrontDoorWay[]>): void {
  const facts = estate.facts(FRONT_DOOR, door);
  if (!isOn(facts.enabledState)) return;
  const { backendPools = [], frontendEndpoints = [], routingRules } = facts;
  for (const { id, backends = [] } of backendPools) {
    const rules = routingRules?.filter(
      ({ enabledState, routeConfiguration }) =>
        isOn(enabledState) && routeConfiguration?.backendPool?.id?.toLowerCase() === id?.toLowerCase(),
    );
    if (rules?.length === 0) continue;
    const used = new Set(rules?.flatMap((rule) => (rule.frontendEndpoints ?? []).flatMap(idOf)));
    const frontends = frontendEndpoints.filter(
      ({ id: own }) => used.size === 0 || used.has(own?.toLowerCase() ?? ''),
    );
    const clients = clientsOfFrontends(estate, frontends);
    for (const { address, enabledState } of backends)
      if (address !== undefined && isOn(enabledState))
        addToList(found, address.toLowerCase(), {
          door,
          frontDoorId: facts.frontDoorId?.toLowerCase(),
          hosts: frontends.flatMap(({ hostName }) => hostName?.toLowerCase() ?? []),
          link: undefined,
          ...clients,
        });
  }
}

function addProfileWays(
  estate: AzureEstate,
  profile: string,
  origins: readonly EstateResource[],
  found: Map<string, FrontDoorWay[]>,
): void {
  const described = estate.find(profile);
  const frontDoorId =
    described === undefined
      ? undefined
      : estate.facts(FRONT_DOOR_PROFILE, described).frontDoorId?.toLowerCase();
  const routes = routesOf(estate, profile);
  for (const origin of origins) {
    const {
      id = '',
      hostName,
      enabledState,
      sharedPrivateLinkResource,
    } = estate.facts(FRONT_DOOR_ORIGIN, origin);
    if (hostName === undefined || !isOn(enabledState)) continue;
    const target = sharedPrivateLinkResource?.privateLink?.id?.toLowerCase();
    const link = target === undefined ? undefined : { target, status: sharedPrivateLinkResource?.status };
    const group = id.toLowerCase().replace(/\/origins\/[^/]*$/, '');
    for (const { groups, ...route } of routes)
      if (groups === null || groups.has(group))
        addToList(found, hostName.toLowerCase(), { ...route, frontDoorId, link });
  }
}

type RouteWay = Omit<FrontDoorWay, 'frontDoorId' | 'link'> & {
  /** Groups of origins to which it may lead; null where nobody told. */
  readonly groups: ReadonlySet<string> | null;
};

/** The routes of the endpoints that are on, and for an endpoint of which nobody told its routes that they are missing. */
function routesOf(estate: AzureEstate, profile: string): readonly RouteWay[] {
  const doors = estate.derived(endpointsByProfile).get(profile) ?? [];
  return doors
    .filter((each) => isOn(estate.facts(FRONT_DOOR_PART, each).enabledState))
    .flatMap((door): readonly RouteWay[] => {
      const id = armIdOf(door);
      const own = estate.derived(routesByEndpoint).get(id);
      if (own !== undefined) return own.flatMap((route) => routeWay(estate, profile, door, route) ?? []);
      if (isListedEmpty(estate, ROUTES, id)) return [];
      return [
        {
          door,
          groups: null,
          hosts: [],
          clients: perhapsAdmitted(EVERYBODY, [`the routes of endpoint ${door.name}: ${routesCall(id)}`]),
          filteredBy: undefined,
          evidence: [],
        },
      ];
    });
}

const endpointsByProfile = (estate: AzureEstate): ReadonlyMap<string, readonly EstateResource[]> =>
  Map.groupBy(estate.ofType('azure-front-door-endpoint'), profileOf);

const routesByEndpoint = (estate: AzureEstate): ReadonlyMap<string, readonly EstateResource[]> =>
  Map.groupBy(estate.ofType('azure-front-door-route'), (each) =>
    armIdOf(each).replace(/\/routes\/[^/]*$/, ''),
  );

const securityByProfile = (estate: AzureEstate): ReadonlyMap<string, readonly EstateResource[]> =>
  Map.groupBy(estate.ofType('azure-front-door-security'), profileOf);

const ROUTES = 'afd route list';

function routesCall(endpoint: string): string {
  return azureListOf(ROUTES, endpoint, {
    '--resource-group': azurePart(endpoint, 'resourceGroups'),
    '--profile-name': azurePart(endpoint, 'profiles'),
    '--endpoint-name': azurePart(endpoint, 'afdEndpoints'),
  });
}

function routeWay(
  estate: AzureEstate,
  profile: string,
  door: EstateResource,
  route: EstateResource,
): RouteWay | null {
  const facts = estate.facts(FRONT_DOOR_ROUTE, route);
  if (!isOn(facts.enabledState)) return null;
  const domains = (facts.customDomains ?? []).flatMap(idOf);
  if (isOn(facts.linkToDefaultDomain)) domains.unshift(armIdOf(door));
  const overrides = (facts.ruleSets ?? [])
    .flatMap(idOf)
    .flatMap((set) => estate.derived(groupsBySet).get(set) ?? []);
  return {
    door,
    groups: new Set([...idOf(facts.originGroup ?? {}), ...overrides]),
    hosts: domains.flatMap((id) => {
      const domain = estate.find(id);
      return domain === undefined
        ? []
        : (estate.facts(FRONT_DOOR_PART, domain).hostName?.toLowerCase() ?? []);
    }),
    ...clientsOfDomains(estate, profile, domains),
  };
}

/** Groups of origins to which rules of a set send some requests. */
function groupsBySet(estate: AzureEstate): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const rule of estate.ofType('azure-front-door-rule'))
    for (const { parameters } of estate.facts(FRONT_DOOR_RULE, rule).actions ?? []) {
      const group = parameters?.originGroupOverride?.originGroup?.id?.toLowerCase();
      if (group !== undefined) addToList(found, armIdOf(rule).replace(/\/rules\/[^/]*$/, ''), group);
    }
  return found;
}

export type ClientsOf = Pick<FrontDoorWay, 'clients' | 'filteredBy' | 'evidence'>;

/** Who gets through by any of these domains, each with the firewall policy that stands in front of all of its paths. */
function clientsOfDomains(estate: AzureEstate, profile: string, domains: readonly string[]): ClientsOf {
  const security = estate.derived(securityByProfile).get(profile);
  const policies = (security ?? []).flatMap((each) => {
    const { wafPolicy, associations = [] } = estate.facts(FRONT_DOOR_SECURITY, each).parameters ?? {};
    return associations.flatMap(({ domains: guarded = [], patternsToMatch = [] }) =>
      patternsToMatch.includes('/*') && wafPolicy?.id !== undefined
        ? guarded.flatMap(idOf).map((domain) => [domain, wafPolicy.id as string] as const)
        : [],
    );
  });
  const isTold = security !== undefined || isListedEmpty(estate, SECURITY, profile);
  const guards = new Map(policies);
  const ways = domains.map((domain) => clientsPast(estate, guards.get(domain)));
  const about = estate.find(domains[0] ?? profile);
  return anyOf(ways, isTold || about === undefined ? [] : [untoldPolicies(about, profile)]);
}

const SECURITY = 'afd security-policy list';

function untoldPolicies(door: EstateResource, profile: string): Evidence {
  const command = azureListOf(SECURITY, profile, {
    '--resource-group': azurePart(profile, 'resourceGroups'),
    '--profile-name': azurePart(profile, 'profiles'),
  });
  return evidence(
    `Whether a firewall policy stands in front of ${called(door)} (${command}) was not described and is taken as no.`,
    door,
  );
}

function clientsOfFrontends(
  estate: AzureEstate,
  frontends: readonly {
    readonly webApplicationFirewallPolicyLink?: { readonly id?: string | undefined } | undefined;
  }[],
): ClientsOf {
  const ways = frontends.map(({ webApplicationFirewallPolicyLink: link }) => clientsPast(estate, link?.id));
  return anyOf(ways.length === 0 ? [clientsPast(estate, undefined)] : ways, []);
}

function clientsPast(estate: AzureEstate, policy: string | undefined): PastPolicy {
  if (policy === undefined) return { ...admitted(EVERYBODY), filters: false, policy: undefined };
  return pastPolicy(estate, policy, EVERYBODY);
}

/** Whoever gets through somewhere gets through. */
function anyOf(ways: readonly PastPolicy[], notes: readonly Evidence[]): ClientsOf {
  const sets = (side: 'certain' | 'possible') => ways.map((way) => way[side]);
  const unionOf = (side: 'certain' | 'possible') =>
    ways.length === 0 ? NO_ADDRESSES : intersectAddresses(EVERYBODY, unionAddresses(...sets(side)));
  return {
    clients: {
      certain: unionOf('certain'),
      possible: unionOf('possible'),
      missing: [...new Set(ways.flatMap(({ missing }) => missing))],
    },
    filteredBy: ways.every(({ filters }) => filters) ? ways[0]?.policy?.name : undefined,
    evidence: [
      ...ways.flatMap(({ policy }) =>
        policy === undefined ? [] : [evidence(`${calledFirst(policy)} stands in front of it.`, policy)],
      ),
      ...notes,
    ],
  };
}

function idOf({ id }: { readonly id?: string | undefined }): readonly string[] {
  return id === undefined ? [] : [id.toLowerCase()];
}

function armIdOf({ key }: EstateResource): string {
  return key.slice('azure:'.length);
}

function profileOf(resource: EstateResource): string {
  return /^.*\/profiles\/[^/]+/.exec(armIdOf(resource))?.[0] ?? '';
}
