import { called, calledFirst } from '../resource/called.ts';
import { DOMAIN_MAPPING, GCP_FUNCTION, RUN_SERVICE } from '../resource/facts/gcp-facts.ts';
import { assetCall, projectPlace } from '../resource/gcp-call.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { ExposureRecord } from './exposure-record.ts';
import type { GcpEstate } from './gcp-estate.ts';
import { frontsOfServerless } from './gcp-load-balancer-exposure.ts';
import { passedBy, proxyLogin } from './gcp-proxy-login.ts';
import { type PublicGrants, publicGrants } from './gcp-public-binding.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

/** Whether a service of Cloud Run answers the internet: its ingress, and who may invoke it. */
export function exposeRunService(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { ingress, invokerIamDisabled, defaultUriDisabled, iapEnabled } = estate.facts(RUN_SERVICE, resource);
  // Without the member a service takes requests from everywhere.
  const from = ingressOf(ingress ?? 'all');
  const hasAddress = defaultUriDisabled !== true || isMapped(estate, resource);
  const ingressed = from === 'all' && !hasAddress ? 'balancers' : from;
  if (iapEnabled === true && (from === 'all' || from === 'balancers')) {
    // Whom the login lets through it sends on by itself, whoever else may invoke the service.
    const login = proxyLogin(estate, resource);
    if (login.lets === 'unknown') return [unsureWay(login.lacks, { surface: 'tcp/443', auth: 'oidc' })];
    if (login.lets !== 'nobody')
      return exposeServerless(estate, resource, ingressed, () => ({
        ...NO_GRANTS,
        grants: login.grants,
      })).map((way) => ({ ...way, evidence: [...passedBy(login, resource), ...way.evidence] }));
    const sentence = `${calledFirst(resource)} asks for a login (Identity-Aware Proxy); reachable: behind oidc.`;
    return [closedWay({ surface: 'tcp/443', auth: 'oidc', evidence: [evidence(sentence, resource)] })];
  }
  return exposeServerless(estate, resource, ingressed, () =>
    invokerIamDisabled === true ? 'everybody' : publicGrants(estate, resource, ['run.routes.invoke']),
  );
}

const NO_GRANTS: PublicGrants = { grants: [], missing: [], denials: [], unmet: [] };

/** Whether a function answers the internet; one of the second generation is a service of Cloud Run underneath. */
export function exposeGcpFunction(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(GCP_FUNCTION, resource);
  const isSecond = facts.serviceConfig !== undefined;
  if (!isSecond && facts.httpsTrigger === undefined && facts.eventTrigger !== undefined)
    return [
      closedWay({ evidence: [evidence(`${calledFirst(resource)} is called by events alone.`, resource)] }),
    ];
  const settings = facts.serviceConfig?.ingressSettings ?? facts.ingressSettings;
  if (settings === undefined)
    return [
      unsureWay([
        `the ingress settings of ${resource.name}: ${assetCall(projectPlace(resource.account), 'resource', 'cloudfunctions.googleapis.com/Function')}`,
      ]),
    ];
  const service = estate.find(
    facts.serviceConfig?.service === undefined
      ? undefined
      : `//run.googleapis.com/${facts.serviceConfig.service}`,
  );
  return exposeServerless(estate, resource, ingressOf(settings), () => {
    const own = publicGrants(estate, resource, ['cloudfunctions.functions.invoke', 'run.routes.invoke']);
    if (!isSecond || own.grants.length > 0) return own;
    if (service !== undefined) return publicGrants(estate, service, ['run.routes.invoke']);
    const missing = [
      ...own.missing,
      `the service of Cloud Run behind ${resource.name}: ${assetCall(projectPlace(resource.account), 'resource', 'run.googleapis.com/Service')}`,
    ];
    return { ...own, grants: [], missing };
  });
}

/** Whether a domain of somebody's own leads to a service, which goes by its name in the project. */
function isMapped(estate: GcpEstate, { key, account }: EstateResource): boolean {
  const name = key.slice(key.lastIndexOf('/') + 1);
  return estate
    .ofType('gcp-domain-mapping')
    .some((each) => each.account === account && estate.facts(DOMAIN_MAPPING, each).spec?.routeName === name);
}

type Ingress = 'all' | 'balancers' | 'internal' | null;

/** The three spellings of three settings. */
function ingressOf(text: string): Ingress {
  const word = text.toLowerCase();
  if (['all', 'ingress_traffic_all', 'allow_all'].includes(word)) return 'all';
  if (
    [
      'internal-and-cloud-load-balancing',
      'ingress_traffic_internal_load_balancer',
      'allow_internal_and_gclb',
    ].includes(word)
  )
    return 'balancers';
  return ['internal', 'ingress_traffic_internal_only', 'allow_internal_only'].includes(word)
    ? 'internal'
    : null;
}

function exposeServerless(
  estate: GcpEstate,
  resource: EstateResource,
  ingress: Ingress,
  invokers: () => PublicGrants | 'everybody',
): readonly ExposureRecord[] {
  const { name } = resource;
  if (ingress === 'internal')
    return [
      closedWay({
        evidence: [
          evidence(`${calledFirst(resource)} takes requests from its own networks alone.`, resource),
        ],
      }),
    ];
  if (ingress === null)
    return [
      unsureWay([
        `the ingress of ${name} in a form that is known: ${assetCall(projectPlace(resource.account), 'resource', 'run.googleapis.com/Service')}`,
      ]),
    ];
  const may = invokers();
  const grants = may === 'everybody' ? [] : may.grants;
  const missing = may === 'everybody' ? [] : may.missing;
  if (may !== 'everybody' && grants.length === 0) {
    if (missing.length > 0) return [unsureWay(missing)];
    const sentence = `${calledFirst(resource)} asks for an identity that may invoke it; reachable: behind iam.`;
    return [closedWay({ surface: 'tcp/443', auth: 'iam', evidence: [evidence(sentence, resource)] })];
  }
  const audience =
    may === 'everybody' || grants.some((grant) => grant.audience === 'internet')
      ? 'internet'
      : 'any-google-account';
  const gates = grants.map((grant) => grant.binding.resource.key);
  const way = {
    surface: 'tcp/443',
    auth: audience === 'internet' ? ('app' as const) : ('iam' as const),
    gates,
    evidence: [
      evidence(
        `Everybody${audience === 'internet' ? '' : ' with a Google account'} may invoke ${called(resource)}.`,
        grants[0]?.binding.resource ?? resource,
      ),
    ],
  };
  if (ingress === 'all')
    return [
      openWay(audience, {
        ...way,
        evidence: [
          evidence(`${calledFirst(resource)} takes requests from everywhere.`, resource),
          ...way.evidence,
        ],
      }),
    ];
  const fronts = frontsOfServerless(estate, resource);
  const open = fronts.filter((front) => front.verdict === 'yes' && isPublic(front.audience));
  if (open.length > 0)
    return open.map((front) =>
      openWay(audience === 'internet' ? front.audience : audience, {
        ...way,
        via: [`load balancer ${front.name}`],
        evidence: [
          ...way.evidence,
          evidence(
            `${calledFirst(front.resource)} forwards requests to ${called(resource)}.`,
            front.resource,
          ),
          ...front.evidence,
        ],
      }),
    );
  const unsure = fronts.filter((front) => front.verdict === 'unknown');
  if (unsure.length > 0) return [unsureWay(unsure.flatMap((front) => front.missing))];
  if (fronts.length > 0)
    return fronts.map((front) => closedWay({ auth: front.auth, evidence: front.evidence }));
  if (estate.ofType('gcp-forwarding-rule', 'gcp-endpoint-group').length === 0)
    return [
      unsureWay([
        `load balancers before ${name}: ${assetCall(projectPlace(resource.account), 'resource', ...BEFORE)}`,
      ]),
    ];
  const sentence = `${calledFirst(resource)} takes requests from load balancers, and none that was described leads to it.`;
  return [closedWay({ ...way, evidence: [evidence(sentence, resource)] })];
}

/** What a load balancer is made of that may lead to a service without a server. */
const BEFORE = [
  'ForwardingRule',
  'GlobalForwardingRule',
  'TargetHttpProxy',
  'TargetHttpsProxy',
  'UrlMap',
  'BackendService',
  'NetworkEndpointGroup',
].map((type) => `compute.googleapis.com/${type}`);
