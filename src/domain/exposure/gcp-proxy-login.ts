import { called } from '../resource/called.ts';
import { ANY_ASSET, BACKEND } from '../resource/facts/gcp-facts.ts';
import type { Evidence, RiskState } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { Behind } from './exposure-record.ts';
import { admittedByLevel } from './gcp-access-level.ts';
import { bindingsOn, chainOf, type GcpEstate, hasListedPolicies } from './gcp-estate.ts';
import { type PublicGrant, type PublicGrants, publicGrants } from './gcp-public-binding.ts';
import { noInventoryTells } from './untold.ts';

/** What whoever passes Identity-Aware Proxy has to hold. */
const PASSES = 'iap.webServiceVersions.accessViaIAP';

/** Whom Identity-Aware Proxy lets through beside those whom the owner named. */
export interface ProxyLogin extends Required<Pick<Behind, 'lets' | 'lacks'>> {
  /** The bindings that let strangers through, or may. */
  readonly grants: readonly PublicGrant[];
}

/**
 * Whom Identity-Aware Proxy lets through to a backend service or a service of Cloud Run, by the bindings on what IAM calls
 * it, and above (attack-paths §2.10). Everybody may pass without a login where `allUsers` may; where every Google account may, they do
 * with a client of the owner's own, while one that Google manages lets in people of the organisation, unless settings that no inventory has say
 * otherwise (documentation of Identity-Aware Proxy, external applications).
 */
export function proxyLogin(estate: GcpEstate, resource: EstateResource): ProxyLogin {
  const lacking: string[] = [];
  const admits = (name: string): RiskState => {
    const admitted = admittedByLevel(estate, name);
    if ('missing' in admitted) lacking.push(admitted.missing);
    if ('missing' in admitted) return 'unknown';
    if (admitted.audience === 'internet') return 'yes';
    return isPublic(admitted.audience) ? 'unknown' : 'no';
  };
  const bindings = bindingsOn(estate, resource, proxyNames(estate, resource));
  const ask = (isTold: boolean): PublicGrants =>
    publicGrants(estate, resource, [PASSES], {
      bindings,
      subject: { at: estate.askedAt(resource), service: 'iap.googleapis.com', admits },
      isTold,
      lacking: () => lacking.splice(0),
    });
  // A policy alone may let strangers through, and cannot say that no other does.
  const isTold = hasListedPolicies(estate, resource);
  const alone = isTold ? [] : ask(true).grants;
  const told = ask(isTold);
  const found = isTold ? told : { ...told, grants: alone };
  const everybody = found.grants.filter(({ audience }) => audience === 'internet');
  if (everybody.length > 0) return { lets: 'internet', lacks: [], grants: everybody };
  const hasOwnClient = (estate.facts(BACKEND, resource).iap?.oauth2ClientId ?? '').trim() !== '';
  if (found.grants.length > 0 && hasOwnClient)
    return { lets: 'any-google-account', lacks: [], grants: found.grants };
  const client = noInventoryTells(
    `whether the login before ${called(resource)}, whose client Google manages, takes accounts of other organisations`,
  );
  const lacks = [...found.missing, ...(found.grants.length > 0 ? [client] : [])];
  return { lets: lacks.length > 0 ? 'unknown' : 'nobody', lacks, grants: found.grants };
}

/** That strangers pass, in words; nothing where none do for certain. */
export function passedBy({ lets, grants }: ProxyLogin, resource: EstateResource): readonly Evidence[] {
  const [grant] = grants;
  if (grant === undefined || lets === 'unknown') return [];
  const { role, binding } = grant;
  const isAccount = lets === 'any-google-account';
  const who = isAccount ? 'everybody with a Google account' : 'everybody';
  return [
    evidence(`${role} lets ${who} through Identity-Aware Proxy to ${called(resource)}.`, binding.resource),
    ...(isAccount
      ? [
          evidence(
            'Assumes that its consent screen takes accounts of other organisations, which no inventory tells.',
            resource,
          ),
        ]
      : []),
  ];
}

/** The bindings that let strangers through for certain. */
export function bindingsOf({ lets, grants }: ProxyLogin): readonly string[] {
  return lets === 'unknown' ? [] : grants.map(({ binding }) => binding.resource.key);
}

const BACKEND_NAME =
  /^\/\/compute\.googleapis\.com\/projects\/[^/]+\/(?:global|regions\/([^/]+))\/backendServices\/([^/]+)$/;
const RUN_NAME = /^\/\/run\.googleapis\.com\/projects\/[^/]+\/locations\/([^/]+)\/services\/([^/]+)$/;
const ABOVE = /^\/\/cloudresourcemanager\.googleapis\.com\/((?:projects|folders|organizations)\/[^/]+)$/;

/** What IAM calls a place of Identity-Aware Proxy: the service, all of its kind and region, all of the project and what lies above. */
function proxyNames(estate: GcpEstate, resource: EstateResource): readonly string[] {
  const { id = '' } = estate.facts(ANY_ASSET, resource);
  const { number } = estate.facts(BACKEND, resource);
  const [, backendRegion, backend] = BACKEND_NAME.exec(id) ?? [];
  const [, runRegion, run] = RUN_NAME.exec(id) ?? [];
  const kind =
    run !== undefined
      ? `cloud_run-${runRegion}`
      : backendRegion === undefined
        ? 'compute'
        : `compute-${backendRegion}`;
  const services = [backend, run, number].flatMap((name) =>
    name === undefined ? [] : [`/services/${name}`],
  );
  const own = /\/(projects\/[^/]+)\//.exec(id)?.[1];
  const places = chainOf(estate, resource).flatMap((name) => ABOVE.exec(name)?.[1] ?? []);
  return [...new Set([...(own === undefined ? [] : [own]), ...places])].flatMap((place) => {
    const web = `//iap.googleapis.com/${place}/iap_web`;
    return place.startsWith('projects/')
      ? [...services.map((service) => `${web}/${kind}${service}`), `${web}/${kind}`, web]
      : [web];
  });
}
