import type { GcpEstate } from '../exposure/gcp-estate.ts';
import { IDENTITY_POOL, IDENTITY_PROVIDER, PROJECT } from '../resource/facts/gcp-facts.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import type { EstateResource } from '../risk/estate.ts';
import { sharedIssuer } from './aws/token-trust.ts';
import { admitsStrangers } from './gcp-attribute-condition.ts';

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

/** What a provider does for strangers. */
export interface StrangersTrust {
  /** Yes where it takes tokens that they get too, and asks for nothing that theirs lack; unknown where nobody can read what it asks. */
  readonly state: RiskState;
  /** Without a subject: `can be assumed by any GitHub user`. */
  readonly reason: string;
}

/** What a provider of workload identity federation does for strangers. */
export function trustsStrangers(estate: GcpEstate, provider: EstateResource): StrangersTrust {
  const { attributeCondition = '', attributeMapping = [], oidc } = estate.facts(IDENTITY_PROVIDER, provider);
  const issuer = oidc?.issuerUri?.toLowerCase().replace(/^https:\/\/|\/+$/g, '');
  const shared = issuer === undefined ? null : sharedIssuer(issuer);
  const reason = `can be assumed by any ${shared} user`;
  if (shared === null || !isInUse(estate, provider)) return { state: 'no', reason };
  if (attributeCondition.trim() === '') return { state: 'yes', reason };
  return { state: admitsStrangers(attributeCondition, attributeMapping), reason };
}

/** The same as a reason of privilege; null where it does nothing for them for certain. */
export function openToStrangers(estate: GcpEstate, provider: EstateResource): string | null {
  const { state, reason } = trustsStrangers(estate, provider);
  return state === 'yes' ? reason : null;
}
