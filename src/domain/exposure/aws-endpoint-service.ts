import { awsCall } from '../resource/aws-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { ENDPOINT_SERVICE } from '../resource/facts/aws-network-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { FrontOf } from './aws-front.ts';
import { closedWay, openWay, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';

/** Who connects to an endpoint service of PrivateLink from another account, without being asked (attack-paths §2.3). */
function connections(estate: AwsEstate, service: EstateResource): readonly ExposureRecord[] {
  const {
    ServiceId = service.name,
    AcceptanceRequired,
    AllowedPrincipals,
  } = estate.facts(ENDPOINT_SERVICE, service);
  const via = [service.name];
  if (AcceptanceRequired === true)
    return [
      closedWay([evidence(`${calledFirst(service)} connects only whom its owner accepts.`, service)], {
        via,
        gates: ['AcceptanceRequired'],
      }),
    ];
  const call = awsCall(
    'ec2 describe-vpc-endpoint-service-permissions',
    [['--service-id', ServiceId]],
    ServiceId,
  );
  const missing = [
    ...(AcceptanceRequired === undefined
      ? [`whom ${service.name} accepts unasked: aws ec2 describe-vpc-endpoint-service-configurations`]
      : []),
    ...(AllowedPrincipals === undefined ? [`who may connect to ${service.name}: ${call}`] : []),
  ];
  if (AcceptanceRequired === undefined || AllowedPrincipals === undefined)
    return [unsettledWay(missing, [], { via })];
  if (!AllowedPrincipals.includes('*'))
    return [
      closedWay([evidence(`${calledFirst(service)} connects named accounts alone.`, service)], { via }),
    ];
  return [
    openWay(
      {
        surface: 'PrivateLink',
        audience: 'any-aws-account',
        auth: 'app',
        via,
        gates: ['AllowedPrincipals *'],
      },
      evidence(
        `Every AWS account may connect to ${called(service)} over PrivateLink, and nobody is asked.`,
        service,
      ),
    ),
  ];
}

/** Load balancers behind endpoint services. They see addresses of their own network, whoever asks. */
export function endpointServiceFronts(estate: AwsEstate): readonly FrontOf[] {
  return estate
    .ofType('vpc-endpoint-service')
    .flatMap((resource) =>
      (estate.facts(ENDPOINT_SERVICE, resource).NetworkLoadBalancerArns ?? []).map(
        (arn): FrontOf => [
          arn,
          { resource, login: null, keepsClients: false, records: () => connections(estate, resource) },
        ],
      ),
    );
}
