import {
  type AddressSet,
  coversAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import type { NetworkAclsFacts, RestrictionFacts } from '../resource/facts/azure-facts.ts';
import type { Audience } from './audience.ts';
import { type Admitted, pastRules, type SenderRule } from './azure-admitted.ts';
import type { AzureEstate } from './azure-estate.ts';
import { ASKING_SUBNET, audienceOfSenders, EVERYBODY, FRONT_DOOR, sendersOf } from './azure-senders.ts';
import { noInventoryTells } from './untold.ts';

/** Who asks, where a rule looks at more than an address. */
export interface Asker {
  /** What Front Door says of itself; undefined for anybody else's. */
  readonly frontDoorId?: string | undefined;
  /** The names that requests through it may be for. */
  readonly hosts?: readonly string[];
  /** Id of the subnet of what asks from inside a network (`ASKING_SUBNET`). */
  readonly subnet?: string | undefined;
}

const STRANGER: Asker = {};

/**
 * Who gets past access restrictions, the first match by priority; null where one cannot be read. Front Door is a
 * stranger's unless `asker` says whose: the service tag is for every customer's, and the header tells them apart.
 */
export function sendersPast(
  restrictions: readonly RestrictionFacts[],
  defaultAction: string | undefined,
  asker: Asker = STRANGER,
): Admitted | null {
  const rules: SenderRule[] = [];
  const missing: string[] = [];
  for (const each of [...restrictions].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0))) {
    const { name = '' } = each;
    const action = each.action?.toLowerCase() === 'deny' ? 'deny' : 'allow';
    const senders = sendersOfRule(each, asker);
    if (senders === null) return null;
    const { certain, possible } = pastHeaders(each, action, senders, asker);
    if (!coversAddresses(certain, possible))
      missing.push(noInventoryTells(`what strangers know of the headers that restriction ${name} asks for`));
    rules.push({ action, certain, possible });
  }
  // With rules and no word about the rest, the rest is refused.
  const isOpenElse =
    defaultAction === undefined ? restrictions.length === 0 : defaultAction.toLowerCase() === 'allow';
  const asked = unionAddresses(EVERYBODY, asker.subnet === undefined ? NO_ADDRESSES : ASKING_SUBNET);
  return { ...pastRules(rules, asked, isOpenElse), missing };
}

function sendersOfRule(rule: RestrictionFacts, { subnet }: Asker): AddressSet | null {
  const prefix = rule.ipAddress ?? rule.ipAddressRange;
  if (prefix === undefined && rule.vnetSubnetResourceId !== undefined)
    return rule.vnetSubnetResourceId.toLowerCase() === subnet ? ASKING_SUBNET : NO_ADDRESSES;
  const ranges = (prefix ?? '').split(',').map((text) => sendersOf(text, NO_ADDRESSES));
  return ranges.includes(null) ? null : unionAddresses(...(ranges as AddressSet[]));
}

type Holds = 'yes' | 'no' | 'perhaps';

/** Those of them for whom the headers hold that a rule asks for as well: each of them, with one of its values. */
function pastHeaders(
  { headers = {} }: RestrictionFacts,
  action: SenderRule['action'],
  senders: AddressSet,
  asker: Asker,
): Pick<SenderRule, 'certain' | 'possible'> {
  const asked = HEADERS.filter((name) => (headers[name] ?? []).length > 0);
  if (asked.length === 0) return { certain: senders, possible: senders };
  const valuesOf = (name: Header) => (headers[name] ?? []).map((value) => value.toLowerCase());
  const through = all(asked.map((name) => holdsThroughDoor(name, valuesOf(name), asker)));
  // Who sends a request himself leaves out of it what is denied.
  const direct: Holds = action === 'deny' ? 'no' : all(asked.map((name) => HOLDS_DIRECTLY[name]));
  const doors = intersectAddresses(senders, FRONT_DOOR);
  const others = subtractAddresses(senders, FRONT_DOOR);
  const those = (isMeant: (holds: Holds) => boolean) =>
    unionAddresses(isMeant(through) ? doors : NO_ADDRESSES, isMeant(direct) ? others : NO_ADDRESSES);
  return { certain: those((holds) => holds === 'yes'), possible: those((holds) => holds !== 'no') };
}

const HEADERS = ['x-azure-fdid', 'x-forwarded-host', 'x-forwarded-for', 'x-fd-healthprobe'] as const;
type Header = (typeof HEADERS)[number];

function all(holds: readonly Holds[]): Holds {
  if (holds.includes('no')) return 'no';
  return holds.includes('perhaps') ? 'perhaps' : 'yes';
}

/** Front Door writes its own id, and takes away what a client says of health probes. */
function holdsThroughDoor(
  name: Header,
  values: readonly string[],
  { frontDoorId, hosts = [] }: Asker,
): Holds {
  if (name === 'x-azure-fdid')
    return frontDoorId !== undefined && values.includes(frontDoorId) ? 'yes' : 'no';
  if (name === 'x-forwarded-host' && values.some((value) => hosts.includes(value))) return 'yes';
  return name === 'x-fd-healthprobe' ? 'no' : 'perhaps';
}

/** What somebody writes who sends a request himself: an id and an address of the owner's he would have to know. */
const HOLDS_DIRECTLY: Readonly<Record<Header, Holds>> = {
  'x-azure-fdid': 'perhaps',
  'x-forwarded-host': 'yes',
  'x-forwarded-for': 'perhaps',
  'x-fd-healthprobe': 'yes',
};

/** The ids of Front Doors that restrictions ask for. */
export function askedFrontDoors(restrictions: readonly RestrictionFacts[]): readonly string[] {
  return [
    ...new Set(
      restrictions.flatMap(({ headers }) =>
        (headers?.['x-azure-fdid'] ?? []).map((value) => value.toLowerCase()),
      ),
    ),
  ];
}

/** Who gets past the network rules of a storage account or vault; null where one cannot be read. */
export function audienceOfAcls(
  estate: AzureEstate,
  { defaultAction, ipRules = [] }: NetworkAclsFacts,
): Audience | null {
  if (defaultAction?.toLowerCase() !== 'deny') return 'internet';
  return audienceOfRanges(
    estate,
    ipRules.map((rule) => rule.value ?? ''),
  );
}

/** Who has an address in one of these ranges; null where one cannot be read. */
export function audienceOfRanges({ corporate }: AzureEstate, texts: readonly string[]): Audience | null {
  const ranges: AddressSet[] = [];
  for (const text of texts) {
    const range = parseAddresses(text.trim());
    if (range === null) return null;
    ranges.push(range);
  }
  return audienceOfSenders(ranges.length === 0 ? NO_ADDRESSES : unionAddresses(...ranges), corporate);
}
