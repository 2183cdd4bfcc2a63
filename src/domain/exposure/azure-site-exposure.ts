import { azureCall } from '../resource/azure-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { SITE, SITE_CONFIG } from '../resource/facts/azure-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { type AzureEstate, childrenOf } from './azure-estate.ts';
import { frontDoorOf } from './azure-frontend.ts';
import { sendersPast } from './azure-restrictions.ts';
import { admitsFrontDoor, audienceOfSenders, networksText } from './azure-senders.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';
import { closedWay, dormantWay, openWay, unsureWay } from './way-in.ts';

/** What an unauthenticated request gets from a site that asks for a login. */
const REFUSES = new Set(['RedirectToLoginPage', 'Return401', 'Return403', 'Return404']);

/** Whether a web or function app answers the internet: public access, access restrictions, and a login in front. */
export function exposeSite(estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(SITE, resource);
  const { name } = resource;
  const configs = childrenOf(estate, 'azure-site-config', facts.id ?? '').map((config) => ({
    config,
    facts: estate.facts(SITE_CONFIG, config),
  }));
  if (facts.state === 'Stopped' || facts.enabled === false)
    return [dormantWay({ evidence: [evidence(`${calledFirst(resource)} is stopped: dormant.`, resource)] })];
  const access =
    facts.publicNetworkAccess ??
    facts.siteConfig?.publicNetworkAccess ??
    configs.find((each) => each.facts.publicNetworkAccess !== undefined)?.facts.publicNetworkAccess;
  const hasPrivateEndpoint = (facts.privateEndpointConnections ?? []).length > 0;
  if (access === 'Disabled' || (access === undefined && hasPrivateEndpoint))
    return [
      closedWay({
        evidence: [evidence(`${calledFirst(resource)} is reached over private endpoints only.`, resource)],
      }),
    ];

  const restricted = [facts.siteConfig, ...configs.map((each) => each.facts)].find(
    (each) => each?.ipSecurityRestrictions !== undefined,
  );
  if (restricted?.ipSecurityRestrictions === undefined)
    return [
      unsureWay([
        `the access restrictions of ${name}: ${azureCall('webapp config show', resource.key.slice('azure:'.length))}`,
      ]),
    ];
  const senders = sendersPast(
    restricted.ipSecurityRestrictions,
    restricted.ipSecurityRestrictionsDefaultAction,
  );
  if (senders === null)
    return [
      unsureWay([
        `readable access restrictions of ${name}: ${azureCall('webapp config show', resource.key.slice('azure:'.length))}`,
      ]),
    ];
  const audience = audienceOfSenders(senders, estate.corporate);

  if (audience === 'none' || audience === 'corp')
    return [
      closedWay({
        evidence: [
          evidence(`The access restrictions of ${called(resource)} let nobody on the internet in.`, resource),
        ],
      }),
    ];

  const login = configs.find(({ facts: { platform, globalValidation } }) => {
    const refuses =
      globalValidation?.requireAuthentication === true ||
      REFUSES.has(globalValidation?.unauthenticatedClientAction ?? '');
    return platform?.enabled === true && refuses;
  });
  if (login !== undefined)
    return [
      closedWay({
        auth: 'oidc',
        evidence: [
          evidence(
            `${calledFirst(resource)} lets in only who is logged in; reachable: behind oidc.`,
            login.config,
          ),
        ],
      }),
    ];
  const isTold = configs.some(
    (each) => each.facts.globalValidation !== undefined || each.facts.platform !== undefined,
  );
  const assumption = isTold
    ? []
    : [
        evidence(
          `Whether ${called(resource)} asks for a login (${azureCall('webapp auth show', resource.key.slice('azure:'.length))}) was not described and is taken as no.`,
          resource,
        ),
      ];
  const auth: Authentication = resource.type === 'azure-function-app' ? 'api-key' : 'app';
  const way = { surface: 'tcp/443', auth };
  const records = [
    openWay(audience, {
      ...way,
      evidence: [
        evidence(
          `${calledFirst(resource)} answers ${audience === 'cdn-only' ? networksText(senders) : (WHO[audience] ?? audience)}.`,
          resource,
        ),
        ...assumption,
      ],
    }),
  ];
  const hosts = [facts.defaultHostName ?? [], facts.hostNames ?? []].flat();
  const door = audience === 'cdn-only' && admitsFrontDoor(senders) ? frontDoorOf(estate, hosts) : undefined;
  if (door !== undefined)
    records.push(
      openWay('internet', {
        ...way,
        via: [`Front Door ${door.name}`],
        evidence: [
          evidence(`${calledFirst(door)} forwards requests of everybody to ${called(resource)}.`, door),
        ],
      }),
    );
  return records;
}

const WHO: Readonly<Partial<Record<string, string>>> = {
  internet: 'the whole internet',
  'internet-wide': 'a large part of the internet',
  'any-azure': 'every customer of Azure',
  partner: 'some addresses of the internet',
};
