import { NO_ADDRESSES } from '#base/address-set.ts';
import { called, calledFirst } from '../resource/called.ts';
import {
  CONTAINER_APP,
  CONTAINER_ENVIRONMENT,
  CONTAINER_INSTANCE,
  type RestrictionFacts,
} from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Admitted, admitted } from './azure-admitted.ts';
import type { AzureEstate } from './azure-estate.ts';
import { exposeBehindFrontDoors } from './azure-fronts.ts';
import { lastOf } from './azure-network.ts';
import { sendersPast } from './azure-restrictions.ts';
import { audienceOfSenders } from './azure-senders.ts';
import { type ExposureRecord, isOpenToPublic } from './exposure-record.ts';
import { closedWay, dormantWay, openWay, unsureWay } from './way-in.ts';

/** Whether a container group has a public address; then all of its ports are open to everybody. */
export function exposeContainerInstance(
  estate: AzureEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const { ipAddress, instanceView } = estate.facts(CONTAINER_INSTANCE, resource);
  if (instanceView?.state === 'Stopped')
    return [dormantWay({ evidence: [evidence(`${calledFirst(resource)} is stopped: dormant.`, resource)] })];
  if (ipAddress?.type !== 'Public')
    return [closedWay({ evidence: [evidence(`${calledFirst(resource)} has no public address.`, resource)] })];
  const ports = (ipAddress.ports ?? []).map(
    ({ port, protocol }) => `${protocol?.toLowerCase() ?? 'tcp'}/${port ?? '?'}`,
  );
  return [
    openWay('internet', {
      surface: ports.length === 0 ? 'any' : ports.join(', '),
      evidence: [
        evidence(
          `${calledFirst(resource)} has the public address ${ipAddress.ip ?? '(not told)'}.`,
          resource,
        ),
      ],
    }),
  ];
}

/**
 * Whether a container app answers the internet: external ingress, an environment that is not internal, its ranges; or
 * through a Front Door that has a private link to its environment.
 */
export function exposeContainerApp(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { configuration, environmentId, managedEnvironmentId } = estate.facts(CONTAINER_APP, resource);
  if (configuration === undefined)
    return [unsureWay([`the ingress of ${resource.name}: az containerapp list`])];
  const { ingress } = configuration;
  if (ingress?.external !== true)
    return [
      closedWay({ evidence: [evidence(`${calledFirst(resource)} has no external ingress.`, resource)] }),
    ];
  const senders = pastIngress(ingress.ipSecurityRestrictions ?? []);
  const direct = exposeIngress(estate, resource, senders);
  const environment = estate.find(environmentId ?? managedEnvironmentId);
  const fronts = exposeBehindFrontDoors(
    estate,
    {
      resource,
      hosts: [ingress.fqdn ?? []].flat(),
      targets: [(environmentId ?? managedEnvironmentId ?? '').toLowerCase()],
      connections: environment && estate.facts(CONTAINER_ENVIRONMENT, environment).privateEndpointConnections,
      way: { surface: 'tcp/443' },
    },
    // Its restrictions are ranges of addresses, which Front Door's are not told as.
    () => admitted(NO_ADDRESSES),
  );
  return fronts.some(isOpenToPublic)
    ? [...direct, ...fronts].filter((way) => way.verdict !== 'no')
    : [...direct, ...fronts];
}

/** Rules that only deny leave everybody else. */
function pastIngress(restrictions: readonly RestrictionFacts[]): Admitted | null {
  const denies = restrictions.every((rule) => rule.action?.toLowerCase() === 'deny');
  return sendersPast(restrictions, denies ? 'Allow' : 'Deny');
}

function exposeIngress(
  estate: AzureEstate,
  resource: EstateResource,
  senders: Admitted | null,
): readonly ExposureRecord[] {
  const { configuration, environmentId, managedEnvironmentId } = estate.facts(CONTAINER_APP, resource);
  const { name } = resource;
  const environment = estate.find(environmentId ?? managedEnvironmentId);
  if (environment === undefined)
    return [
      unsureWay([
        `environment ${lastOf(environmentId ?? managedEnvironmentId ?? '')} of ${name}: az containerapp env list`,
      ]),
    ];
  const { vnetConfiguration, publicNetworkAccess } = estate.facts(CONTAINER_ENVIRONMENT, environment);
  if (vnetConfiguration?.internal === true || publicNetworkAccess === 'Disabled')
    return [closedWay({ evidence: [evidence(`${calledFirst(environment)} is internal.`, environment)] })];
  if (senders === null) return [unsureWay([`readable restrictions of ${name}: az containerapp list`])];
  const audience = audienceOfSenders(senders.certain, estate.corporate);
  if (audience === 'none' || audience === 'corp')
    return [
      closedWay({
        evidence: [
          evidence(`The restrictions of ${called(resource)} let nobody on the internet in.`, resource),
        ],
      }),
    ];
  const fqdn = configuration?.ingress?.fqdn;
  return [
    openWay(audience, {
      surface: 'tcp/443',
      evidence: [
        evidence(
          `${calledFirst(resource)} has an external ingress${fqdn === undefined ? '' : ` (${fqdn})`}.`,
          resource,
        ),
      ],
    }),
  ];
}
