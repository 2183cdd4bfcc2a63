import {
  type AddressSet,
  hasAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import { called, calledFirst } from '../resource/called.ts';
import { FIREWALL, GCP_INSTANCE, type GcpInstanceFacts } from '../resource/facts/gcp-facts.ts';
import { assetCall, projectPlace } from '../resource/gcp-call.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Audience, audienceOfSources, INTERNET_V4, INTERNET_V6, isPublic } from './audience.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { chainOf, type GcpEstate } from './gcp-estate.ts';
import { firewallRule, type GcpTarget, lastOf, throughFirewall } from './gcp-firewall.ts';
import { frontsOf, groupsOfUnknownMembers, isInstanceGroup } from './gcp-load-balancer-exposure.ts';
import { type Passage, throughBoth } from './passage.ts';
import {
  type AudiencePorts,
  audiencePorts,
  everyPort,
  limitSources,
  portsText,
  type Surface,
} from './surface.ts';
import { noInventoryTells } from './untold.ts';
import { closedWay, dormantWay, openPorts, unsureWay } from './way-in.ts';

function address(text: string): AddressSet {
  return parseAddresses(text) as AddressSet;
}

/** Who sends from here was let in by Identity-Aware Proxy, with a login. */
const IAP = address('35.235.240.0/20');
/** Google's own load balancers and health checks send from here. */
const BALANCERS: AddressSet = unionAddresses(address('130.211.0.0/22'), address('35.191.0.0/16'));
const NOT_STRANGERS: AddressSet = unionAddresses(IAP, BALANCERS);

/** Who a set of senders is; Google's own proxies alone are nobody from outside. */
function audienceOfSenders(sources: AddressSet, { corporate }: GcpEstate): Audience {
  return hasAddresses(subtractAddresses(sources, NOT_STRANGERS))
    ? audienceOfSources(sources, corporate)
    : 'none';
}

function publicPortsOf(estate: GcpEstate, surfaces: readonly Surface[]): readonly AudiencePorts[] {
  return audiencePorts(surfaces, (sources) => audienceOfSenders(sources, estate)).filter(({ audience }) =>
    isPublic(audience),
  );
}

/** Whether an instance is reached: over an external address through the firewall, or through a load balancer. */
export function exposeGcpInstance(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(GCP_INSTANCE, resource);
  const { status, networkInterfaces } = facts;
  if (status !== undefined && !['RUNNING', 'PROVISIONING', 'STAGING', 'REPAIRING'].includes(status)) {
    const sentence = `${calledFirst(resource)} is ${status.toLowerCase()}: dormant, exposed again when started if its network is open.`;
    return [dormantWay({ evidence: [evidence(sentence, resource)] })];
  }
  if (networkInterfaces === undefined)
    return [
      unsureWay([
        `the interfaces of ${resource.name}: ${assetCall(projectPlace(resource.account), 'resource', 'compute.googleapis.com/Instance')}`,
      ]),
    ];
  const ways = networkInterfaces.flatMap((each) => exposeInterface(estate, resource, facts, each));
  if (ways.length > 0) return ways;
  const sentence = `${calledFirst(resource)} has no external address, and no load balancer in front of it is external.`;
  return [closedWay({ evidence: [evidence(sentence, resource)] })];
}

type Interface = NonNullable<GcpInstanceFacts['networkInterfaces']>[number];

function exposeInterface(
  estate: GcpEstate,
  resource: EstateResource,
  facts: GcpInstanceFacts,
  { network = '', accessConfigs = [], ipv6AccessConfigs = [] }: Interface,
): readonly ExposureRecord[] {
  const target: GcpTarget = {
    resource,
    network: estate.spell(network),
    tags: facts.tags?.items ?? [],
    accounts: (facts.serviceAccounts ?? []).flatMap((account) => account.email ?? []),
  };
  const shown = accessConfigs[0]?.natIP ?? ipv6AccessConfigs[0]?.externalIpv6;
  const ways: ExposureRecord[] = [];
  const passage = throughFirewall(estate, target);
  if (accessConfigs.length > 0 || ipv6AccessConfigs.length > 0)
    ways.push(
      ...direct(
        estate,
        resource,
        target,
        lookThrough(estate, passage, accessConfigs.length > 0, ipv6AccessConfigs.length > 0),
        shown,
      ),
    );
  for (const front of frontsOf(estate, resource, facts))
    ways.push(...through(estate, resource, front, passage));
  const isOpen = ways.some(({ verdict, audience }) => verdict === 'yes' && isPublic(audience));
  if (facts.createdBy === undefined && !isOpen)
    ways.push(...throughGroups(estate, resource, target.network, passage));
  return ways;
}

type Front = ReturnType<typeof frontsOf>[number];

/** The way through one load balancer: it must answer strangers, and the firewall must let in who sends for it. */
function through(
  estate: GcpEstate,
  resource: EstateResource,
  front: Front,
  passage: Passage,
): readonly ExposureRecord[] {
  const { behind, open, possible } = behindFront(estate, front, passage);
  const way = {
    auth: front.auth,
    via: [`load balancer ${front.name}`, ...behind.rests.map((rest) => rest.name)],
    gates: behind.rests.map((rest) => rest.key),
  };
  if (open.length > 0 && front.verdict === 'yes') {
    const sentence = `${calledFirst(front.resource)} forwards requests to ${called(resource)} on ${portList(open)}.`;
    const opened = openPorts(open, {
      ...way,
      evidence: [evidence(sentence, resource), ...front.evidence],
    });
    // A proxy's own addresses are nobody's whom it lets in.
    return front.keepsClients ? opened : opened.map(({ senders: _proxies, ...each }) => each);
  }
  if (front.verdict === 'no')
    return [closedWay({ auth: front.auth, via: way.via, evidence: front.evidence })];
  if (possible.length > 0) return [unsureWay([...front.missing, ...behind.missing], { via: way.via })];
  const sentence = `The firewall lets in nobody to ${called(resource)} whom ${called(front.resource)} would lead there.`;
  return [closedWay({ ...way, evidence: [evidence(sentence, resource)] })];
}

function behindFront(
  estate: GcpEstate,
  { ports, keepsClients, audience }: Front,
  passage: Passage,
): {
  readonly behind: Passage;
  readonly open: readonly AudiencePorts[];
  readonly possible: readonly AudiencePorts[];
} {
  const asked = ports.map((port) => ({ ...port, sources: keepsClients ? INTERNET_V4 : BALANCERS }));
  const behind = throughBoth({ certain: asked, possible: asked, missing: [], rests: [] }, passage);
  const told = (surfaces: readonly Surface[]): readonly AudiencePorts[] =>
    audiencePorts(surfaces, (sources) =>
      keepsClients ? audienceOfSenders(sources, estate) : audience,
    ).filter((each) => each.audience !== 'none' && each.audience !== 'corp');
  return { behind, open: told(behind.certain), possible: told(behind.possible) };
}

/** Groups whose members no export tells could hold it, where the firewall would let in who comes through them. */
function throughGroups(
  estate: GcpEstate,
  resource: EstateResource,
  network: string,
  passage: Passage,
): readonly ExposureRecord[] {
  return groupsOfUnknownMembers(estate, resource, network).flatMap(({ group, fronts }) => {
    const open = fronts.flatMap((front) => {
      const { possible } = behindFront(estate, front, passage);
      const ports = possible.filter(({ audience }) => isPublic(audience));
      return front.verdict === 'no' || ports.length === 0 ? [] : [{ front, ports }];
    });
    const [first] = open;
    if (first === undefined) return [];
    const surface = [...new Set(open.flatMap(({ ports }) => ports.map(portsText)))].join(', ');
    const where = isInstanceGroup(group)
      ? `in ${group.name}, which no manager made,`
      : `an endpoint of ${group.name}`;
    return [
      unsureWay(
        [noInventoryTells(`whether ${resource.name} is ${where} behind ${called(first.front.resource)}`)],
        { surface },
      ),
    ];
  });
}

/** What senders of one or both families reach through a firewall. */
interface Look {
  readonly passage: Passage;
  readonly open: readonly AudiencePorts[];
  readonly mayBeOpen: boolean;
}

const looks = (): Map<string, Map<Passage, Look>> => new Map();

/** Instances behind the same rules see the same; there are many of them. */
function lookThrough(estate: GcpEstate, passage: Passage, v4: boolean, v6: boolean): Look {
  const all = estate.derived(looks);
  const known = all.get(`${v4} ${v6}`) ?? new Map<Passage, Look>();
  all.set(`${v4} ${v6}`, known);
  const before = known.get(passage);
  if (before !== undefined) return before;
  const asked = everyPort(unionAddresses(v4 ? INTERNET_V4 : NO_ADDRESSES, v6 ? INTERNET_V6 : NO_ADDRESSES));
  const through = throughBoth({ certain: asked, possible: asked, missing: [], rests: [] }, passage);
  const look: Look = {
    passage: through,
    open: audiencePorts(through.certain, (sources) => audienceOfSenders(sources, estate)).filter(
      ({ audience }) => isPublic(audience) || audience === 'partner' || audience === 'cdn-only',
    ),
    mayBeOpen: publicPortsOf(estate, through.possible).length > 0,
  };
  known.set(passage, look);
  return look;
}

function direct(
  estate: GcpEstate,
  resource: EstateResource,
  target: GcpTarget,
  { passage, open, mayBeOpen }: Look,
  shown: string | undefined,
): readonly ExposureRecord[] {
  const named = shown === undefined ? '' : ` (${shown})`;
  const assumed = assumption(estate, target);
  const records: ExposureRecord[] = [];
  if (open.length > 0) {
    const sentence = `${calledFirst(resource)}${named} lets ${open.some(({ audience }) => audience === 'internet') ? 'the whole internet' : 'addresses of the internet'} in on ${portList(open)}.`;
    records.push(
      ...openPorts(open, {
        via: ['external address', ...passage.rests.map((rest) => rest.name)],
        gates: passage.rests.map((rest) => rest.key),
        evidence: [
          evidence(sentence, resource),
          ...passage.rests.map((rest) => evidence(`${calledFirst(rest)} lets it in.`, rest)),
          ...assumed,
        ],
      }),
    );
  }
  if (records.some((record) => isPublic(record.audience))) return records;
  if (mayBeOpen) return [...records, unsureWay(passage.missing, { via: ['external address'] })];
  if (records.length > 0) return records;
  const sentence = `The firewall of network ${lastOf(target.network)} lets nobody on the internet in to ${called(resource)}${named}.`;
  return [closedWay({ via: ['external address'], evidence: [evidence(sentence, resource), ...assumed] })];
}

/** An export of one project cannot hold the policies above it; they are off by default (attack-paths §1.5). */
function assumption(estate: GcpEstate, { resource }: GcpTarget): readonly ReturnType<typeof evidence>[] {
  const above = chainOf(estate, resource).filter((name) => /\/(?:folders|organizations)\//.test(name));
  if (above.length > 0 && estate.ofType('gcp-firewall-policy').length > 0) return [];
  return [
    evidence(
      'Firewall policies of the organisation and its folders were not described and are taken as absent.',
      resource,
    ),
  ];
}

const PORTS_SHOWN = 5;

function portList(ports: readonly AudiencePorts[]): string {
  return ports.slice(0, PORTS_SHOWN).map(portsText).join(', ');
}

/** Whether a rule of a network lets the internet in: the risk of a finding about the rule itself. */
export function exposeFirewall(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(FIREWALL, resource);
  if (facts.disabled === true)
    return [dormantWay({ evidence: [evidence(`${calledFirst(resource)} is disabled.`, resource)] })];
  if ((facts.direction ?? 'INGRESS') !== 'INGRESS')
    return [
      closedWay({ evidence: [evidence(`${calledFirst(resource)} is about traffic that leaves.`, resource)] }),
    ];
  const rule = firewallRule(facts);
  const senders = unionAddresses(INTERNET_V4, INTERNET_V6);
  const open =
    rule.action === 'allow' ? publicPortsOf(estate, limitSources(rule.matches.certain, senders)) : [];
  if (open.length === 0)
    return [
      closedWay({
        evidence: [evidence(`${calledFirst(resource)} lets nobody on the internet in.`, resource)],
      }),
    ];
  return openPorts(open, {
    gates: [resource.key],
    evidence: [evidence(`${calledFirst(resource)} lets the internet in to what it is for.`, resource)],
  });
}
