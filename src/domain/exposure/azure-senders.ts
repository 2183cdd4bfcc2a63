import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import {
  type Audience,
  audienceOfSources,
  INTERNET_V4,
  INTERNET_V6,
  isCloudflare,
  isPublic,
} from './audience.ts';
import SERVICE_TAGS from './data/azure-service-tags.json' with { type: 'json' };
import { EVERYWHERE } from './passage.ts';
import { noInventoryTells } from './untold.ts';

function address(text: string): AddressSet {
  return parseAddresses(text) as AddressSet;
}

/**
 * Senders whose addresses no inventory tells stand for themselves under an address of the reserved range
 * 240.0.0.0/4, from which nobody else can send: some customer's machine in Azure, and Front Door. A rule for
 * everybody holds for them too, a rule for their service tag for them alone.
 */
const SOME_TENANT: AddressSet = address('240.0.0.1');
export const FRONT_DOOR: AddressSet = address('240.0.0.2');
/** What asks from inside a virtual network, where a rule names its subnet. No rule for addresses is for it. */
export const ASKING_SUBNET: AddressSet = address('240.0.0.3');

/** Everybody who could send to a public address of one family. */
export const SENDERS_V4: AddressSet = unionAddresses(INTERNET_V4, SOME_TENANT, FRONT_DOOR);
export const SENDERS_V6: AddressSet = INTERNET_V6;

/** Everybody who could send to a service of Azure's own, whatever the family of their address. */
export const EVERYBODY: AddressSet = unionAddresses(SENDERS_V4, SENDERS_V6);

/** Ranges of private networks: the service tag `VirtualNetwork` beside the network's own ranges. */
export const PRIVATE: AddressSet = unionAddresses(
  address('10.0.0.0/8'),
  address('172.16.0.0/12'),
  address('192.168.0.0/16'),
  address('100.64.0.0/10'),
);

/** Who a set of senders is, the ones without an address among them. */
export function audienceOfSenders(sources: AddressSet, corporate: AddressSet): Audience {
  const addressed = subtractAddresses(sources, unionAddresses(SOME_TENANT, FRONT_DOOR));
  const audience = audienceOfSources(addressed, corporate);
  if (isPublic(audience)) return audience;
  if (hasAddresses(intersectAddresses(sources, SOME_TENANT))) return 'any-azure';
  if (audience === 'partner') return audience;
  return admitsFrontDoor(sources) ? 'cdn-only' : audience;
}

/** Whether Front Door is among the senders. */
export function admitsFrontDoor(sources: AddressSet): boolean {
  return hasAddresses(intersectAddresses(sources, FRONT_DOOR));
}

/** The same where nothing asks whose Front Door it is: every customer of Azure can have one, which forwards to whatever it likes. */
export function withStrangersDoors(sources: AddressSet): AddressSet {
  return admitsFrontDoor(sources) ? unionAddresses(sources, SOME_TENANT) : sources;
}

/** Which content delivery networks senders of the audience `cdn-only` are. */
export function networksText(sources: AddressSet): string {
  if (!admitsFrontDoor(sources)) return 'Cloudflare alone';
  return isCloudflare(sources) ? 'Front Door and Cloudflare alone' : 'Front Door alone';
}

/** Service tags are one word, perhaps with a region or a part: `Storage.WestEurope`, `AzureFrontDoor.Backend`. */
const TAG = /^[a-z]\w*(?:\.\w+)*$/i;
const KNOWN_TAGS: ReadonlySet<string> = new Set(SERVICE_TAGS.tags.map((tag) => tag.toLowerCase()));

/**
 * Whom an address prefix of a rule means: a range, a service tag, or everybody. Null for a text that is neither,
 * and for a service tag that nobody here knows.
 * Services of Microsoft's own send in nobody's name, so their tags mean nobody here.
 */
export function sendersOf(prefix: string, network: AddressSet): AddressSet | null {
  const word = prefix.trim().toLowerCase();
  if (word === '*' || word === 'any') return EVERYWHERE;
  if (word === 'internet') return subtractAddresses(EVERYWHERE, unionAddresses(PRIVATE, network));
  if (word === 'virtualnetwork') return unionAddresses(PRIVATE, network);
  if (word === 'azurecloud' || word.startsWith('azurecloud.')) return SOME_TENANT;
  if (word === 'azurefrontdoor.backend' || word === 'azurefrontdoor') return FRONT_DOOR;
  const range = parseAddresses(word);
  if (range !== null) return range;
  return KNOWN_TAGS.has(word.split('.', 1)[0] as string) ? NO_ADDRESSES : null;
}

/** What would have to be known of an address prefix of which nobody here knows whom it means. */
export function prefixMissing(side: 'source' | 'destination', prefix: string, rule: string): string {
  const found = prefix.trim().slice(0, 60);
  return TAG.test(found)
    ? noInventoryTells(`what the service tag ${found} stands for in rule ${rule}`)
    : `a readable ${side} of rule ${rule} (found ${found}): az network nsg list`;
}
