import { type AddressSet, intersectAddresses, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { awsCall } from '../resource/aws-call.ts';
import {
  LISTENER,
  LISTENER_RULE,
  type ListenerActionFacts,
  type ListenerConditionFacts,
  type ListenerFacts,
  type ListenerRuleFacts,
  type LoadBalancerFacts,
} from '../resource/facts/aws-network-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { Authentication } from './exposure-record.ts';
import type { Surface } from './surface.ts';

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

/** What a listener answers with: its default and its rules. */
interface Answer {
  readonly actions: readonly ListenerActionFacts[];
  readonly conditions: readonly ListenerConditionFacts[];
}

function answersOf(
  estate: AwsEstate,
  listener: ListenerFacts,
): { readonly answers: readonly Answer[]; readonly rulesKnown: boolean } {
  const rules = estate.derived(rulesByListener).get(listener.ListenerArn) ?? [];
  return {
    answers: asked(
      { actions: listener.DefaultActions ?? [], conditions: [] },
      rules.filter((rule) => rule.IsDefault !== true),
    ),
    // A network load balancer's listener has no rules but its default.
    rulesKnown: rules.length > 0 || /^(?:TCP|UDP|TLS|TCP_UDP)$/.test(listener.Protocol ?? ''),
  };
}

/** The answers that some request gets: behind a rule that takes every request none is asked. */
function asked(last: Answer, rules: readonly ListenerRuleFacts[]): readonly Answer[] {
  const answers = rules.map((rule) => ({
    place: /^\d+$/.test(rule.Priority ?? '') ? Number(rule.Priority) : null,
    actions: rule.Actions ?? [],
    conditions: rule.Conditions ?? [],
  }));
  const takesAll = answers
    .filter(
      ({ place, conditions }) => place !== null && conditions.length > 0 && conditions.every(isAnything),
    )
    .map(({ place }) => place as number);
  if (takesAll.length === 0 || answers.some(({ place }) => place === null)) return [last, ...answers];
  const end = Math.min(...takesAll);
  return answers.filter(({ place }) => (place as number) <= end);
}

/** `*` as a host or a path, `/*` as a path. */
function isAnything({ HostHeaderConfig, PathPatternConfig, Field, Values }: ListenerConditionFacts): boolean {
  const named = Field === 'host-header' || Field === 'path-pattern' ? (Values ?? []) : [];
  return [...(HostHeaderConfig?.Values ?? []), ...(PathPatternConfig?.Values ?? []), ...named].some(
    (value) => value === '*' || value === '/*',
  );
}

function asksForLogin({ actions }: Answer): boolean {
  return actions.some(({ Type, AuthenticateOidcConfig, AuthenticateCognitoConfig }) => {
    switch (Type) {
      case 'authenticate-oidc':
        return AuthenticateOidcConfig?.OnUnauthenticatedRequest !== 'allow';
      case 'authenticate-cognito':
        return AuthenticateCognitoConfig?.OnUnauthenticatedRequest !== 'allow';
      default:
        return Type === 'jwt-validation';
    }
  });
}

/** What would tell whom a load balancer passes requests on to: its listeners, or the rules of those whose rules nobody told. */
export function forwardingMissing(
  estate: AwsEstate,
  balancer: EstateResource,
  facts: LoadBalancerFacts,
): readonly string[] {
  const listeners = listenersOf(estate, facts);
  if (listeners.length === 0) return [listenersMissing(balancer, facts)];
  return listeners
    .filter((listener) => !answersOf(estate, listener).rulesKnown)
    .map(
      ({ ListenerArn = 'ARN' }) =>
        `rules of the listeners of ${balancer.name}: ${awsCall('elbv2 describe-rules', [['--listener-arn', ListenerArn]])}`,
    );
}

/** What would tell on which ports a load balancer listens. */
export function listenersMissing(
  { name }: EstateResource,
  { LoadBalancerArn = 'ARN' }: LoadBalancerFacts,
): string {
  return `listeners of ${name}: ${awsCall('elbv2 describe-listeners', [['--load-balancer-arn', LoadBalancerArn]])}`;
}

/** Who is asked for an identity before a listener passes anything on. */
export function listenerAuth(estate: AwsEstate, listener: ListenerFacts): Authentication {
  if (listener.MutualAuthentication?.Mode === 'verify') return 'mtls';
  const { answers, rulesKnown } = answersOf(estate, listener);
  const forwarding = answers.filter(({ actions }) => actions.some((action) => action.Type === 'forward'));
  return rulesKnown && forwarding.length > 0 && forwarding.every(asksForLogin) ? 'oidc' : 'app';
}

/** A listener that forwards to the target group, and for which hosts and paths. */
export interface Forwarder {
  readonly listener: ListenerFacts;
  /** `shop.example /api/*`; empty where it forwards whatever the host and the path. */
  readonly where: readonly string[];
  /** Whose requests it forwards, where its rules tell clients apart by their addresses; null: everybody's. */
  readonly clients: Clients | null;
}

interface Clients {
  readonly addresses: AddressSet;
  /** As the rules spell the ranges. */
  readonly ranges: readonly string[];
}

/** The listeners that forward to a target group without a login, and what is known of the others. */
export function forwarders(
  estate: AwsEstate,
  listeners: readonly ListenerFacts[],
  targetGroup: string | undefined,
) {
  const open: Forwarder[] = [];
  /** What those ask for that forward to it and are not open. */
  let login: 'oidc' | 'mtls' | null = null;
  let rulesMissing = listeners.length === 0;
  for (const listener of listeners) {
    const { answers, rulesKnown } = answersOf(estate, listener);
    if (!rulesKnown) rulesMissing = true;
    const forwarding = answers.filter(({ actions }) =>
      actions.some((action) => forwardsTo(action, targetGroup)),
    );
    const isVerified = listener.MutualAuthentication?.Mode === 'verify';
    const free = isVerified ? [] : forwarding.filter((answer) => !asksForLogin(answer));
    const places = free.map(({ conditions }) => conditionText(conditions));
    if (free.length > 0)
      open.push({
        listener,
        where: places.includes('') ? [] : places,
        clients: anyOf(free.map(({ conditions }) => clientsOf(conditions))),
      });
    else if (forwarding.length > 0) login ??= isVerified ? 'mtls' : 'oidc';
  }
  return { open, login, rulesMissing };
}

/** Whose requests conditions let pass; a range that cannot be read keeps nobody out. */
function clientsOf(conditions: readonly ListenerConditionFacts[]): Clients | null {
  let clients: Clients | null = null;
  for (const { SourceIpConfig } of conditions) {
    const ranges = SourceIpConfig?.Values ?? [];
    const parsed = ranges.map(parseAddresses);
    if (ranges.length === 0 || parsed.includes(null)) continue;
    const addresses = unionAddresses(...(parsed as AddressSet[]));
    clients =
      clients === null
        ? { addresses, ranges }
        : {
            addresses: intersectAddresses(clients.addresses, addresses),
            ranges: [...clients.ranges, ...ranges],
          };
  }
  return clients;
}

function anyOf(all: readonly (Clients | null)[]): Clients | null {
  const some = all.filter((each) => each !== null);
  return some.length < all.length
    ? null
    : {
        addresses: unionAddresses(...some.map(({ addresses }) => addresses)),
        ranges: [...new Set(some.flatMap(({ ranges }) => ranges))],
      };
}

function conditionText(conditions: readonly ListenerConditionFacts[]): string {
  return conditions
    .flatMap((each) => [
      ...(each.HostHeaderConfig?.Values ?? []),
      ...(each.PathPatternConfig?.Values ?? []),
      ...(each.HostHeaderConfig === undefined && each.PathPatternConfig === undefined
        ? (each.Values ?? [])
        : []),
    ])
    .slice(0, 4)
    .join(' ')
    .slice(0, 120);
}

function forwardsTo(action: ListenerActionFacts, targetGroup: string | undefined): boolean {
  if (action.Type !== 'forward' || targetGroup === undefined) return false;
  if (action.TargetGroupArn === targetGroup) return true;
  const groups = action.ForwardConfig?.TargetGroups ?? [];
  // Beside one that has a weight one with none gets no request.
  const isWeighted = groups.some(({ Weight = 0 }) => Weight > 0);
  return groups.some(
    ({ TargetGroupArn, Weight }) => TargetGroupArn === targetGroup && !(isWeighted && Weight === 0),
  );
}

/** The ports of a listener. */
export function portsOfListener(
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
