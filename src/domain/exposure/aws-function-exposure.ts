import { type Instant, parseInstant } from '#base/instant.ts';
import { awsCall } from '../resource/aws-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { FUNCTION, type FunctionFacts } from '../resource/facts/aws-facts.ts';
import { LOAD_BALANCER, TARGET_GROUP } from '../resource/facts/aws-network-facts.ts';
import type { PolicyFacts } from '../resource/facts/fact-shape.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Audience, isPublic } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import { exposeThroughEvents } from './aws-event-exposure.ts';
import type { Front } from './aws-front.ts';
import { forwarders, forwardingMissing, listenersOf } from './aws-listener.ts';
import { exposeForwarders, exposeLoadBalancer } from './aws-load-balancer-exposure.ts';
import { passedOnTo } from './aws-passed-on.ts';
import { openingsOf, type PolicyVerdict } from './aws-policy-exposure.ts';
import { judgePolicy } from './aws-policy-holder.ts';
import { policyQuestion } from './aws-policy-question.ts';
import { targetsById } from './aws-target-group.ts';
import { closedWay, openWay, stateOfWays, throughWay, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';

const INVOKE_URL = 'lambda:InvokeFunctionUrl';
const INVOKE = 'lambda:InvokeFunction';

/**
 * How a function is called: over its URL, with the API of any AWS account, through what stands in front
 * (attack-paths §2.6). Whether it runs in a VPC does not matter for that.
 */
export function exposeFunction(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(FUNCTION, resource);
  const policy = facts.Policy;
  const through = [...throughFronts(estate, resource, facts), ...throughBalancers(estate, resource, facts)];
  const missing = `the policy of ${resource.name}: ${functionCall('get-policy', resource)}`;
  if (policy === undefined) return [unsettledWay([missing]), ...through];
  return [
    ...(policy.IsPart === true ? [unsettledWay([missing])] : []),
    ...overUrl(estate, resource, facts, policy),
    ...judgePolicy(
      estate,
      resource,
      withoutUrlGrants(policy),
      { actions: [INVOKE, 'lambda:UpdateFunctionCode', 'lambda:AddPermission'], unsigned: false },
      '',
    ),
    ...exposeThroughEvents(estate, resource, policy),
    ...through,
  ];
}

function functionCall(call: string, { name }: EstateResource): string {
  return awsCall(`lambda ${call}`, [['--function-name', name]], name);
}

/** Grants that hold only for calls over the function's URL. */
function withoutUrlGrants(policy: PolicyFacts): PolicyFacts {
  return {
    ...policy,
    Statement: policy.Statement.filter(
      (statement) =>
        !JSON.stringify(statement.Condition ?? {})
          .toLowerCase()
          .includes('lambda:invokedviafunctionurl'),
    ),
  };
}

/** URLs made since then need both grants. */
const BOTH_GRANTS_FOR_NEW = Date.UTC(2025, 9, 1);
/** Since then all of them do. */
const BOTH_GRANTS_FOR_ALL = Date.UTC(2026, 10, 1);

/** When a URL that works with one grant will need both, by the clock alone; null where that does not change any more. */
export function urlRuleTurnsAt({ Url }: FunctionFacts, now: Instant): Instant | null {
  return Url === undefined || needsBothGrants(parseInstant(Url.CreationTime), now)
    ? null
    : BOTH_GRANTS_FOR_ALL;
}

function needsBothGrants(created: Instant | null, now: Instant): boolean {
  return now >= BOTH_GRANTS_FOR_ALL || created === null || created >= BOTH_GRANTS_FOR_NEW;
}

/** Whom a policy lets use a URL, and invoke the function over it. */
function grantsOverUrl(
  estate: AwsEstate,
  resource: EstateResource,
  Url: FunctionFacts['Url'],
  policy: PolicyFacts,
): PolicyVerdict {
  const asked = Url?.AuthType;
  return openingsOf(policy, [INVOKE_URL, INVOKE], true, {
    ...policyQuestion(estate, resource),
    ...(asked === undefined ? {} : { told: new Map([['lambda:functionurlauthtype', asked]]) }),
  });
}

/** A URL answers strangers only if the policy lets everybody use the URL and invoke the function through it. */
function overUrl(
  estate: AwsEstate,
  resource: EstateResource,
  { Url }: FunctionFacts,
  policy: PolicyFacts,
): readonly ExposureRecord[] {
  const verdict = grantsOverUrl(estate, resource, Url, policy);
  const grants = new Map(
    verdict.openings.filter(({ audience }) => isPublic(audience)).map((each) => [each.action, each]),
  );
  const mayUse = grants.get(INVOKE_URL);
  const mayInvoke = grants.get(INVOKE);
  const wantsBoth = needsBothGrants(parseInstant(Url?.CreationTime), estate.now);
  const surface = Url?.FunctionUrl ?? 'function URL';
  if (mayUse === undefined || (mayInvoke === undefined && wantsBoth)) {
    if (verdict.undecided.length > 0) return [unsettledWay(verdict.undecided, [], { surface })];
    const said =
      mayUse === undefined
        ? `The policy of ${called(resource)} does not let everybody invoke it over a URL.`
        : `The policy of ${called(resource)} lets everybody use its URL but not invoke it, and both are needed.`;
    return [closedWay([evidence(said, resource)], { surface, gates: mayUse?.gates ?? [] })];
  }
  if (Url === undefined)
    return [
      unsettledWay([`the URL of ${resource.name}: ${functionCall('get-function-url-config', resource)}`]),
    ];
  // An answer without an address: there is none.
  if (Url.FunctionUrl === undefined && Url.AuthType === undefined)
    return [closedWay([evidence(`${calledFirst(resource)} has no URL.`, resource)])];
  const isOpen = Url.AuthType === 'NONE';
  return [
    openWay(
      {
        surface,
        audience: isOpen ? mayUse.audience : 'any-aws-account',
        auth: isOpen ? 'app' : 'iam',
        via: ['function URL'],
        gates: [...new Set([...mayUse.gates, ...(mayInvoke?.gates ?? [])])],
      },
      evidence(
        `${calledFirst(resource)} has a URL with authentication ${Url.AuthType ?? 'unknown'}, and its policy lets everybody use it.`,
        resource,
      ),
    ),
  ];
}

/** An API that invokes the function, or a distribution that asks its URL, which answers as the function's policy says. */
function throughFronts(
  estate: AwsEstate,
  resource: EstateResource,
  { FunctionArn, Url, Policy }: FunctionFacts,
): readonly ExposureRecord[] {
  const host = Url?.FunctionUrl?.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  const surfaceOf = ({ resource: front }: Front): string => `invoke through ${front.name}`;
  const lets = (audience: (each: Audience) => boolean): boolean => {
    if (Policy === undefined) return false;
    const { openings } = grantsOverUrl(estate, resource, Url, Policy);
    const wanted = needsBothGrants(parseInstant(Url?.CreationTime), estate.now)
      ? [INVOKE_URL, INVOKE]
      : [INVOKE_URL];
    return wanted.every((action) =>
      openings.some((each) => each.action === action && audience(each.audience)),
    );
  };
  return [
    ...passedOnTo(estate, resource, [FunctionArn], surfaceOf),
    ...passedOnTo(estate, resource, [host], surfaceOf, ({ signs }) =>
      Url?.AuthType === 'NONE'
        ? lets(isPublic)
        : signs === true && lets((audience) => audience === 'cdn-only' || isPublic(audience)),
    ),
  ];
}

/** A load balancer that has the function as its target. */
function throughBalancers(
  estate: AwsEstate,
  resource: EstateResource,
  { FunctionArn = '' }: FunctionFacts,
): readonly ExposureRecord[] {
  return (estate.derived(targetsById).get(FunctionArn) ?? []).flatMap(({ group }) =>
    (estate.facts(TARGET_GROUP, group).LoadBalancerArns ?? []).flatMap((arn) => {
      const balancer = estate.find('load-balancer', arn);
      if (balancer === undefined)
        return [
          unsettledWay([
            `load balancer ${arn}, which has ${resource.name} as a target: aws elbv2 describe-load-balancers`,
          ]),
        ];
      const { open, login, rulesMissing } = forwarders(
        estate,
        listenersOf(estate, estate.facts(LOAD_BALANCER, balancer)),
        estate.facts(TARGET_GROUP, group).TargetGroupArn,
      );
      const said = evidence(`${calledFirst(balancer)} passes requests on to ${called(resource)}.`, balancer);
      const via = [balancer.name, group.name];
      if (open.length === 0) {
        const isReached = rulesMissing && stateOfWays(exposeLoadBalancer(estate, balancer)) !== 'no';
        if (isReached)
          return [
            unsettledWay(forwardingMissing(estate, balancer, estate.facts(LOAD_BALANCER, balancer)), [], {
              via,
            }),
          ];
        return login === null
          ? []
          : [closedWay([said, evidence(`Reachable behind ${login}.`, balancer)], { auth: login, via })];
      }
      return exposeForwarders(estate, balancer, open)
        .filter((way) => isPublic(way.audience) && way.verdict !== 'no')
        .map((way) =>
          throughWay(way, {
            surface: `invoke through ${balancer.name}`,
            via,
            evidence: [said],
          }),
        );
    }),
  );
}
