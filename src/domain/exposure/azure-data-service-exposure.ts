import { azureCall } from '../resource/azure-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { APP_CONFIGURATION, DATA_SERVICE } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { Audience } from './audience.ts';
import type { AzureEstate } from './azure-estate.ts';
import { exposeInPerimeter } from './azure-perimeter.ts';
import { audienceOfAcls, audienceOfRanges } from './azure-restrictions.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

/**
 * Whether a vault, Cosmos account, registry, search or cognitive service answers the internet. Its own
 * authentication stays in front of the data, so this is a way in with a login, as of a database.
 */
export function exposeDataService(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(DATA_SERVICE, resource);
  const { name, type } = resource;
  const access = facts.publicNetworkAccess?.toLowerCase();
  if (access === 'disabled')
    return [
      closedWay({
        evidence: [evidence(`${calledFirst(resource)} has public network access disabled.`, resource)],
      }),
    ];
  if (access === 'securedbyperimeter')
    return exposeInPerimeter(estate, resource, { surface: 'tcp/443', auth: 'iam' });
  const audience = audienceOf(estate, type, facts);
  if (audience === undefined || (access === undefined && facts.networkAcls === undefined && type !== COSMOS))
    return [
      unsureWay([
        `the network rules of ${name}: ${azureCall('resource show', resource.key.slice('azure:'.length))}`,
      ]),
    ];
  if (audience === null)
    return [
      unsureWay([
        `readable network rules of ${name}: ${azureCall('resource show', resource.key.slice('azure:'.length))}`,
      ]),
    ];
  if (audience === 'none' || audience === 'corp')
    return [
      closedWay({
        evidence: [
          evidence(`The network rules of ${called(resource)} let nobody on the internet in.`, resource),
        ],
      }),
    ];
  const isAnonymous = facts.anonymousPullEnabled === true;
  const sentence = `${calledFirst(resource)} answers ${audience === 'internet' ? 'the whole internet' : `addresses of the internet (${audience})`}${
    isAnonymous ? ' and lets everybody pull images' : ''
  }.`;
  return [
    openWay(audience, {
      surface: isAnonymous ? 'tcp/443, pull' : 'tcp/443',
      auth: isAnonymous ? 'none' : 'iam',
      gates: [resource.key],
      evidence: [evidence(sentence, resource)],
    }),
  ];
}

/**
 * Whether a store of App Configuration answers the internet. Where it does not say, its first private endpoint turns public
 * access off (its documentation). It asks everybody for a key or an identity.
 */
export function exposeAppConfiguration(
  estate: AzureEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const { publicNetworkAccess, privateEndpointConnections } = estate.facts(APP_CONFIGURATION, resource);
  const access = publicNetworkAccess?.toLowerCase();
  const closed = (sentence: string): readonly ExposureRecord[] => [
    closedWay({ gates: [resource.key], evidence: [evidence(sentence, resource)] }),
  ];
  if (access === 'disabled') return closed(`${calledFirst(resource)} has public network access disabled.`);
  if (access === 'securedbyperimeter')
    return exposeInPerimeter(estate, resource, { surface: 'tcp/443', auth: 'iam' });
  if (access !== 'enabled' && privateEndpointConnections === undefined)
    return [
      unsureWay([
        `whether ${resource.name} has public network access: ${azureCall('resource show', resource.key.slice('azure:'.length))}`,
      ]),
    ];
  if (access !== 'enabled' && (privateEndpointConnections ?? []).length > 0)
    return closed(`${calledFirst(resource)} is reached over private endpoints only.`);
  return [
    openWay('internet', {
      surface: 'tcp/443',
      auth: 'iam',
      gates: [resource.key],
      evidence: [evidence(`${calledFirst(resource)} answers the whole internet.`, resource)],
    }),
  ];
}

const COSMOS = 'azure-cosmos-account';

/** Undefined where the rules were not described; null where they cannot be read. */
function audienceOf(
  estate: AzureEstate,
  type: string,
  {
    networkAcls,
    ipRules,
    isVirtualNetworkFilterEnabled,
  }: {
    readonly networkAcls?: Parameters<typeof audienceOfAcls>[1] | undefined;
    readonly ipRules?: readonly { readonly value?: string | undefined }[] | undefined;
    readonly isVirtualNetworkFilterEnabled?: boolean | undefined;
  },
): Audience | null | undefined {
  const ranges = (networkAcls?.ipRules ?? []).map((rule) => rule.value ?? '');
  // A search service has no default action: ranges are the whole of who may come.
  if (type === 'azure-search-service')
    return ranges.length === 0 ? 'internet' : audienceOfRanges(estate, ranges);
  if (type !== COSMOS) return audienceOfAcls(estate, networkAcls ?? {});
  if (ipRules === undefined) return undefined;
  if (ipRules.length === 0) return isVirtualNetworkFilterEnabled === true ? 'none' : 'internet';
  const texts = ipRules.map((rule) => rule.value ?? '');
  const audience = audienceOfRanges(
    estate,
    texts.filter((text) => text !== '0.0.0.0'),
  );
  const isAllOfAzure = texts.includes('0.0.0.0');
  return isAllOfAzure && audience !== 'internet' && audience !== 'internet-wide' ? 'any-azure' : audience;
}
