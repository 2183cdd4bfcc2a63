import { NO_ADDRESSES, unionAddresses } from '#base/address-set.ts';
import { azureListOf, azurePart } from '../resource/azure-call.ts';
import { called } from '../resource/called.ts';
import { PERIMETER_ASSOCIATION, PERIMETER_RULE } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type AzureEstate, childrenOf, isListedEmpty } from './azure-estate.ts';
import { lastOf } from './azure-network.ts';
import { audienceOfSenders, sendersOf } from './azure-senders.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { closedWay, openWay, unsureWay, type Way } from './way-in.ts';

const associationByResource = (estate: AzureEstate): ReadonlyMap<string, EstateResource> =>
  new Map(
    estate
      .ofType('azure-perimeter-association')
      .map((each) => [
        estate.facts(PERIMETER_ASSOCIATION, each).privateLinkResource?.id?.toLowerCase() ?? '',
        each,
      ]),
  );

/** Whom the rules of a network security perimeter let in to what says that the perimeter secures it. */
export function exposeInPerimeter(
  estate: AzureEstate,
  resource: EstateResource,
  way: Pick<Way, 'surface' | 'auth'>,
): readonly ExposureRecord[] {
  const id = String(resource.facts['id'] ?? '').toLowerCase();
  const association = estate.derived(associationByResource).get(id);
  const profile =
    association === undefined ? undefined : estate.facts(PERIMETER_ASSOCIATION, association).profile?.id;
  if (association === undefined || profile === undefined)
    return [
      unsureWay([
        `the network security perimeter of ${resource.name}: az network perimeter list, and of each az network perimeter association list --resource-group GROUP --perimeter-name NAME`,
      ]),
    ];
  const rules = childrenOf(estate, 'azure-perimeter-rule', profile);
  const inbound = rules.filter(
    (rule) => estate.facts(PERIMETER_RULE, rule).direction?.toLowerCase() !== 'outbound',
  );
  // One list tells both directions, and nothing comes in without a rule.
  if (rules.length === 0 && !isListedEmpty(estate, RULES, profile))
    return [unsureWay([`the inbound rules of profile ${lastOf(profile)}: ${rulesCall(profile)}`])];
  const prefixes = inbound.flatMap((rule) => {
    const { addressPrefixes = [], serviceTags = [] } = estate.facts(PERIMETER_RULE, rule);
    return [...addressPrefixes, ...serviceTags];
  });
  const senders = prefixes.map((prefix) => sendersOf(prefix, NO_ADDRESSES));
  if (senders.includes(null))
    return [unsureWay([`readable inbound rules of profile ${lastOf(profile)}: ${rulesCall(profile)}`])];
  const audience = audienceOfSenders(
    unionAddresses(...senders.flatMap((each) => each ?? [])),
    estate.corporate,
  );
  const gates = inbound.map(({ key }) => key);
  const said = (what: string) =>
    evidence(`The network security perimeter of ${called(resource)} ${what}.`, association);
  return audience === 'none' || audience === 'corp'
    ? [closedWay({ ...way, gates, evidence: [said('lets nobody on the internet in')] })]
    : [openWay(audience, { ...way, gates, evidence: [said(`lets ${PEOPLE[audience] ?? audience} in`)] })];
}

const RULES = 'network perimeter profile access-rule list';

function rulesCall(profile: string): string {
  return azureListOf(RULES, profile, {
    '--resource-group': azurePart(profile, 'resourceGroups'),
    '--perimeter-name': azurePart(profile, 'networkSecurityPerimeters'),
    '--profile-name': lastOf(profile),
  });
}

const PEOPLE: Readonly<Partial<Record<string, string>>> = {
  internet: 'the whole internet',
  'internet-wide': 'a large part of the internet',
  'any-azure': 'every customer of Azure',
  partner: 'some addresses of the internet',
  'cdn-only': 'a content delivery network alone',
};
