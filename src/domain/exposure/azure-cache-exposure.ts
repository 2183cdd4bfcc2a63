import { type AddressSet, unionAddresses } from '#base/address-set.ts';
import { azureCall, azureListOf, azurePart } from '../resource/azure-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { REDIS } from '../resource/facts/azure-facts.ts';
import type { Facts } from '../resource/facts/fact-shape.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { WHO } from './azure-clients.ts';
import { rangeBetween, rangeOf } from './azure-database-exposure.ts';
import { type AzureEstate, childrenOf, isListedEmpty } from './azure-estate.ts';
import { audienceOfSenders, EVERYBODY } from './azure-senders.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

const RULES = 'redis firewall-rules list';

/** Whom rules let in; `rules` are the resources that say so. A sender is null that nobody can read. */
interface Ruled {
  readonly senders: readonly (AddressSet | null)[];
  readonly rules: readonly EstateResource[];
  readonly assumes: readonly string[];
}

/**
 * Whether a cache of Redis answers the internet: public access, and the ranges of its firewall, which lets everybody in
 * while it has none (documentation of Azure Cache for Redis and of Azure Managed Redis). It asks everybody for a key or
 * an identity, so this is a way in with a login.
 */
export function exposeCache(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(REDIS, resource);
  const { name } = resource;
  const id = resource.key.slice('azure:'.length);
  const closed = (sentence: string): readonly ExposureRecord[] => [
    closedWay({ gates: [resource.key], evidence: [evidence(sentence, resource)] }),
  ];
  if (facts.subnetId !== undefined)
    return closed(`${calledFirst(resource)} lies in a network and has no public address.`);
  const access = facts.publicNetworkAccess?.toLowerCase();
  if (access === 'disabled') return closed(`${calledFirst(resource)} has public network access disabled.`);
  const isManaged = resource.type === 'azure-managed-redis';
  const flags = { '--resource-group': azurePart(id, 'resourceGroups'), '--name': name };
  const command = isManaged ? azureCall('resource show', id) : azureListOf(RULES, id, flags);
  const ruled = isManaged ? managedRules(facts) : ownRules(estate, resource);
  if (ruled === null) return [unsureWay([`the firewall rules of ${name}: ${command}`])];
  const audience = audienceOfSenders(
    unionAddresses(...ruled.senders.flatMap((each) => each ?? [])),
    estate.corporate,
  );
  const isUnread = ruled.senders.includes(null) && audience !== 'internet';
  if (isUnread) return [unsureWay([`readable firewall rules of ${name}: ${command}`])];
  const way = {
    surface: portsOf(resource, facts),
    auth: 'iam' as const,
    gates: [resource.key, ...ruled.rules.map(({ key }) => key)],
  };
  if (audience === 'none' || audience === 'corp')
    return [
      closedWay({
        ...way,
        evidence: [evidence(`The firewall of ${called(resource)} lets nobody on the internet in.`, resource)],
      }),
    ];
  if (access === undefined)
    return [unsureWay([`whether ${name} has public network access: ${azureCall('resource show', id)}`])];
  return [
    openWay(audience, {
      ...way,
      evidence: [
        evidence(`The firewall of ${called(resource)} lets ${WHO[audience] ?? audience} in.`, resource),
        ...ruled.assumes.map((sentence) => evidence(sentence, resource)),
      ],
    }),
  ];
}

/** Rules of Azure Cache for Redis are resources of their own; null while nobody told whether there are any. */
function ownRules(estate: AzureEstate, resource: EstateResource): Ruled | null {
  const id = resource.key.slice('azure:'.length);
  const rules = childrenOf(estate, 'azure-database-firewall-rule', id);
  if (rules.length > 0) return { senders: rules.map((rule) => rangeOf(estate, rule)), rules, assumes: [] };
  return isListedEmpty(estate, RULES, id) ? { senders: [EVERYBODY], rules: [], assumes: [] } : null;
}

/** Azure Managed Redis tells its rules itself, in newer versions of its interface. */
function managedRules({ firewallRules }: RedisFacts): Ruled {
  if (firewallRules === undefined)
    return {
      senders: [EVERYBODY],
      rules: [],
      assumes: ['Assumes that it has no firewall rules, which older versions of its interface do not tell.'],
    };
  const senders = firewallRules.map(({ startIP, endIP }) => rangeBetween(startIP, endIP));
  return { senders: firewallRules.length === 0 ? [EVERYBODY] : senders, rules: [], assumes: [] };
}

type RedisFacts = Facts<typeof REDIS>;

function portsOf({ type }: EstateResource, { enableNonSslPort }: RedisFacts): string {
  if (type === 'azure-managed-redis') return 'tcp/10000';
  return enableNonSslPort === true ? 'tcp/6379, tcp/6380' : 'tcp/6380';
}
