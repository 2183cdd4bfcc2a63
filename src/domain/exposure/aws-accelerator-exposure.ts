import { awsCall } from '../resource/aws-call.ts';
import { calledFirst } from '../resource/called.ts';
import {
  ACCELERATOR,
  ACCELERATOR_ENDPOINT_GROUP,
  ACCELERATOR_LISTENER,
} from '../resource/facts/aws-network-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { FrontOf } from './aws-front.ts';
import { closedWay, openWay, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { portsText } from './surface.ts';

/** How an accelerator of Global Accelerator is reached: on the ports of its listeners (attack-paths §2.3). */
export function exposeAccelerator(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { AcceleratorArn, Enabled } = estate.facts(ACCELERATOR, resource);
  if (Enabled === false)
    return [
      {
        ...closedWay([evidence(`${calledFirst(resource)} is disabled: dormant.`, resource)]),
        isDormant: true,
      },
    ];
  if (Enabled === undefined)
    return [
      unsettledWay([
        `whether ${resource.name} is enabled: aws globalaccelerator list-accelerators --region us-west-2`,
      ]),
    ];
  const listeners = estate
    .ofType('accelerator-listener')
    .map((each) => estate.facts(ACCELERATOR_LISTENER, each))
    .filter((listener) => listener.ListenerArn?.startsWith(`${AcceleratorArn}/`) === true);
  if (listeners.length === 0)
    return [
      unsettledWay([
        `listeners of ${resource.name}: ${awsCall('globalaccelerator list-listeners', [
          ['--accelerator-arn', AcceleratorArn ?? 'ARN'],
          ['--region', 'us-west-2'],
        ])}`,
      ]),
    ];
  return listeners.flatMap(({ Protocol, PortRanges = [] }) =>
    PortRanges.map(({ FromPort = 0, ToPort = FromPort }) => {
      const surface = portsText({
        protocol: Protocol === 'UDP' ? 'udp' : 'tcp',
        from: FromPort,
        to: ToPort,
      });
      return openWay(
        {
          surface,
          audience: 'internet',
          auth: 'app',
          via: [resource.name],
          gates: [`${resource.name} listener ${surface}`],
        },
        evidence(`${calledFirst(resource)} answers the whole internet on ${surface}.`, resource),
      );
    }),
  );
}

/** What stands behind accelerators. */
export function acceleratorFronts(estate: AwsEstate): readonly FrontOf[] {
  const groups = estate
    .ofType('accelerator-endpoint-group')
    .map((each) => estate.facts(ACCELERATOR_ENDPOINT_GROUP, each));
  return estate.ofType('global-accelerator').flatMap((resource) => {
    const arn = estate.facts(ACCELERATOR, resource).AcceleratorArn;
    return groups
      .filter((group) => group.EndpointGroupArn?.startsWith(`${arn}/`) === true)
      .flatMap((group) => group.EndpointDescriptions ?? [])
      .flatMap(({ EndpointId, ClientIPPreservationEnabled }): FrontOf[] =>
        EndpointId === undefined
          ? []
          : [
              [
                EndpointId,
                {
                  resource,
                  login: null,
                  keepsClients: ClientIPPreservationEnabled !== false,
                  records: () => exposeAccelerator(estate, resource),
                },
              ],
            ],
      );
  });
}
