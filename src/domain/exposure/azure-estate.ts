import { addToList } from '#base/list-map.ts';
import { EMPTY_LIST, SUBNET, type SubnetFacts, VNET } from '../resource/facts/azure-facts.ts';
import type { EstateResource, Surroundings } from '../risk/estate.ts';
import { CloudEstate } from './cloud-estate.ts';

/** The resources of a subscription and what all subscriptions share, by their ids in lower case. */
export class AzureEstate extends CloudEstate {
  constructor(resources: readonly EstateResource[], surroundings: Surroundings = {}) {
    super(resources, surroundings, (id) => id.toLowerCase());
  }
}

export interface FoundSubnet {
  readonly facts: SubnetFacts;
  /** The description that it stands in. */
  readonly resource: EstateResource;
  /** Address ranges of its network; empty where only the subnet was described. */
  readonly network: readonly string[];
}

/** A subnet by its id: networks describe their subnets, and `az network vnet subnet list` does so alone. */
export function findSubnet(estate: AzureEstate, id: string | undefined): FoundSubnet | undefined {
  return id === undefined ? undefined : estate.derived(subnets).get(id.toLowerCase());
}

function subnets(estate: AzureEstate): ReadonlyMap<string, FoundSubnet> {
  const found = new Map<string, FoundSubnet>();
  for (const resource of estate.ofType('azure-subnet')) {
    const facts = estate.facts(SUBNET, resource);
    if (facts.id !== undefined) found.set(facts.id.toLowerCase(), { facts, resource, network: [] });
  }
  for (const resource of estate.ofType('azure-vnet')) {
    const { addressSpace, subnets: own = [] } = estate.facts(VNET, resource);
    for (const facts of own)
      if (facts.id !== undefined)
        found.set(facts.id.toLowerCase(), { facts, resource, network: addressSpace?.addressPrefixes ?? [] });
  }
  return found;
}

/** Resources of these types by the id that their own lies under: containers of an account, rules of a server. */
export function childrenOf(estate: AzureEstate, types: Children, parent: string): readonly EstateResource[] {
  return estate.derived(CHILDREN[types]).get(parent.toLowerCase()) ?? [];
}

/** Whether the answer to a call about what a resource holds was that it holds nothing. */
export function isListedEmpty(estate: AzureEstate, call: string, parent: string): boolean {
  return estate.derived(emptyLists).has(`${call.replaceAll(' ', '-')} ${parent.toLowerCase()}`);
}

const emptyLists = (estate: AzureEstate): ReadonlySet<string> =>
  new Set(
    estate.ofType('azure-empty-list').map((each) => {
      const { call = '', of = '' } = estate.facts(EMPTY_LIST, each);
      return `${call} ${of.toLowerCase()}`;
    }),
  );

type Children = keyof typeof CHILDREN;

const CHILDREN = {
  'azure-blob-container': byParent('azure-blob-container', /\/blobservices\/.*$/),
  'azure-database-firewall-rule': byParent('azure-database-firewall-rule', /\/firewallrules\/[^/]*$/),
  'azure-message-namespace-rules': byParent('azure-message-namespace-rules', /\/networkrulesets\/[^/]*$/),
  'azure-perimeter-rule': byParent('azure-perimeter-rule', /\/accessrules\/[^/]*$/),
  'azure-site-config': byParent('azure-site-config', /\/config\/[^/]*$/),
} as const;

function byParent(
  type: string,
  rest: RegExp,
): (estate: AzureEstate) => ReadonlyMap<string, readonly EstateResource[]> {
  return (estate) => {
    const found = new Map<string, EstateResource[]>();
    for (const child of estate.ofType(type)) {
      const id = child.facts['id'];
      if (typeof id === 'string') addToList(found, id.toLowerCase().replace(rest, ''), child);
    }
    return found;
  };
}
