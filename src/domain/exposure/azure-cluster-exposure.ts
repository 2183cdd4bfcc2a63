import { called, calledFirst } from '../resource/called.ts';
import { AKS } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AzureEstate } from './azure-estate.ts';
import { audienceOfRanges } from './azure-restrictions.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { closedWay, dormantWay, openWay, unsureWay } from './way-in.ts';

/** Whether the API server of a cluster answers the internet: not private, and no authorised ranges or wide ones. */
export function exposeAksCluster(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { apiServerAccessProfile = {}, publicNetworkAccess, powerState } = estate.facts(AKS, resource);
  const { enablePrivateCluster, authorizedIpRanges = [] } = apiServerAccessProfile;
  const { name } = resource;
  if (powerState?.code === 'Stopped')
    return [dormantWay({ evidence: [evidence(`${calledFirst(resource)} is stopped: dormant.`, resource)] })];
  if (enablePrivateCluster === true || publicNetworkAccess === 'Disabled')
    return [
      closedWay({
        auth: 'iam',
        evidence: [evidence(`The API server of ${called(resource)} is private.`, resource)],
      }),
    ];
  if (Object.keys(resource.facts).length <= 1)
    return [unsureWay([`the API server access profile of ${name}: az aks list`])];
  const audience =
    authorizedIpRanges.length === 0 ? 'internet' : audienceOfRanges(estate, authorizedIpRanges);
  if (audience === null) return [unsureWay([`readable authorised ranges of ${name}: az aks list`])];
  const way = { surface: 'tcp/443', auth: 'iam' as const, gates: [resource.key] };
  if (audience === 'none' || audience === 'corp')
    return [
      closedWay({
        ...way,
        evidence: [evidence(`${calledFirst(resource)} lets no address of the internet in.`, resource)],
      }),
    ];
  const sentence =
    authorizedIpRanges.length === 0
      ? `The API server of ${called(resource)} has no authorised ranges.`
      : `The API server of ${called(resource)} lets in ${authorizedIpRanges.slice(0, 3).join(', ')}.`;
  return [openWay(audience, { ...way, evidence: [evidence(sentence, resource)] })];
}
