import { type AddressSet, NO_ADDRESSES, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { addToList } from '#base/list-map.ts';
import { called, calledFirst } from '../resource/called.ts';
import {
  BACKEND,
  BACKEND_GROUP,
  FORWARDING_RULE,
  GCP_FUNCTION,
  type GcpInstanceFacts,
  SECURITY_POLICY,
  TARGET,
  URL_MAP,
} from '../resource/facts/gcp-facts.ts';
import { assetCall, projectPlace } from '../resource/gcp-call.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Audience, audienceOfSources, INTERNET, isPublic } from './audience.ts';
import type { Authentication, Behind, ExposureRecord } from './exposure-record.ts';
import { clusterService } from './gcp-cluster-service.ts';
import type { GcpEstate } from './gcp-estate.ts';
import { lastOf } from './gcp-firewall.ts';
import { bindingsOf, type ProxyLogin, passedBy, proxyLogin } from './gcp-proxy-login.ts';
import { applyRules, type OrderedRule } from './ordered-rules.ts';
import { EVERYWHERE } from './passage.ts';
import { type Surface, sourcesOf } from './surface.ts';
import { noInventoryTells } from './untold.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

/** A load balancer's way to a backend, as the backend sees it. */
interface Front {
  readonly name: string;
  readonly resource: EstateResource;
  readonly verdict: ExposureRecord['verdict'];
  readonly audience: Audience;
  readonly auth: Authentication;
  readonly ports: readonly Omit<Surface, 'sources'>[];
  /** It passes packets on as they come, so the firewall sees the client's address. */
  readonly keepsClients: boolean;
  readonly evidence: readonly Evidence[];
  readonly missing: readonly string[];
}

const EXTERNAL = new Set(['EXTERNAL', 'EXTERNAL_MANAGED']);

/** Targets of endpoints of Private Service Connect, which have no scheme: a service of somebody, or the APIs of Google. */
const PRIVATE_SERVICE = /\/serviceAttachments\/[^/]+$|^(?:all-apis|vpc-sc)$/;

/**
 * Whether a forwarding rule answers the internet: an external scheme, and what Cloud Armor lets through to its
 * backends. One with Identity-Aware Proxy answers everybody with a login.
 */
export function exposeForwardingRule(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { loadBalancingScheme, IPAddress, target, backendService } = estate.facts(FORWARDING_RULE, resource);
  const { name } = resource;
  if (target !== undefined && PRIVATE_SERVICE.test(target))
    return [
      closedWay({
        evidence: [
          evidence(
            `${calledFirst(resource)} is an endpoint of Private Service Connect with an address inside its network.`,
            resource,
          ),
        ],
      }),
    ];
  if (loadBalancingScheme === undefined)
    return [
      unsureWay([
        `the scheme of forwarding rule ${name}: ${assetCall(projectPlace(resource.account), 'resource', 'compute.googleapis.com/ForwardingRule')}`,
      ]),
    ];
  if (!EXTERNAL.has(loadBalancingScheme))
    return [
      closedWay({
        evidence: [evidence(`${calledFirst(resource)} is internal (${loadBalancingScheme}).`, resource)],
      }),
    ];
  const { backends, isWhole } = backendsOf(estate, resource);
  if (!isWhole || backends.length === 0)
    return [
      unsureWay([
        `what forwarding rule ${name} leads to (${lastOf(target ?? backendService ?? 'nothing')}): ${assetCall(projectPlace(resource.account), 'resource')}`,
      ]),
    ];
  const surface = surfaceOf(estate, resource);
  return backends.map((backend) => {
    const guard = guardOf(estate, backend);
    const login = loginOf(estate, backend);
    const way = {
      surface,
      auth: login === null || login.lets === 'internet' ? ('app' as const) : ('oidc' as const),
      via: [`address ${IPAddress ?? '(not told)'}`, `backend ${backend.name}`],
      gates: [resource.key, ...guard.gates, ...(login === null ? [] : bindingsOf(login))],
    };
    const behind = behindOf(estate, backend, login);
    if (guard.audience === null) return { ...unsureWay(guard.missing, way), behind };
    if (!isPublic(guard.audience) && guard.audience !== 'partner' && guard.audience !== 'cdn-only')
      return {
        ...closedWay({
          ...way,
          evidence: [
            evidence(`Cloud Armor lets nobody on the internet through to ${called(backend)}.`, backend),
          ],
        }),
        behind,
      };
    const opened = openWay(guard.audience, {
      ...way,
      evidence: [
        evidence(
          `${calledFirst(resource)}${IPAddress === undefined ? '' : ` (${IPAddress})`} answers the internet on ${surface}.`,
          resource,
        ),
        ...(login === null ? [] : passedBy(login, backend)),
      ],
    });
    return { ...opened, behind };
  });
}

function surfaceOf(estate: GcpEstate, resource: EstateResource): string {
  const { IPProtocol, portRange, ports, allPorts } = estate.facts(FORWARDING_RULE, resource);
  const protocol = IPProtocol?.toLowerCase() ?? 'tcp';
  if (allPorts === true) return `every ${protocol} port`;
  const list = ports ?? (portRange === undefined ? [] : [portRange.replace(/^(\d+)-\1$/, '$1')]);
  return list.length === 0 ? 'any' : list.map((port) => `${protocol}/${port}`).join(', ');
}

interface Backends {
  readonly backends: readonly EstateResource[];
  /** False where a part of the way was not described. */
  readonly isWhole: boolean;
}

const UNTOLD: Backends = { backends: [], isWhole: false };

/** Backend services and buckets of a forwarding rule, as far as the way to them was described. */
function backendsOf(estate: GcpEstate, resource: EstateResource): Backends {
  const { target, backendService } = estate.facts(FORWARDING_RULE, resource);
  if (backendService !== undefined) return found(estate, [backendService]);
  const proxy = estate.find(target);
  if (proxy === undefined) return UNTOLD;
  if (proxy.type === 'gcp-target-pool' || proxy.type === 'gcp-instance')
    return { backends: [proxy], isWhole: true };
  const { service, urlMap } = estate.facts(TARGET, proxy);
  const map = estate.find(urlMap);
  const names = [
    service,
    ...(map === undefined
      ? []
      : [
          estate.facts(URL_MAP, map).defaultService,
          ...(estate.facts(URL_MAP, map).pathMatchers ?? []).flatMap((matcher) => [
            matcher.defaultService,
            ...(matcher.pathRules ?? []).map((rule) => rule.service),
            ...(matcher.routeRules ?? []).map((rule) => rule.service),
          ]),
        ]),
  ].flatMap((name) => name ?? []);
  return found(estate, [...new Set(names)]);
}

function found(estate: GcpEstate, names: readonly string[]): Backends {
  const backends = names.flatMap((name) => estate.find(name) ?? []);
  return { backends, isWhole: backends.length === names.length };
}

/** Whom Identity-Aware Proxy lets through to a backend; null where it is not asked. */
function loginOf(estate: GcpEstate, backend: EstateResource): ProxyLogin | null {
  return estate.facts(BACKEND, backend).iap?.enabled === true ? proxyLogin(estate, backend) : null;
}

/** What a backend leads to: a service of a cluster by the group of its endpoints, and whom the login before it lets through. */
function behindOf(estate: GcpEstate, backend: EstateResource, login: ProxyLogin | null): Behind {
  const facts = estate.facts(BACKEND, backend);
  const groups = (facts.backends ?? []).flatMap((each) => {
    const group = estate.find(each.group);
    const told = group === undefined ? {} : estate.facts(BACKEND_GROUP, group);
    const service = clusterService(told);
    return service === null || told.id === undefined ? [] : [{ service, id: told.id }];
  });
  // One in each zone.
  const service = groups[0]?.service ?? clusterService(facts);
  return {
    ...(service === null ? {} : service),
    ...(groups.length === 0 ? {} : { groups: groups.map(({ id }) => id) }),
    ...(login === null
      ? {}
      : { lets: login.lets, ...(login.lacks.length > 0 ? { lacks: login.lacks } : {}) }),
  };
}

interface Guard {
  /** Null where nobody can tell. */
  readonly audience: Audience | null;
  readonly gates: readonly string[];
  readonly missing: readonly string[];
}

/** Cloud Armor before a backend. */
function guardOf(estate: GcpEstate, backend: EstateResource): Guard {
  const { securityPolicy } = estate.facts(BACKEND, backend);
  if (securityPolicy === undefined) return { audience: 'internet', gates: [], missing: [] };
  const policy = estate.find(securityPolicy);
  const rules = policy === undefined ? undefined : estate.facts(SECURITY_POLICY, policy).rules;
  if (policy === undefined || rules === undefined) {
    const missing = [
      `security policy ${lastOf(securityPolicy)}: ${assetCall(projectPlace(backend.account), 'resource', 'compute.googleapis.com/SecurityPolicy')}`,
    ];
    return { audience: null, gates: [], missing };
  }
  const everybody: readonly Surface[] = [{ protocol: 'tcp', from: 443, to: 443, sources: INTERNET }];
  const ordered = [...rules]
    .filter((rule) => rule.preview !== true)
    .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0))
    .map((rule): OrderedRule => {
      const ranges = rule.match?.config?.srcIpRanges;
      const isExpression = rule.match?.expr?.expression !== undefined || ranges === undefined;
      const sources = isExpression ? EVERYWHERE : rangesOf(ranges);
      const matched: readonly Surface[] = [{ protocol: 'tcp', from: 443, to: 443, sources }];
      return {
        action: rule.action === 'allow' || rule.action === 'throttle' ? 'allow' : 'deny',
        matches: { certain: isExpression ? [] : matched, possible: matched },
      };
    });
  const { allowed } = applyRules(ordered, { certain: everybody, possible: everybody });
  const certain = audienceOfSources(sourcesOf(allowed.certain), estate.corporate);
  const possible = audienceOfSources(sourcesOf(allowed.possible), estate.corporate);
  const gates = [policy.key];
  if (isPublic(certain) || !isPublic(possible)) return { audience: certain, gates, missing: [] };
  // A rule that denies by what a request looks like still answers the others.
  const denies = ordered.every((rule) => rule.matches.certain.length > 0 || rule.action === 'deny');
  if (denies) return { audience: possible, gates, missing: [] };
  return {
    audience: null,
    gates,
    missing: [noInventoryTells(`what the expressions of security policy ${policy.name} let through`)],
  };
}

function rangesOf(texts: readonly string[]): AddressSet {
  const sets = texts.flatMap((text) => (text === '*' ? EVERYWHERE : (parseAddresses(text) ?? [])));
  return sets.length === 0 ? NO_ADDRESSES : unionAddresses(...sets);
}

/** Forwarding rules by the backend that they lead to. */
function rulesByBackend(estate: GcpEstate): ReadonlyMap<EstateResource, readonly EstateResource[]> {
  const found = new Map<EstateResource, EstateResource[]>();
  for (const rule of estate.ofType('gcp-forwarding-rule'))
    for (const backend of backendsOf(estate, rule).backends) addToList(found, backend, rule);
  return found;
}

/** Backends by the group behind them: instance groups, endpoint groups. */
function backendsByGroup(estate: GcpEstate): ReadonlyMap<string, readonly EstateResource[]> {
  const found = new Map<string, EstateResource[]>();
  for (const backend of estate.ofType('gcp-backend-service'))
    for (const { group } of estate.facts(BACKEND, backend).backends ?? [])
      if (group !== undefined) addToList(found, estate.spell(group), backend);
  return found;
}

/** Load balancers in front of an instance: by the group of the manager that made it, and by the pools that name it. */
export function frontsOf(
  estate: GcpEstate,
  resource: EstateResource,
  { createdBy }: Pick<GcpInstanceFacts, 'createdBy'>,
): readonly Front[] {
  const manager = managerOf(estate, createdBy);
  const group = manager === undefined ? undefined : estate.facts(BACKEND_GROUP, manager).instanceGroup;
  const own = estate.spell(resource.key.slice('gcp:'.length));
  const pools = estate
    .ofType('gcp-target-pool')
    .filter((pool) =>
      (estate.facts(TARGET, pool).instances ?? []).some((each) => estate.spell(each) === own),
    );
  return [
    ...(group === undefined ? [] : frontsOfGroup(estate, group, namedPortsOf(estate, group))),
    ...pools.flatMap((pool) => frontsOfBackend(estate, pool, () => [])),
  ];
}

/** A load balancer with a group of which no export tells the members: instances that no manager made, or endpoints. */
export interface UnknownMembers {
  readonly group: EstateResource;
  readonly fronts: readonly Front[];
}

/** Such groups in the zone and the network of an instance. */
export function groupsOfUnknownMembers(
  estate: GcpEstate,
  resource: EstateResource,
  network: string,
): readonly UnknownMembers[] {
  const zone = zoneOf(resource.key);
  return estate.derived(groupsWithoutMembers).flatMap((group): UnknownMembers[] => {
    const { network: own, id = '' } = estate.facts(BACKEND_GROUP, group);
    if (zone === undefined || zoneOf(group.key) !== zone) return [];
    if (own !== undefined && estate.spell(own) !== network) return [];
    // An endpoint has a port of its own.
    const portsOf = isInstanceGroup(group) ? namedPortsOf(estate, id) : () => ANY_PORT;
    const fronts = frontsOfGroup(estate, id, portsOf);
    return fronts.length === 0 ? [] : [{ group, fronts }];
  });
}

export function isInstanceGroup({ type }: EstateResource): boolean {
  return type === 'gcp-instance-group';
}

const ANY_PORT: Front['ports'] = [{ protocol: 'tcp', from: 0, to: 65_535 }];

/** Types of endpoint groups whose endpoints are addresses of instances. */
const INSTANCE_ENDPOINTS = new Set(['GCE_VM_IP_PORT', 'GCE_VM_IP']);

function groupsWithoutMembers(estate: GcpEstate): readonly EstateResource[] {
  const managed = new Set(
    estate
      .ofType('gcp-instance-group-manager')
      .flatMap((manager) => estate.facts(BACKEND_GROUP, manager).instanceGroup ?? [])
      .map((group) => estate.spell(group)),
  );
  return [
    ...estate
      .ofType('gcp-instance-group')
      .filter((group) => !managed.has(estate.spell(estate.facts(BACKEND_GROUP, group).id ?? ''))),
    ...estate.ofType('gcp-endpoint-group').filter((group) => {
      const { networkEndpointType = '', description = '' } = estate.facts(BACKEND_GROUP, group);
      // Those of a cluster hold pods, which the cluster describes.
      return INSTANCE_ENDPOINTS.has(networkEndpointType) && !description.includes('cluster-uid');
    }),
  ];
}

function regionOf(key: string): string | undefined {
  return /\/(?:regions|locations)\/([^/]+)\//.exec(key)?.[1];
}

function zoneOf(key: string): string | undefined {
  return /\/projects\/[^/]+\/zones\/[^/]+\//.exec(key)?.[0];
}

/** The ports of a group that a backend service sends to, by the names that the group gives them. */
function namedPortsOf(estate: GcpEstate, group: string): (backend: EstateResource) => Front['ports'] {
  const described = estate.find(group);
  const named = described === undefined ? [] : (estate.facts(BACKEND_GROUP, described).namedPorts ?? []);
  return (backend) => {
    const { port, portName } = estate.facts(BACKEND, backend);
    const ports = named.filter((each) => each.name === portName).flatMap((each) => each.port ?? []);
    const all = ports.length > 0 ? ports : port === undefined ? [] : [port];
    return all.length === 0 ? ANY_PORT : all.map((each) => ({ protocol: 'tcp', from: each, to: each }));
  };
}

/** Load balancers in front of what runs serverless, by the endpoint group that names it. */
export function frontsOfServerless(estate: GcpEstate, resource: EstateResource): readonly Front[] {
  const region = regionOf(resource.key);
  const isFunction = resource.type === 'gcp-function';
  const isRun = !isFunction || estate.facts(GCP_FUNCTION, resource).serviceConfig !== undefined;
  return estate.ofType('gcp-endpoint-group').flatMap((group) => {
    const { cloudRun, cloudFunction, id = '' } = estate.facts(BACKEND_GROUP, group);
    const name = cloudRun?.service ?? cloudFunction?.function;
    // A mask takes the name from the address that is asked for: it leads to all of its region.
    const leads =
      name === undefined
        ? (isRun && cloudRun?.urlMask !== undefined) || (isFunction && cloudFunction?.urlMask !== undefined)
        : name === lastOf(resource.key);
    const isOurs =
      leads && group.account === resource.account && [undefined, region].includes(regionOf(group.key));
    return isOurs ? frontsOfGroup(estate, id, () => [{ protocol: 'tcp', from: 443, to: 443 }]) : [];
  });
}

function frontsOfGroup(
  estate: GcpEstate,
  group: string,
  portsOf: (backend: EstateResource) => Front['ports'],
): readonly Front[] {
  const backends = estate.derived(backendsByGroup).get(estate.spell(group)) ?? [];
  return backends.flatMap((backend) => frontsOfBackend(estate, backend, portsOf));
}

/** Its forwarding rules. `portsOf` are those that a proxy sends to; what passes packets on keeps the rule's own. */
function frontsOfBackend(
  estate: GcpEstate,
  backend: EstateResource,
  portsOf: (backend: EstateResource) => Front['ports'],
): readonly Front[] {
  return (estate.derived(rulesByBackend).get(backend) ?? []).flatMap((rule): Front[] => {
    const keepsClients = passesOn(estate, rule);
    const ways = exposeForwardingRule(estate, rule).filter(
      (way) => way.via.length === 0 || way.via.includes(`backend ${backend.name}`),
    );
    return ways.map(
      (way): Front => ({
        name: rule.name,
        resource: rule,
        ...pastLogin(way, rule),
        ports: keepsClients ? portsOfRule(estate, rule) : portsOf(backend),
        keepsClients,
      }),
    );
  });
}

/** A way to a rule as what stands behind it sees it: behind a login that the owner gives out nothing is public. */
function pastLogin(
  way: ExposureRecord,
  rule: EstateResource,
): Pick<Front, 'verdict' | 'audience' | 'auth' | 'evidence' | 'missing'> {
  const { verdict, audience, auth, evidence: facts, missing, behind } = way;
  const told = { verdict, audience, auth, evidence: facts, missing };
  if (auth !== 'oidc' || verdict !== 'yes') return told;
  switch (behind?.lets) {
    case 'any-google-account':
      return { ...told, audience: isPublic(audience) ? 'any-google-account' : audience, auth: 'iam' };
    case 'unknown':
      return isPublic(audience) ? { ...told, verdict: 'unknown', missing: behind.lacks ?? [] } : told;
    default: {
      const sentence = `${calledFirst(rule)} asks for a login (Identity-Aware Proxy); reachable: behind oidc.`;
      return { ...told, verdict: 'no', evidence: [evidence(sentence, rule)] };
    }
  }
}

/** Whether a rule leads to its backend or pool without a proxy between. */
function passesOn(estate: GcpEstate, rule: EstateResource): boolean {
  const { target, backendService } = estate.facts(FORWARDING_RULE, rule);
  return backendService !== undefined || estate.find(target)?.type === 'gcp-target-pool';
}

function portsOfRule(estate: GcpEstate, rule: EstateResource): Front['ports'] {
  const { IPProtocol, portRange, ports } = estate.facts(FORWARDING_RULE, rule);
  const word = IPProtocol?.toLowerCase() ?? 'tcp';
  const protocols = (['tcp', 'udp'] as const).filter((each) => word === each || word === 'l3_default');
  const ranges = (ports ?? (portRange === undefined ? [] : [portRange])).map((text) => {
    const [from = 0, to = from] = text.split('-').map(Number);
    return { from, to };
  });
  return protocols.flatMap((protocol) =>
    (ranges.length === 0 ? [{ from: 0, to: 65_535 }] : ranges).map((range) => ({ protocol, ...range })),
  );
}

/** `projects/123/zones/z/instanceGroupManagers/web`, with the project's number where names have its id. */
function managerOf(estate: GcpEstate, createdBy: string | undefined): EstateResource | undefined {
  if (createdBy === undefined) return undefined;
  const place = createdBy.replace(/^.*?\/(?=(?:zones|regions)\/)/, '');
  return estate.ofType('gcp-instance-group-manager').find((manager) => manager.key.endsWith(`/${place}`));
}
