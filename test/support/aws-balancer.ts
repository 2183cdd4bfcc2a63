import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../src/domain/risk/estate.ts';
import {
  ACCOUNT,
  group,
  listed,
  OPEN_ACL,
  PUBLIC_ROUTES,
  REGION,
  resource,
  SUBNET,
  tcp,
  VPC,
} from './aws-world.ts';

/** A load balancer that is open to the internet, with its target group, for the network of `aws-world.ts`. */
export const LB = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/web/1`;
export const TG = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/web/1`;
export const LISTENER = LB.replace(':loadbalancer/', ':listener/');
export const FORWARD: JsonObject = { Type: 'forward', TargetGroupArn: TG };

export function balancer(facts: JsonObject = {}): EstateResource {
  return resource('load-balancer', 'web', {
    LoadBalancerArn: LB,
    Type: 'application',
    Scheme: 'internet-facing',
    VpcId: 'vpc-1',
    SecurityGroups: ['sg-lb'],
    AvailabilityZones: [{ SubnetId: 'subnet-1' }],
    ...facts,
  });
}

export function listener(port: number, protocol: string, ...actions: readonly JsonObject[]): EstateResource {
  return resource('listener', `${LISTENER}/${port}`, {
    ListenerArn: `${LISTENER}/${port}`,
    LoadBalancerArn: LB,
    Port: port,
    Protocol: protocol,
    DefaultActions: [...actions],
  });
}

export function targets(facts: JsonObject = {}): EstateResource {
  return resource('target-group', 'web', {
    TargetGroupArn: TG,
    TargetGroupName: 'web',
    TargetType: 'instance',
    Protocol: 'HTTP',
    Port: 8080,
    VpcId: 'vpc-1',
    LoadBalancerArns: [LB],
    ...facts,
  });
}

/** A network all of whose load balancers are listed. */
export const BALANCED_NETWORK: readonly EstateResource[] = [
  VPC,
  SUBNET,
  PUBLIC_ROUTES,
  OPEN_ACL,
  ...listed('load-balancer', 'classic-load-balancer', 'target-group', 'listener', 'route-table'),
];

/** The load balancer there, with the machine `i-1` as its only target. */
export const BALANCED_WEB: readonly EstateResource[] = [
  ...BALANCED_NETWORK,
  balancer(),
  targets(),
  resource('target-health', 'web/i-1', { TargetGroup: 'web', Id: 'i-1', Port: 8080 }),
  group('sg-lb', tcp(443, '0.0.0.0/0')),
  group('sg-web', tcp(8080, '10.0.0.0/16')),
];
