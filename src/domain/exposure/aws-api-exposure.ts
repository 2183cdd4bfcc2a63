import { awsCall } from '../resource/aws-call.ts';
import { calledFirst } from '../resource/called.ts';
import {
  API_DOMAIN,
  API_INTEGRATION,
  API_MAPPING,
  API_ROUTE,
  API_STAGE,
  type ApiRouteFacts,
  HTTP_API,
  REST_API,
  VPC_LINK,
} from '../resource/facts/aws-network-facts.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type Audience, isPublic } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { FrontOf } from './aws-front.ts';
import { openingsOf } from './aws-policy-exposure.ts';
import { policyQuestion } from './aws-policy-question.ts';
import { closedWay, openWay, publicWays, unsettledWay } from './aws-way-in.ts';
import { behindWebAcl } from './aws-web-acl.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';

/** How an API of API Gateway is reached: who may call which of its methods (attack-paths §2.6). */
export function exposeApi(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const api = apiOf(estate, resource);
  const calls = api.isRest ? 'apigateway' : 'apigatewayv2';
  const methods = api.isRest ? 'methods' : 'routes';
  const policy = policyAudience(estate, resource, api.isPrivate);
  const signed = signedAudience(estate, resource);
  if (api.isPrivate && !('missing' in policy) && !isPublic(policy.audience))
    return [closedWay([endpointsAlone(resource), ...policy.evidence], { gates: ['endpoint type PRIVATE'] })];
  const stages = estate.derived(stagesByApi).get(api.id);
  if (stages !== undefined && stages.length === 0)
    return [closedWay([evidence(`${calledFirst(resource)} is deployed to no stage.`, resource)])];
  const domains = estate.derived(domainsByApi).get(api.id) ?? [];
  const entries: { readonly name: string; readonly auth: Authentication | null }[] = domains.map(
    (domain) => ({
      name: domain.DomainName ?? 'custom domain',
      auth:
        (domain.mutualTlsAuthentication?.truststoreUri ?? domain.MutualTlsAuthentication?.TruststoreUri) ===
        undefined
          ? null
          : 'mtls',
    }),
  );
  if (!api.isDefaultOff) entries.push({ name: api.isPrivate ? VPC_ENDPOINTS : 'execute-api', auth: null });
  if (entries.length === 0)
    return areDomainsKnown(estate, estate.regionOf(resource))
      ? [
          closedWay([
            evidence(
              `${calledFirst(resource)} has its default endpoint off and no domain of its own.`,
              resource,
            ),
          ]),
        ]
      : [
          unsettledWay([
            `the domains of ${resource.name}: aws ${calls} get-domain-names, and of each ${awsCall(`${calls} ${api.isRest ? 'get-base-path-mappings' : 'get-api-mappings'}`, [['--domain-name', 'DOMAIN']], 'DOMAIN')}`,
          ]),
        ];
  if ('missing' in policy) return [unsettledWay(policy.missing)];
  const missing = [
    ...(stages === undefined ? [`the stages of ${resource.name}: ${apiCall('get-stages', api)}`] : []),
    ...(api.routes === undefined ? [`the ${methods} of ${resource.name}: ${routesCall(api)}`] : []),
  ];
  if (api.routes === undefined) return [unsettledWay(missing)];
  // Without its methods embedded a list of resources names them and does not tell whom they ask.
  const untold = `whom the methods of ${resource.name} ask: ${routesCall(api)}`;
  const ways = entries.flatMap((entry) =>
    [...Map.groupBy(api.routes ?? [], (route) => authOf(route))].map(([own, routes]) => {
      const auth = entry.auth ?? own;
      const who = auth === 'iam' ? signed : policy;
      const surface = `${routes
        .map((route) => route.Route ?? '')
        .slice(0, 4)
        .join(', ')} of ${entry.name}`;
      const reasons = [
        evidence(
          `${calledFirst(resource)} answers ${routes.length} of its methods at ${entry.name} ${AUTH_SAYS[auth] ?? `behind ${auth}`}.`,
          resource,
        ),
        ...(api.isPrivate ? [endpointsAlone(resource)] : []),
        ...('missing' in who ? [] : who.evidence),
      ];
      const chain = { surface, auth, via: [entry.name], gates: 'missing' in who ? [] : who.gates };
      if ('missing' in who) return unsettledWay(who.missing, reasons, chain);
      if (auth === 'oidc' || auth === 'mtls' || who.audience === 'none') return closedWay(reasons, chain);
      if (!isPublic(who.audience)) return openWay({ ...chain, audience: who.audience }, ...reasons);
      const isTold = routes.some(({ AuthorizationType }) => AuthorizationType !== undefined);
      return missing.length > 0 || !isTold
        ? unsettledWay([...missing, ...(isTold ? [] : [untold])], reasons, chain)
        : openWay({ ...chain, audience: who.audience }, ...reasons);
    }),
  );
  if (api.routes.length === 0 && !api.mayHaveMore)
    return [closedWay([evidence(`${calledFirst(resource)} has no ${methods}.`, resource)])];
  // Behind a policy or certificates for few, what nobody told is for few too.
  const mayBeOpen = isPublic(policy.audience) && entries.some(({ auth }) => auth === null);
  if (api.mayHaveMore && mayBeOpen && publicWays(ways).length === 0)
    ways.push(unsettledWay([`the other ${methods} of ${resource.name}: ${routesCall(api)}`]));
  // Of several stages one without a web ACL is enough to pass none.
  const acls = new Set((stages ?? []).map((stage) => stage.webAclArn));
  return acls.size === 1 ? behindWebAcl(ways, [...acls][0]) : ways;
}

/** Whoever has an account of AWS can make one in a network of his own, with an endpoint policy of his own. */
const VPC_ENDPOINTS = 'VPC endpoints';

function endpointsAlone(resource: EstateResource): Evidence {
  return evidence(`${calledFirst(resource)} is private: only VPC endpoints reach it.`, resource);
}

/** Answers about what an API has do not repeat its id. */
function apiCall(call: string, { id = 'ID', isRest }: Api, ...more: readonly [string, string][]): string {
  return isRest
    ? awsCall(`apigateway ${call}`, [['--rest-api-id', id], ...more], id)
    : awsCall(`apigatewayv2 ${call}`, [['--api-id', id], ...more], id);
}

function routesCall(api: Api): string {
  return api.isRest
    ? apiCall('get-resources', api, ['--embed', 'methods'], ['--limit', '500'])
    : apiCall('get-routes', api);
}

const AUTH_SAYS: Partial<Record<Authentication, string>> = {
  none: 'without asking who calls',
  'api-key': 'with an API key, which is no login',
};

/** An identity that the owner gave out; an API key is none. */
function isLogin(auth: Authentication): boolean {
  return auth === 'iam' || auth === 'oidc' || auth === 'mtls';
}

/** Whether all domains of a region are listed, each with the APIs that it leads to. */
function areDomainsKnown(estate: AwsEstate, region: string | null): boolean {
  const mapped = new Set(
    estate
      .ofType('api-mapping')
      .filter((each) => estate.mayBeIn(each, region))
      .map((each) => estate.facts(API_MAPPING, each).DomainName),
  );
  return (
    estate.isListed('api-domain', region) &&
    estate
      .ofType('api-domain')
      .every((each) => !estate.mayBeIn(each, region) || mapped.has(estate.facts(API_DOMAIN, each).DomainName))
  );
}

function authOf({ AuthorizationType, ApiKeyRequired }: ApiRouteFacts): Authentication {
  switch (AuthorizationType?.toUpperCase()) {
    case 'AWS_IAM':
      return 'iam';
    case 'CUSTOM':
    case 'COGNITO_USER_POOLS':
    case 'JWT':
      return 'oidc';
    default:
      return ApiKeyRequired === true ? 'api-key' : 'none';
  }
}

interface Api {
  readonly id: string | undefined;
  readonly isRest: boolean;
  readonly isPrivate: boolean;
  readonly isDefaultOff: boolean;
  readonly routes: readonly ApiRouteFacts[] | undefined;
  /** Nobody listed them all. */
  readonly mayHaveMore: boolean;
}

function apiOf(estate: AwsEstate, resource: EstateResource): Api {
  if (resource.type === 'rest-api') {
    const facts = estate.facts(REST_API, resource);
    return {
      id: facts.id,
      isRest: true,
      isPrivate: facts.endpointConfiguration?.types?.includes('PRIVATE') === true,
      isDefaultOff: facts.disableExecuteApiEndpoint === true,
      routes: routesOf(estate, facts.id),
      mayHaveMore: mayHaveMore(estate, facts.id),
    };
  }
  const facts = estate.facts(HTTP_API, resource);
  return {
    id: facts.ApiId,
    isRest: false,
    isPrivate: false,
    isDefaultOff: facts.DisableExecuteApiEndpoint === true,
    routes: routesAsked(facts.ProtocolType, routesOf(estate, facts.ApiId)),
    mayHaveMore: mayHaveMore(estate, facts.ApiId),
  };
}

/** Who is let into a WebSocket is asked once, when it connects; its other routes serve who is in. */
function routesAsked(
  protocol: string | undefined,
  routes: readonly ApiRouteFacts[] | undefined,
): readonly ApiRouteFacts[] | undefined {
  const connect = protocol === 'WEBSOCKET' ? routes?.find(({ Route }) => Route === '$connect') : undefined;
  if (connect === undefined) return routes;
  const { AuthorizationType, ApiKeyRequired } = connect;
  return routes?.map((route) => ({ ...route, AuthorizationType, ApiKeyRequired }));
}

type PolicyAudience =
  | {
      readonly audience: Audience;
      readonly gates: readonly string[];
      readonly evidence: ExposureRecord['evidence'];
    }
  | { readonly missing: readonly string[] };

/**
 * Who of other accounts calls what asks for a signature: whom the policy allows, as their own account allows them all
 * that they want. Without a policy, as HTTP APIs are, nobody.
 */
function signedAudience(estate: AwsEstate, resource: EstateResource): PolicyAudience {
  const policy = resource.type === 'rest-api' ? estate.facts(REST_API, resource).policy : undefined;
  return policy === undefined || policy.Statement.length === 0
    ? { audience: 'none', gates: [], evidence: [] }
    : policyAudience(estate, resource, true);
}

/**
 * Who the resource policy of an API lets call it. Without one everybody may, but for a private API, which is nobody's
 * then. The endpoint policies of our own networks only say who in them may; strangers come over endpoints of theirs.
 */
function policyAudience(
  estate: AwsEstate,
  resource: EstateResource,
  isOverEndpoints: boolean,
): PolicyAudience {
  const policy = resource.type === 'rest-api' ? estate.facts(REST_API, resource).policy : undefined;
  if (policy === undefined || policy.Statement.length === 0)
    return isOverEndpoints
      ? { audience: 'none', gates: [], evidence: [evidence('It has no resource policy.', resource)] }
      : { audience: 'internet', gates: [], evidence: [] };
  const { openings, undecided } = openingsOf(
    policy,
    ['execute-api:Invoke'],
    !isOverEndpoints,
    policyQuestion(estate, resource),
  );
  const [opening] = openings;
  if (undecided.length > 0 && !(opening !== undefined && isPublic(opening.audience)))
    return {
      missing: undecided,
    };
  return {
    audience: opening?.audience ?? 'none',
    gates: opening?.gates ?? [],
    evidence: [evidence(`Its resource policy admits ${opening?.audience ?? 'none'}.`, resource)],
  };
}

const routesByApi = (estate: AwsEstate) =>
  Map.groupBy(
    estate.ofType('api-route').map((each) => estate.facts(API_ROUTE, each)),
    (route) => route.Api,
  );

/** Undefined where nobody listed them. */
function routesOf(estate: AwsEstate, api: string | undefined): readonly ApiRouteFacts[] | undefined {
  return estate
    .derived(routesByApi)
    .get(api)
    ?.filter((route) => route.Route !== undefined);
}

function mayHaveMore(estate: AwsEstate, api: string | undefined): boolean {
  return (
    estate
      .derived(routesByApi)
      .get(api)
      ?.every(({ IsAlone }) => IsAlone === true) === true
  );
}

const stagesByApi = (estate: AwsEstate) => {
  const all = estate.ofType('api-stage').map((each) => estate.facts(API_STAGE, each));
  return new Map(
    [...Map.groupBy(all, (stage) => stage.Api)].map(([api, stages]) => [
      api,
      stages.filter((stage) => stage.Stage !== undefined),
    ]),
  );
};

const domainsByApi = (estate: AwsEstate) => {
  // A domain may stand in two regions, each with settings of its own.
  const domains = Map.groupBy(
    estate.ofType('api-domain'),
    (each) => estate.facts(API_DOMAIN, each).DomainName,
  );
  const mappings = Map.groupBy(
    estate.ofType('api-mapping'),
    (mapping) => estate.facts(API_MAPPING, mapping).Api,
  );
  return new Map(
    [...mappings].map(([api, own]) => [
      api,
      own.map((mapping) => {
        const { DomainName } = estate.facts(API_MAPPING, mapping);
        const domain = estate.inRegion(domains.get(DomainName) ?? [], estate.regionOf(mapping));
        return domain === undefined ? { DomainName } : estate.facts(API_DOMAIN, domain);
      }),
    ]),
  );
};

/** The ARN of the load balancer that an ARN of its own or of one of its listeners tells. */
function balancerOf(arn: string): string | undefined {
  if (/^arn:[a-z-]+:elasticloadbalancing:[^/]+:loadbalancer\/.+$/.test(arn)) return arn;
  return /^arn:[a-z-]+:elasticloadbalancing:[^/]+:listener\/.+$/
    .exec(arn)?.[0]
    .replace(':listener/', ':loadbalancer/')
    .replace(/\/[^/]*$/, '');
}

/** The queue or the bucket that an integration with a service has in its path; what it names in its requests is not told. */
function storeOf(uri: string): string | undefined {
  const [, partition, region, service, path = ''] =
    /^arn:([a-z-]+):apigateway:([a-z0-9-]+):(sqs|s3):path\/(.+)$/.exec(uri) ?? [];
  const [first = '', second = ''] = path.split('/');
  if (service === 's3') return /^[a-z0-9.-]{3,63}$/.test(first) ? bucketBehindApis(first) : undefined;
  return /^\d{12}$/.test(first) && /^[\w.-]+$/.test(second)
    ? `arn:${partition}:sqs:${region}:${first}:${second}`
    : undefined;
}

/** By what APIs know a bucket, whatever its partition. */
export function bucketBehindApis(name: string): string {
  return `arn:aws:s3:::${name}`;
}

/** The host of an HTTP backend over a link that nobody described; without a link nothing private is reached. */
function privateHostOf({
  uri = '',
  connectionType,
}: ApiRouteFacts['Integration'] & object): readonly string[] {
  const host = /^https?:\/\/([\w.-]{1,253})/i.exec(uri)?.[1];
  return connectionType === 'VPC_LINK' && host !== undefined ? [host] : [];
}

/** What stands behind APIs: functions, queues and buckets, and load balancers over a VPC link. */
export function apiFronts(estate: AwsEstate): readonly FrontOf[] {
  const links = new Map(
    estate.ofType('vpc-link').map((each) => {
      const { id, targetArns = [] } = estate.facts(VPC_LINK, each);
      return [id, targetArns] as const;
    }),
  );
  const integrations = new Map(
    estate.ofType('api-integration').map((each) => {
      const { Api, IntegrationId, Integration } = estate.facts(API_INTEGRATION, each);
      return [`${Api} ${IntegrationId}`, Integration] as const;
    }),
  );
  return [...estate.ofType('rest-api'), ...estate.ofType('http-api')].flatMap((resource) => {
    const signed = signedAudience(estate, resource);
    const isSignedByAny = 'missing' in signed || isPublic(signed.audience);
    return (apiOf(estate, resource).routes ?? []).flatMap((route): FrontOf[] => {
      const integration = route.Integration ?? integrations.get(`${route.Api} ${route.IntegrationId}`) ?? {};
      const uri = integration.uri ?? '';
      const login = authOf(route);
      const targets = [
        /arn:[a-z-]+:lambda:[a-z0-9-]+:\d{12}:function:[\w-]+/.exec(uri)?.[0],
        storeOf(uri),
        balancerOf(uri),
        balancerOf(integration.integrationTarget ?? ''),
        ...(links.get(integration.connectionId) ?? privateHostOf(integration)),
      ];
      return targets.flatMap((target): FrontOf[] =>
        target === undefined
          ? []
          : [
              [
                target,
                {
                  resource,
                  login: isLogin(login) && !(login === 'iam' && isSignedByAny) ? login : null,
                  keepsClients: false,
                  method: route.Route,
                  records: () =>
                    exposeApi(estate, resource).filter(
                      ({ verdict, auth }) => verdict !== 'yes' || auth === login,
                    ),
                },
              ],
            ],
      );
    });
  });
}
