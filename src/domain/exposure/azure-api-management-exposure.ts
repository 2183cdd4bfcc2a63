import { azureCall } from '../resource/azure-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { API_MANAGEMENT } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AzureEstate } from './azure-estate.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

/**
 * Whether the gateway of an API Management service answers the internet. What its APIs ask for is told by their
 * policies, which no inventory has; a subscription's key is no login.
 */
export function exposeApiManagement(
  estate: AzureEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const { publicNetworkAccess, virtualNetworkType, gatewayUrl, disableGateway } = estate.facts(
    API_MANAGEMENT,
    resource,
  );
  const { name } = resource;
  const closed = (sentence: string): readonly ExposureRecord[] => [
    closedWay({ gates: [resource.key], evidence: [evidence(sentence, resource)] }),
  ];
  if (publicNetworkAccess?.toLowerCase() === 'disabled')
    return closed(`${calledFirst(resource)} is reached over private endpoints only.`);
  if (virtualNetworkType?.toLowerCase() === 'internal')
    return closed(`The gateway of ${called(resource)} has an address inside its virtual network only.`);
  if (disableGateway === true)
    return closed(`The gateway of ${called(resource)} in its main region is switched off.`);
  // A service without a network says None, so nothing said means nothing told.
  if (publicNetworkAccess === undefined && virtualNetworkType === undefined)
    return [
      unsureWay([`the network of ${name}: ${azureCall('apim show', resource.key.slice('azure:'.length))}`]),
    ];
  return [
    openWay('internet', {
      surface: 'tcp/443',
      via: gatewayUrl === undefined ? [] : [gatewayUrl],
      gates: [resource.key],
      evidence: [
        evidence(
          `The gateway of ${called(resource)} answers the whole internet; what its APIs ask for is told by their policies.`,
          resource,
        ),
      ],
    }),
  ];
}
