import { membersOfPool, trustsStrangers } from '../privilege/gcp-federation.ts';
import { calledFirst } from '../resource/called.ts';
import { SERVICE_ACCOUNT } from '../resource/facts/gcp-facts.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { gcpConditionHolds } from './gcp-condition.ts';
import { deniedBy } from './gcp-denial.ts';
import { bindingsOn, type GcpBinding, type GcpEstate } from './gcp-estate.ts';
import { permissionsOf, publicGrants } from './gcp-public-binding.ts';
import { noInventoryTells } from './untold.ts';
import { closedWay, openWay, unsureWay } from './way-in.ts';

const EXCHANGE = 'exchange of tokens';

/**
 * Whether strangers become somebody by a provider of workload identity federation, with a token that everybody gets: as a
 * role of AWS that trusts the same issuer (attack-paths §3.6).
 */
export function exposeIdentityProvider(
  estate: GcpEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const { state, reason } = trustsStrangers(estate, resource);
  const way = { surface: EXCHANGE, auth: 'oidc' as const, gates: [resource.key] };
  if (state === 'unknown') return [unsureWay([untoldCondition(resource)], way)];
  const sentence = state === 'yes' ? `${reason}.` : 'takes no token that strangers get.';
  const told = { ...way, evidence: [evidence(`${calledFirst(resource)} ${sentence}`, resource)] };
  return [state === 'yes' ? openWay('internet', told) : closedWay(told)];
}

function untoldCondition({ name }: EstateResource): string {
  return noInventoryTells(`whether the attribute condition of provider ${name} lets strangers in`);
}

/** Ways to act as a service account: tokens, keys, and giving oneself either. */
const BECOMES = [
  'iam.serviceAccounts.getAccessToken',
  'iam.serviceAccountKeys.create',
  'iam.serviceAccounts.setIamPolicy',
];

/** Whether strangers may act as a service account: whoever has an account of Google, or whom a pool lets in. */
export function exposeServiceAccount(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  const own = [
    closedWay({
      evidence: [evidence(`${calledFirst(resource)} is reached with its own credentials only.`, resource)],
    }),
  ];
  if (estate.facts(SERVICE_ACCOUNT, resource).disabled === true) return own;
  const { grants, missing } = publicGrants(estate, resource, BECOMES);
  const ways = grants.map(({ role, binding }) =>
    openWay('any-google-account', {
      surface: 'tokens',
      auth: 'iam',
      via: [role],
      gates: [binding.resource.key],
      evidence: [
        evidence(`${role} lets everybody with a Google account act as ${resource.name}.`, binding.resource),
      ],
    }),
  );
  ways.push(...throughPools(estate, resource));
  if (ways.some(({ verdict }) => verdict === 'yes')) return ways.filter(({ verdict }) => verdict === 'yes');
  if (ways.length > 0) return ways;
  return missing.length > 0 ? [unsureWay(missing)] : own;
}

/** Bindings of everybody of a pool that has a provider which lets strangers in. */
function throughPools(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  const providers = estate.ofType('gcp-identity-provider').flatMap((provider) => {
    const { state } = trustsStrangers(estate, provider);
    return state === 'no' ? [] : [{ provider, state, members: membersOfPool(estate, provider) }];
  });
  if (providers.length === 0) return [];
  return bindingsOn(estate, resource).flatMap((binding) => {
    const { role = '', members = [] } = binding;
    const held = (permissionsOf(estate, role) ?? []).filter((permission) => BECOMES.includes(permission));
    return providers.flatMap(({ provider, state, members: pool }): readonly ExposureRecord[] => {
      const member = members.find((each) => pool.includes(each.toLowerCase()));
      if (member === undefined) return [];
      const isDenied = held.every((permission) => isTakenBack(estate, resource, member, permission));
      return isDenied ? [] : asMember(estate, resource, provider, binding, state);
    });
  });
}

function isTakenBack(estate: GcpEstate, at: EstateResource, member: string, permission: string): boolean {
  const of = estate.facts(SERVICE_ACCOUNT, at).id ?? '';
  return deniedBy(estate, { of, at }, member, permission) !== undefined;
}

function asMember(
  estate: GcpEstate,
  resource: EstateResource,
  provider: EstateResource,
  { role = '', condition, resource: policy }: GcpBinding,
  state: RiskState,
): readonly ExposureRecord[] {
  const holds = gcpConditionHolds(condition?.expression, { at: estate.askedAt(resource) });
  if (holds === 'no') return [];
  const way = {
    surface: 'tokens',
    auth: 'oidc' as const,
    via: [`provider ${provider.name}`, role],
    gates: [provider.key, policy.key],
  };
  const missing = [
    ...(state === 'unknown' ? [untoldCondition(provider)] : []),
    ...(holds === 'unknown'
      ? [noInventoryTells(`whether the condition of ${role} for the pool holds (${condition?.expression})`)]
      : []),
  ];
  if (missing.length > 0) return [unsureWay(missing, way)];
  const { reason } = trustsStrangers(estate, provider);
  return [
    openWay('internet', {
      ...way,
      evidence: [
        evidence(`${calledFirst(provider)} ${reason}.`, provider),
        evidence(`${role} lets everybody of its pool act as ${resource.name}.`, policy),
      ],
    }),
  ];
}
