import { intersectAddresses, NO_ADDRESSES, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { azureCall } from '../resource/azure-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import {
  APP_ENVIRONMENT,
  APP_GATEWAY,
  type RestrictionFacts,
  SITE,
  SITE_CONFIG,
} from '../resource/facts/azure-facts.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import { type Admitted, admitted } from './azure-admitted.ts';
import { publicFrontends } from './azure-balancers.ts';
import { WHO } from './azure-clients.ts';
import { type AzureEstate, childrenOf } from './azure-estate.ts';
import { untoldFrontDoor } from './azure-front-doors.ts';
import { exposeBehindFrontDoors, exposeBehindGatewayNames, type FrontedService } from './azure-fronts.ts';
import type { BehindGateway } from './azure-gateway-exposure.ts';
import { type Asker, askedFrontDoors, sendersPast } from './azure-restrictions.ts';
import {
  ASKING_SUBNET,
  admitsFrontDoor,
  audienceOfSenders,
  networksText,
  withStrangersDoors,
} from './azure-senders.ts';
import { type Authentication, type ExposureRecord, isOpenToPublic } from './exposure-record.ts';
import { closedWay, dormantWay, openWay, unsureWay } from './way-in.ts';

/** What an unauthenticated request gets from a site that asks for a login. */
const REFUSES = new Set(['RedirectToLoginPage', 'Return401', 'Return403', 'Return404']);

/**
 * Whether a web or function app answers the internet: by its own name, past its access restrictions, or through a
 * Front Door or an application gateway that they let in; and whether the platform asks for a login in front.
 */
export function exposeSite(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(SITE, resource);
  if (facts.state === 'Stopped' || facts.enabled === false)
    return [dormantWay({ evidence: [evidence(`${calledFirst(resource)} is stopped: dormant.`, resource)] })];
  const site = siteOf(estate, resource);
  const direct = exposeDirectly(estate, site);
  const fronts = [
    ...exposeBehindFrontDoors(estate, site.service, ({ frontDoorId, hosts }) =>
      past(site, { frontDoorId, hosts }),
    ),
    ...exposeBehindGatewayNames(estate, site.service, (behind) => pastGateway(estate, site, behind)),
  ].map((way) =>
    way.verdict === 'yes' ? { ...way, evidence: [...way.evidence, ...site.assumptions] } : way,
  );
  const ways = [...direct, ...fronts];
  if (ways.some((way) => way.verdict !== 'no') && site.login !== undefined)
    return [
      closedWay({
        auth: 'oidc',
        evidence: [
          evidence(
            `${calledFirst(resource)} lets in only who is logged in; reachable: behind oidc.`,
            site.login,
          ),
        ],
      }),
    ];
  // What closes its own name says nothing once something in front leads to it.
  return fronts.some(isOpenToPublic) ? ways.filter((way) => way.verdict !== 'no') : ways;
}

interface Site {
  readonly service: FrontedService;
  /** Why its own name answers nobody, whatever its restrictions say; undefined where it does. */
  readonly closed: Evidence | undefined;
  readonly restrictions: readonly RestrictionFacts[] | undefined;
  readonly otherwise: string | undefined;
  /** What asks for a login in front. */
  readonly login: EstateResource | undefined;
  readonly assumptions: readonly Evidence[];
}

function siteOf(estate: AzureEstate, resource: EstateResource): Site {
  const facts = estate.facts(SITE, resource);
  const configs = childrenOf(estate, 'azure-site-config', facts.id ?? '').map((config) => ({
    config,
    facts: estate.facts(SITE_CONFIG, config),
  }));
  const access =
    facts.publicNetworkAccess ??
    facts.siteConfig?.publicNetworkAccess ??
    configs.find((each) => each.facts.publicNetworkAccess !== undefined)?.facts.publicNetworkAccess;
  const restricted = [facts.siteConfig, ...configs.map((each) => each.facts)].find(
    (each) => each?.ipSecurityRestrictions !== undefined,
  );
  const login = configs.find(({ facts: { platform, globalValidation } }) => {
    const refuses =
      globalValidation?.requireAuthentication === true ||
      REFUSES.has(globalValidation?.unauthenticatedClientAction ?? '');
    return platform?.enabled === true && refuses;
  });
  const isTold = configs.some(
    (each) => each.facts.globalValidation !== undefined || each.facts.platform !== undefined,
  );
  const environment = estate.find(facts.hostingEnvironmentProfile?.id);
  const mode = environment && estate.facts(APP_ENVIRONMENT, environment).internalLoadBalancingMode;
  const isInner = environment !== undefined && mode !== undefined && /\bweb\b/i.test(mode);
  const hasPrivateEndpoint = (facts.privateEndpointConnections ?? []).length > 0;
  const isOff = access === 'Disabled' || (access === undefined && hasPrivateEndpoint);
  const auth: Authentication = resource.type === 'azure-function-app' ? 'api-key' : 'app';
  const id = resource.key.slice('azure:'.length);
  return {
    service: {
      resource,
      hosts: [facts.defaultHostName ?? [], facts.hostNames ?? []].flat(),
      targets: [id, id.replace(/\/slots\/[^/]+$/, '')],
      connections: facts.privateEndpointConnections,
      way: { surface: 'tcp/443', auth },
    },
    closed: isInner
      ? evidence(
          `${calledFirst(resource)} has an address inside the network of ${called(environment)} only.`,
          environment,
        )
      : isOff
        ? evidence(`${calledFirst(resource)} is reached over private endpoints only.`, resource)
        : undefined,
    restrictions: restricted?.ipSecurityRestrictions,
    otherwise: restricted?.ipSecurityRestrictionsDefaultAction,
    login: login?.config,
    assumptions: isTold
      ? []
      : [
          evidence(
            `Whether ${called(resource)} asks for a login (${azureCall('webapp auth show', id)}) was not described and is taken as no.`,
            resource,
          ),
        ],
  };
}

/** Who gets past its restrictions; nobody where it answers nobody, or nobody told them. */
function past({ closed, restrictions, otherwise }: Site, asker: Asker): Admitted {
  if (closed !== undefined || restrictions === undefined) return admitted(NO_ADDRESSES);
  return sendersPast(restrictions, otherwise, asker) ?? admitted(NO_ADDRESSES);
}

/** A gateway asks from its subnet, where the restrictions name that, and else from its public address. */
function pastGateway(estate: AzureEstate, site: Site, { gateway, subnet }: BehindGateway): Admitted {
  const entry = past(site, { subnet });
  const own = [...publicFrontends(estate, estate.facts(APP_GATEWAY, gateway)).values()].flatMap(
    ({ address }) => parseAddresses(address ?? '') ?? [],
  );
  const asks = unionAddresses(ASKING_SUBNET, ...own);
  return {
    certain: intersectAddresses(entry.certain, asks),
    possible: intersectAddresses(entry.possible, asks),
    missing: entry.missing,
  };
}

/** The ways in by its own name. */
function exposeDirectly(estate: AzureEstate, site: Site): readonly ExposureRecord[] {
  const { resource, way } = site.service;
  const { name } = resource;
  if (site.closed !== undefined) return [closedWay({ evidence: [site.closed] })];
  const command = azureCall('webapp config show', resource.key.slice('azure:'.length));
  if (site.restrictions === undefined) return [unsureWay([`the access restrictions of ${name}: ${command}`])];
  const strangers = sendersPast(site.restrictions, site.otherwise);
  if (strangers === null) return [unsureWay([`readable access restrictions of ${name}: ${command}`])];
  const senders = withStrangersDoors(strangers.certain);
  const audience = audienceOfSenders(senders, estate.corporate);
  const untold = untoldFrontDoors(estate, site);
  if (!isPublic(audience)) {
    const possible = audienceOfSenders(withStrangersDoors(strangers.possible), estate.corporate);
    const missing = [...(isPublic(possible) ? strangers.missing : []), ...untold];
    if (missing.length > 0) return [unsureWay(missing, way)];
  }
  if (audience === 'none' || audience === 'corp')
    return [
      closedWay({
        evidence: [
          evidence(`The access restrictions of ${called(resource)} let nobody on the internet in.`, resource),
        ],
      }),
    ];
  return [
    openWay(audience, {
      ...way,
      evidence: [
        evidence(
          admitsFrontDoor(senders) && audience === 'any-azure'
            ? `${calledFirst(resource)} answers Front Door, that of every other customer of Azure too: no restriction asks whose it is (X-Azure-FDID).`
            : `${calledFirst(resource)} answers ${audience === 'cdn-only' ? networksText(senders) : (WHO[audience] ?? audience)}.`,
          resource,
        ),
        ...site.assumptions,
      ],
    }),
  ];
}

/** What is missing of Front Doors of one's own that its restrictions let in. */
function untoldFrontDoors(estate: AzureEstate, { restrictions = [], otherwise }: Site): readonly string[] {
  return askedFrontDoors(restrictions).flatMap((frontDoorId) => {
    const entry = sendersPast(restrictions, otherwise, { frontDoorId });
    if (entry === null || !admitsFrontDoor(entry.possible)) return [];
    return untoldFrontDoor(estate, frontDoorId) ?? [];
  });
}
