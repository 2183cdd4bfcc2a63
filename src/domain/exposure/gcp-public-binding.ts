import { ANY_ASSET } from '../resource/facts/gcp-facts.ts';
import { assetCall, projectPlace, roleCall } from '../resource/gcp-call.ts';
import type { EstateResource } from '../risk/estate.ts';
import PUBLIC_ROLES from './data/gcp-public-roles.json' with { type: 'json' };
import { type ConditionSubject, gcpConditionHolds, subjectOf } from './gcp-condition.ts';
import { deniedBy } from './gcp-denial.ts';
import { bindingsOn, customRoles, type GcpBinding, type GcpEstate, hasPolicies } from './gcp-estate.ts';
import { noInventoryTells } from './untold.ts';

/** Permissions of a role as far as data and calls go; undefined for a role that nobody described. */
export function permissionsOf(estate: GcpEstate, role: string): readonly string[] | undefined {
  const bundled: Readonly<Record<string, readonly string[]>> = PUBLIC_ROLES;
  if (Object.hasOwn(bundled, role)) return bundled[role];
  return estate.derived(customRoles).get(role);
}

/** A binding that gives something to everybody. */
export interface PublicGrant {
  readonly audience: 'internet' | 'any-google-account';
  readonly role: string;
  readonly permissions: readonly string[];
  readonly binding: GcpBinding;
}

/** What everybody may do to an asset by IAM: for certain, and what keeps the rest from being known. */
export interface PublicGrants {
  readonly grants: readonly PublicGrant[];
  readonly missing: readonly string[];
  /** Deny policies that take away what a binding gives. */
  readonly denials: readonly EstateResource[];
  /** Roles of bindings whose condition does not hold. */
  readonly unmet: readonly string[];
}

/** How a binding is asked about where it is not one of the asset under its own name. */
interface Asked {
  /** Instead of those of its own policy and above. */
  readonly bindings?: readonly GcpBinding[];
  readonly subject?: ConditionSubject;
  /** Whether policies of the kind were described at all. */
  readonly isTold?: boolean;
  /** What would settle a condition that was found to be unknown; nothing where no inventory tells. */
  readonly lacking?: () => readonly string[];
}

/**
 * Bindings of `allUsers` and `allAuthenticatedUsers` on an asset and everything above it whose role holds one of
 * the permissions. Roles are expanded: custom ones as they were described, predefined ones by a bundled map. A
 * binding counts whose condition holds: by the date, the type and the name of the asset; what else it asks is not known.
 */
export function publicGrants(
  estate: GcpEstate,
  resource: EstateResource,
  wanted: readonly string[],
  asked: Asked = {},
): PublicGrants {
  const { bindings = bindingsOn(estate, resource), isTold = hasPolicies(estate, resource) } = asked;
  const subject = asked.subject ?? subjectOf(resource, estate.askedAt(resource));
  if (!isTold)
    return {
      grants: [],
      denials: [],
      unmet: [],
      missing: [
        `IAM policies of ${resource.account ?? resource.name}: ${assetCall(projectPlace(resource.account), 'iam-policy')}`,
      ],
    };
  const grants: PublicGrant[] = [];
  const missing: string[] = [];
  const unmet: string[] = [];
  const denials = new Set<EstateResource>();
  for (const binding of bindings) {
    const audience = audienceOf(binding.members ?? []);
    if (audience === null || binding.role === undefined) continue;
    const permissions = permissionsOf(estate, binding.role);
    if (permissions === undefined) {
      missing.push(`what role ${binding.role} holds: ${roleCall(binding.role)}`);
      continue;
    }
    const held = permissions.filter((permission) => wanted.includes(permission));
    const member = audience === 'internet' ? 'allUsers' : 'allAuthenticatedUsers';
    const given = held.filter((permission) => {
      const denial = deniedBy(
        estate,
        { of: estate.facts(ANY_ASSET, resource).id ?? '', at: resource },
        member,
        permission,
      );
      if (denial !== undefined) denials.add(denial);
      return denial === undefined;
    });
    if (given.length === 0) continue;
    const holds = gcpConditionHolds(binding.condition?.expression, subject);
    if (holds === 'no') {
      unmet.push(binding.role);
      continue;
    }
    if (holds === 'unknown') {
      const lacking = asked.lacking?.() ?? [];
      const untold = noInventoryTells(
        `whether the condition of ${binding.role} for ${audience} holds (${binding.condition?.expression})`,
      );
      missing.push(...(lacking.length > 0 ? lacking : [untold]));
      continue;
    }
    grants.push({ audience, role: binding.role, permissions: given, binding });
  }
  return { grants, missing, denials: [...denials], unmet };
}

function audienceOf(members: readonly string[]): PublicGrant['audience'] | null {
  if (members.includes('allUsers')) return 'internet';
  return members.includes('allAuthenticatedUsers') ? 'any-google-account' : null;
}
