import {
  CLASSIC_LOAD_BALANCER,
  LISTENER,
  LISTENER_RULE,
  type ListenerActionFacts,
  type ListenerFacts,
  LOAD_BALANCER,
  type LoadBalancerFacts,
} from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import { type AwsExposure, exposureUnknown, notExposed } from './aws-exposure-record.ts';
import { exposeOnNetwork } from './aws-network-exposure.ts';
import type { Surface } from './surface.ts';

/** Whether an application or network load balancer answers the internet. */
export function exposeLoadBalancer(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const verdicts = estate.derived(frontVerdicts);
  const known = verdicts.get(resource) ?? exposeListeners(estate, resource, null);
  verdicts.set(resource, known);
  return known;
}

const frontVerdicts = (): Map<EstateResource, AwsExposure> => new Map();

/** The same for some of its listeners; for all of them where `only` is null. */
export function exposeListeners(
  estate: AwsEstate,
  resource: EstateResource,
  only: readonly ListenerFacts[] | null,
): AwsExposure {
  const facts = estate.facts(LOAD_BALANCER, resource);
  if (facts.Type === 'gateway')
    return notExposed(
      evidence(
        `${resource.name} is a gateway load balancer, which passes traffic on and answers nobody.`,
        resource,
      ),
    );
  if (facts.Scheme === 'internal') {
    return notExposed(
      evidence(
        `The scheme of ${resource.name} is internal. Assumed: no Global Accelerator and no VPC origin of CloudFront stands in front.`,
        resource,
      ),
    );
  }
  if (facts.Scheme !== 'internet-facing')
    return exposureUnknown([`the scheme of ${resource.name}: aws elbv2 describe-load-balancers`]);
  if (facts.State?.Code === 'provisioning')
    return notExposed(evidence(`${resource.name} is still being provisioned: dormant.`, resource));
  const region = estate.regionOf(resource);
  const listeners = only ?? listenersOf(estate, facts);
  if (listeners.length === 0 && estate.isListed('listener', region))
    return notExposed(evidence(`${resource.name} has no listener.`, resource));
  const network = exposeOnNetwork(estate, {
    resource,
    what: resource.name,
    // AWS gives a public address to every internet-facing load balancer and names none.
    addresses: null,
    groups:
      facts.Type === 'network' && (facts.SecurityGroups ?? []).length === 0
        ? null
        : (facts.SecurityGroups ?? null),
    subnets: (facts.AvailabilityZones ?? []).flatMap((zone) => zone.SubnetId ?? []),
    vpc: facts.VpcId,
    ports:
      listeners.length === 0
        ? null
        : listeners.flatMap((listener) => portsOfListener(listener.Port, listener.Protocol)),
    auth:
      listeners.length > 0 && listeners.every((listener) => listener.MutualAuthentication?.Mode === 'verify')
        ? 'mtls'
        : 'app',
  });
  // Open groups and routes around ports on which nothing may listen prove nothing yet.
  if (network.state === 'yes' && listeners.length === 0)
    return exposureUnknown([`listeners of ${resource.name}: aws elbv2 describe-listeners`], network.evidence);
  return network;
}

/** Whether a classic load balancer answers the internet. */
export function exposeClassicLoadBalancer(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const facts = estate.facts(CLASSIC_LOAD_BALANCER, resource);
  if (facts.Scheme === 'internal')
    return notExposed(evidence(`The scheme of ${resource.name} is internal.`, resource));
  if (facts.Scheme !== 'internet-facing')
    return exposureUnknown([`the scheme of ${resource.name}: aws elb describe-load-balancers`]);
  return exposeOnNetwork(estate, {
    resource,
    what: resource.name,
    addresses: null,
    groups: facts.SecurityGroups ?? [],
    subnets: facts.Subnets ?? [],
    vpc: facts.VPCId,
    ports: (facts.ListenerDescriptions ?? []).flatMap(({ Listener }) =>
      portsOfListener(Listener?.LoadBalancerPort, Listener?.Protocol),
    ),
    auth: 'app',
  });
}

function portsOfListener(
  port: number | undefined,
  protocol: string | undefined,
): readonly Omit<Surface, 'sources'>[] {
  if (port === undefined) return [];
  const own = { from: port, to: port };
  switch (protocol?.toUpperCase()) {
    case 'UDP':
      return [{ protocol: 'udp', ...own }];
    case 'TCP_UDP':
      return [
        { protocol: 'tcp', ...own },
        { protocol: 'udp', ...own },
      ];
    default:
      return [{ protocol: 'tcp', ...own }];
  }
}

const listenersByBalancer = (estate: AwsEstate) =>
  Map.groupBy(
    estate.ofType('listener').map((listener) => estate.facts(LISTENER, listener)),
    (listener) => listener.LoadBalancerArn,
  );

const rulesByListener = (estate: AwsEstate) =>
  Map.groupBy(
    estate.ofType('listener-rule').map((rule) => estate.facts(LISTENER_RULE, rule)),
    // A rule's ARN is its listener's, called otherwise, and a part of its own.
    (rule) => rule.RuleArn?.replace(':listener-rule/', ':listener/').replace(/\/[^/]*$/, ''),
  );

/** The listeners of a load balancer, as far as they were described. */
export function listenersOf(
  estate: AwsEstate,
  { LoadBalancerArn }: LoadBalancerFacts,
): readonly ListenerFacts[] {
  return LoadBalancerArn === undefined
    ? []
    : (estate.derived(listenersByBalancer).get(LoadBalancerArn) ?? []);
}

/** The listeners that forward to a target group without a login, and what is known of the others. */
export function forwarders(
  estate: AwsEstate,
  listeners: readonly ListenerFacts[],
  targetGroup: string | undefined,
) {
  const open: ListenerFacts[] = [];
  let behindLogin = false;
  let rulesMissing = listeners.length === 0;
  for (const listener of listeners) {
    const own = estate.derived(rulesByListener).get(listener.ListenerArn) ?? [];
    if (own.length === 0) rulesMissing = true;
    const forwarding = [listener.DefaultActions ?? [], ...own.map((rule) => rule.Actions ?? [])].filter(
      (actions) => actions.some((action) => forwardsTo(action, targetGroup)),
    );
    const withLogin = forwarding.filter((actions) =>
      actions.some((action) => action.Type === 'authenticate-oidc' || action.Type === 'authenticate-cognito'),
    );
    if (forwarding.length > withLogin.length) open.push(listener);
    else if (withLogin.length > 0) behindLogin = true;
  }
  return { open, behindLogin, rulesMissing };
}

function forwardsTo(action: ListenerActionFacts, targetGroup: string | undefined): boolean {
  if (action.Type !== 'forward' || targetGroup === undefined) return false;
  return (
    action.TargetGroupArn === targetGroup ||
    (action.ForwardConfig?.TargetGroups ?? []).some((group) => group.TargetGroupArn === targetGroup)
  );
}
