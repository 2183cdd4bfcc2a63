import { azureListOf, azurePart } from '../resource/azure-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { MESSAGE_NAMESPACE, NAMESPACE_RULES } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { WHO } from './azure-clients.ts';
import { type AzureEstate, childrenOf } from './azure-estate.ts';
import { exposeInPerimeter } from './azure-perimeter.ts';
import { audienceOfAcls } from './azure-restrictions.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

/** What each answers on: AMQP, HTTPS, and Kafka. */
const NAMESPACES: Readonly<Record<string, { readonly surface: string; readonly call: string }>> = {
  'azure-service-bus': { surface: 'tcp/443, tcp/5671, tcp/5672', call: 'servicebus namespace' },
  'azure-event-hubs': { surface: 'tcp/443, tcp/5671, tcp/5672, tcp/9093', call: 'eventhubs namespace' },
};

/**
 * Whether a namespace of Service Bus or Event Hubs answers the internet. It asks everybody for a key or an identity, so
 * this is a way in with a login. A private endpoint is one more way and closes none.
 */
export function exposeMessageNamespace(
  estate: AzureEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const { id = '', publicNetworkAccess } = estate.facts(MESSAGE_NAMESPACE, resource);
  const { name, type } = resource;
  const { surface, call } = NAMESPACES[type] as (typeof NAMESPACES)[string];
  const way = { surface, auth: 'iam' as const, gates: [resource.key] };
  const [rules] = childrenOf(estate, 'azure-message-namespace-rules', id).map((each) =>
    estate.facts(NAMESPACE_RULES, each),
  );
  const access = (publicNetworkAccess ?? rules?.publicNetworkAccess)?.toLowerCase();
  if (access === 'disabled')
    return [
      closedWay({
        ...way,
        evidence: [evidence(`${calledFirst(resource)} has public network access disabled.`, resource)],
      }),
    ];
  if (access === 'securedbyperimeter') return exposeInPerimeter(estate, resource, way);
  const key = resource.key.slice('azure:'.length);
  const command = azureListOf(`${call} network-rule-set list`, key, {
    '--resource-group': azurePart(key, 'resourceGroups'),
    '--namespace-name': name,
  });
  if (rules === undefined) return [unsureWay([`the network rules of ${name}: ${command}`])];
  const audience = audienceOfAcls(estate, {
    defaultAction: rules.defaultAction,
    ipRules: rules.ipRules?.map(({ ipMask }) => ({ value: ipMask })),
  });
  if (audience === null) return [unsureWay([`readable network rules of ${name}: ${command}`])];
  if (audience === 'none' || audience === 'corp')
    return [
      closedWay({
        ...way,
        evidence: [
          evidence(`The network rules of ${called(resource)} let nobody on the internet in.`, resource),
        ],
      }),
    ];
  return [
    openWay(audience, {
      ...way,
      evidence: [evidence(`${calledFirst(resource)} answers ${WHO[audience] ?? audience}.`, resource)],
    }),
  ];
}
