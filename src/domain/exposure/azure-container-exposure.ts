import { called, calledFirst } from '../resource/called.ts';
import { CONTAINER_APP, CONTAINER_ENVIRONMENT, CONTAINER_INSTANCE } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AzureEstate } from './azure-estate.ts';
import { lastOf } from './azure-network.ts';
import { sendersPast } from './azure-restrictions.ts';
import { audienceOfSenders } from './azure-senders.ts';
import type { ExposureRecord } from './exposure-record.ts';
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

/** Whether a container app answers the internet: external ingress, an environment that is not internal, its ranges. */
export function exposeContainerApp(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { configuration, environmentId, managedEnvironmentId } = estate.facts(CONTAINER_APP, resource);
  const { name } = resource;
  if (configuration === undefined) return [unsureWay([`the ingress of ${name}: az containerapp list`])];
  const { ingress } = configuration;
  if (ingress?.external !== true)
    return [
      closedWay({ evidence: [evidence(`${calledFirst(resource)} has no external ingress.`, resource)] }),
    ];
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
  const { ipSecurityRestrictions = [] } = ingress;
  // Rules that only deny leave everybody else.
  const denies = ipSecurityRestrictions.every((rule) => rule.action?.toLowerCase() === 'deny');
  const senders = sendersPast(ipSecurityRestrictions, denies ? 'Allow' : 'Deny');
  if (senders === null) return [unsureWay([`readable restrictions of ${name}: az containerapp list`])];
  const audience = audienceOfSenders(senders, estate.corporate);
  if (audience === 'none' || audience === 'corp')
    return [
      closedWay({
        evidence: [
          evidence(`The restrictions of ${called(resource)} let nobody on the internet in.`, resource),
        ],
      }),
    ];
  return [
    openWay(audience, {
      surface: 'tcp/443',
      evidence: [
        evidence(
          `${calledFirst(resource)} has an external ingress${ingress.fqdn === undefined ? '' : ` (${ingress.fqdn})`}.`,
          resource,
        ),
      ],
    }),
  ];
}
