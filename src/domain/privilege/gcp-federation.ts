import type { GcpEstate } from '../exposure/gcp-estate.ts';
import { IDENTITY_POOL, IDENTITY_PROVIDER, PROJECT } from '../resource/facts/gcp-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import { sharedIssuer } from './aws/token-trust.ts';

const PROVIDER =
  /^\/\/iam\.googleapis\.com\/projects\/([^/]+)\/locations\/global\/workloadIdentityPools\/([^/]+)\/providers\/[^/]+$/;

/**
 * Everybody of the pool that a provider of workload identity federation belongs to, as policies spell them in lower case,
 * by the number of the project and by its id. Empty where its name is none of a provider.
 */
export function membersOfPool(estate: GcpEstate, provider: EstateResource): readonly string[] {
  const [, project, pool] = PROVIDER.exec(estate.facts(IDENTITY_PROVIDER, provider).id ?? '') ?? [];
  if (project === undefined || pool === undefined) return [];
  const described = estate
    .ofType('gcp-project')
    .map((each) => estate.facts(PROJECT, each))
    .find(({ projectId, projectNumber }) => project === projectId || project === projectNumber);
  const names = new Set([project, described?.projectNumber, described?.projectId]);
  return [...names].flatMap((name) =>
    name === undefined
      ? []
      : [
          `principalset://iam.googleapis.com/projects/${name}/locations/global/workloadidentitypools/${pool}/*`.toLowerCase(),
        ],
  );
}

/** False where a provider, or the pool that it is in, is turned off or deleted: it then lets nobody in. */
export function isInUse(estate: GcpEstate, provider: EstateResource): boolean {
  const own = estate.facts(IDENTITY_PROVIDER, provider);
  const pool = estate.find(own.id?.replace(/\/providers\/[^/]+$/, ''));
  const both = pool === undefined ? [own] : [own, estate.facts(IDENTITY_POOL, pool)];
  return both.every(
    ({ state, disabled }) => disabled !== true && (state === undefined || state === 'ACTIVE'),
  );
}

/** What a provider does for strangers, without a subject: it takes tokens that they get too, and asks for nothing else. Null where it does not. */
export function openToStrangers(estate: GcpEstate, provider: EstateResource): string | null {
  const { attributeCondition, oidc } = estate.facts(IDENTITY_PROVIDER, provider);
  const issuer = oidc?.issuerUri?.toLowerCase().replace(/^https:\/\/|\/+$/g, '');
  const shared = issuer === undefined ? null : sharedIssuer(issuer);
  if (shared === null || !isInUse(estate, provider) || (attributeCondition ?? '').trim() !== '') return null;
  return `can be assumed by any ${shared} user`;
}
