import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import { NSG, ROUTE_TABLE, type SecurityRuleFacts } from '../resource/facts/azure-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import { type AzureEstate, findSubnet } from './azure-estate.ts';
import { PRIVATE, prefixMissing, sendersOf } from './azure-senders.ts';
import { applyRules, type OrderedRule } from './ordered-rules.ts';
import { EVERYWHERE, type Passage, settled, throughBoth, unsettled } from './passage.ts';
import { everyPort, type Surface } from './surface.ts';
import { noInventoryTells } from './untold.ts';

/** An IP configuration in a subnet, with the security groups around it. */
export interface AzurePlace {
  /** Undefined where it was not described; null for any member of the group, whichever a rule is for. */
  readonly privateAddress: string | undefined | null;
  /** Ids of application security groups that it is in. */
  readonly groups: readonly string[];
  /** Id of the security group of its interface; null where it has none. */
  readonly nsg: string | null;
  readonly subnet: string | undefined;
  /**
   * Whether packets come in where no security group stands: a Basic address lets them, a Standard one does
   * not. Null where the address was not described.
   */
  readonly isOpenWithoutNsg: boolean | null;
}

/** What gets from outside to a place: its subnet's and its interface's security groups, and a way back. */
export function intoPlace(estate: AzureEstate, place: AzurePlace): Passage {
  const { known, about } = passageOf(estate, place);
  const passage = known.get(about) ?? throughLayers(estate, place);
  known.set(about, passage);
  return passage;
}

const passages = (): Map<string, Passage> => new Map();

/** Places are many and security groups few: those that no rule tells apart share one answer. */
function passageOf(
  estate: AzureEstate,
  place: AzurePlace,
): { readonly known: Map<string, Passage>; readonly about: string } {
  const outer = findSubnet(estate, place.subnet)?.facts.networkSecurityGroup?.id;
  const isToldApart = [outer, place.nsg].some((id) => {
    const group = estate.find(id ?? undefined);
    return group !== undefined && estate.derived(groupsForSome).has(group);
  });
  const own = isToldApart ? [place.privateAddress, place.groups] : [];
  const about = JSON.stringify([place.nsg, place.subnet, place.isOpenWithoutNsg, own]);
  return { known: estate.derived(passages), about };
}

/** Security groups with a rule for some of their members only. */
function groupsForSome(estate: AzureEstate): ReadonlySet<EstateResource> {
  return new Set(
    estate
      .ofType('azure-nsg')
      .filter((group) =>
        (estate.facts(NSG, group).securityRules ?? []).some(
          (rule) =>
            (rule.destinationApplicationSecurityGroups ?? []).length > 0 ||
            !valuesOf(rule.destinationAddressPrefix, rule.destinationAddressPrefixes).every((each) =>
              /^(?:\*|any|virtualnetwork)$/i.test(each.trim()),
            ),
        ),
      ),
  );
}

function throughLayers(estate: AzureEstate, place: AzurePlace): Passage {
  const subnet = findSubnet(estate, place.subnet);
  const network =
    subnet === undefined || subnet.network.length === 0 ? NO_ADDRESSES : rangesOf(subnet.network);
  const own = place.nsg === null ? null : securityGroup(estate, place.nsg, place, network);
  if (subnet === undefined) {
    const unseen = unsettled(
      everyPort(EVERYWHERE),
      `the subnet ${lastOf(place.subnet ?? 'of the interface')} and its security group: az network vnet list`,
    );
    return own === null ? unseen : throughBoth(unseen, own);
  }
  const subnetGroup = subnet.facts.networkSecurityGroup?.id;
  const outer = subnetGroup === undefined ? null : securityGroup(estate, subnetGroup, place, network);
  const layers = [outer, own].filter((layer) => layer !== null);
  if (layers.length === 0) layers.push(withoutGroup(place));
  layers.push(wayBack(estate, subnet.facts.routeTable?.id));
  return layers.reduce(throughBoth);
}

function withoutGroup({ isOpenWithoutNsg }: AzurePlace): Passage {
  if (isOpenWithoutNsg === null)
    return unsettled(everyPort(EVERYWHERE), 'the SKU of its public address: az network public-ip list');
  return settled(isOpenWithoutNsg ? everyPort(EVERYWHERE) : []);
}

function rangesOf(texts: readonly string[]): AddressSet {
  const sets = texts.flatMap((text) => parseAddresses(text) ?? []);
  return sets.length === 0 ? NO_ADDRESSES : unionAddresses(...sets);
}

/** The rules by priority, the first match decides; the default rules let nobody in from outside. */
function securityGroup(estate: AzureEstate, id: string, place: AzurePlace, network: AddressSet): Passage {
  const group = estate.find(id);
  const rules = group === undefined ? undefined : estate.facts(NSG, group).securityRules;
  if (group === undefined || rules === undefined)
    return unsettled(everyPort(EVERYWHERE), `security group ${lastOf(id)}: az network nsg list`);
  const { allowed, missing } = throughSecurityRules(rules, place, network);
  return {
    ...allowed,
    missing: missing.map((each) => `security group ${group.name}, ${each}`),
    rests: [group],
  };
}

/** What security rules let in to a place. Packets within the network are let in by the default rule. */
export function throughSecurityRules(
  rules: readonly SecurityRuleFacts[],
  place: Pick<AzurePlace, 'privateAddress' | 'groups'>,
  network: AddressSet,
): { readonly allowed: Omit<Passage, 'missing' | 'rests'>; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const inside = everyPort(unionAddresses(PRIVATE, network));
  const ordered = rules
    .filter((rule) => rule.direction?.toLowerCase() === 'inbound')
    .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0))
    .flatMap((rule) => orderedRule(rule, place, network, missing) ?? []);
  ordered.push({ action: 'allow', matches: { certain: inside, possible: inside } });
  const everything = everyPort(EVERYWHERE);
  const { allowed } = applyRules(ordered, { certain: everything, possible: everything });
  return { allowed, missing };
}

function orderedRule(
  rule: SecurityRuleFacts,
  place: Pick<AzurePlace, 'privateAddress' | 'groups'>,
  network: AddressSet,
  missing: string[],
): OrderedRule | null {
  const action = rule.access?.toLowerCase() === 'allow' ? 'allow' : 'deny';
  const isAimed = aimsAt(rule, place, network, action);
  // Who attacks chooses the port to come from, so a denial of some ports denies nothing.
  if (isAimed === 'no' || (action === 'deny' && !isAnyPort(rule.sourcePortRange, rule.sourcePortRanges)))
    return null;
  const ports = portsOf(rule);
  const sources: AddressSet[] = [];
  let isUnread = false;
  for (const prefix of valuesOf(rule.sourceAddressPrefix, rule.sourceAddressPrefixes)) {
    const senders = sendersOf(prefix, network);
    if (senders === null) {
      isUnread = true;
      missing.push(prefixMissing('source', prefix, `${rule.name}`));
    } else sources.push(senders);
  }
  const certain = ports.map((port) => ({
    ...port,
    sources: sources.length === 0 ? NO_ADDRESSES : unionAddresses(...sources),
  }));
  const all = isUnread ? ports.map((port) => ({ ...port, sources: EVERYWHERE })) : certain;
  const unread = valuesOf(rule.destinationPortRange, rule.destinationPortRanges).filter(
    (text) => portRange(text) === null,
  );
  for (const text of unread) missing.push(portMissing(text, `${rule.name}`));
  const senders = isUnread ? EVERYWHERE : unionAddresses(...sources);
  const possible = unread.length === 0 ? all : everyPort(senders);
  const isSure = isAimed === 'yes';
  if (!isSure) missing.push(isAimed.missing);
  return {
    action,
    matches: {
      certain: isSure ? withSenders(certain) : [],
      possible: withSenders(possible),
    },
  };
}

function withSenders(surfaces: readonly Surface[]): readonly Surface[] {
  return surfaces.filter((surface) => hasAddresses(surface.sources));
}

/** Whether a rule is for this place: its destination is a private address, for rules apply behind the public one. */
function aimsAt(
  rule: SecurityRuleFacts,
  { privateAddress, groups }: Pick<AzurePlace, 'privateAddress' | 'groups'>,
  network: AddressSet,
  action: OrderedRule['action'],
): 'yes' | 'no' | { readonly missing: string } {
  const forSome = action === 'allow' ? 'yes' : 'no';
  const named = (rule.destinationApplicationSecurityGroups ?? []).flatMap((each) => each.id ?? []);
  if (named.length > 0) {
    if (privateAddress === null) return forSome;
    const own = new Set(groups.map((id) => id.toLowerCase()));
    return named.some((id) => own.has(id.toLowerCase())) ? 'yes' : 'no';
  }
  const prefixes = valuesOf(rule.destinationAddressPrefix, rule.destinationAddressPrefixes);
  const words = prefixes.map((prefix) => prefix.trim().toLowerCase());
  if (words.some((word) => word === '*' || word === 'any' || word === 'virtualnetwork')) return 'yes';
  const ranges = words.flatMap((word) => (word === 'internet' ? [] : (sendersOf(word, network) ?? [])));
  const unread = prefixes.find((prefix) => sendersOf(prefix, network) === null);
  const otherwise =
    unread === undefined ? 'no' : { missing: prefixMissing('destination', unread, `${rule.name}`) };
  if (ranges.length === 0) return otherwise;
  if (privateAddress === null) return forSome === 'yes' ? 'yes' : otherwise;
  const own = privateAddress === undefined ? null : parseAddresses(privateAddress);
  if (own === null)
    return { missing: `the private address that rule ${rule.name} is for: az network nic list` };
  return hasAddresses(intersectAddresses(unionAddresses(...ranges), own)) ? 'yes' : otherwise;
}

function valuesOf(one: string | undefined, many: readonly string[] | undefined): readonly string[] {
  return one === undefined ? (many ?? []) : [one, ...(many ?? [])];
}

function isAnyPort(one: string | undefined, many: readonly string[] | undefined): boolean {
  const values = valuesOf(one, many);
  return values.length === 0 || values.some((value) => value === '*' || value === '0-65535');
}

function portsOf(rule: SecurityRuleFacts): readonly Omit<Surface, 'sources'>[] {
  const word = rule.protocol?.toLowerCase();
  const protocols = (['tcp', 'udp'] as const).filter(
    (each) => word === '*' || word === 'any' || word === each,
  );
  return valuesOf(rule.destinationPortRange, rule.destinationPortRanges).flatMap((text) => {
    const range = portRange(text);
    return range === null ? [] : protocols.map((protocol) => ({ protocol, ...range }));
  });
}

function portMissing(text: string, rule: string): string {
  return `readable ports of rule ${rule} (found ${text.trim().slice(0, 60)}): az network nsg list`;
}

function portRange(text: string): { readonly from: number; readonly to: number } | null {
  if (text === '*') return { from: 0, to: 65_535 };
  const [, from, to] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim()) ?? [];
  return from === undefined ? null : { from: Number(from), to: Number(to ?? from) };
}

/** Next hops that take answers elsewhere than they came from. */
const ELSEWHERE = new Set(['none', 'virtualappliance', 'virtualnetworkgateway']);

/** A default route of the subnet to anywhere else than the internet: whether answers get back is not told by it. */
function wayBack(estate: AzureEstate, routeTable: string | undefined): Passage {
  const open = everyPort(EVERYWHERE);
  if (routeTable === undefined) return settled(open);
  const table = estate.find(routeTable);
  const routes = table === undefined ? undefined : estate.facts(ROUTE_TABLE, table).routes;
  if (table === undefined || routes === undefined)
    return unsettled(open, `route table ${lastOf(routeTable)}: az network route-table list`);
  const others = routes.filter(
    (route) =>
      (route.addressPrefix === '0.0.0.0/0' || route.addressPrefix === '::/0') &&
      ELSEWHERE.has(route.nextHopType?.toLowerCase() ?? ''),
  );
  if (others.length === 0) return settled(open, table);
  const lost = rangesOf(others.flatMap((route) => route.addressPrefix ?? []));
  return {
    certain: withSenders(everyPort(subtractAddresses(EVERYWHERE, lost))),
    possible: open,
    missing: others.map((route) =>
      noInventoryTells(
        `whether answers return past route ${route.name ?? route.addressPrefix} of ${table.name} (${route.nextHopType})`,
      ),
    ),
    rests: [table],
  };
}

export function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}
