import type { AzureEstate } from '../exposure/azure-estate.ts';
import { ROLE_ASSIGNMENT, ROLE_DEFINITION, SUBSCRIPTION } from '../resource/facts/azure-facts.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import type { EstateResource } from '../risk/estate.ts';
import { grantsRoles } from './azure-abilities.ts';
import { azureConditionHolds } from './azure-condition.ts';
import { type AzureRole, builtInRole } from './azure-roles.ts';

/** A role that somebody has at a scope, and everything below it. */
export interface AzureGrant {
  /** What the condition certainly lets through of it. */
  readonly role: AzureRole;
  /** In lower case: `/`, a management group, a subscription, a resource group or a resource. */
  readonly scope: string;
  /** Null where it has none. */
  readonly condition: GrantCondition | null;
  readonly resource: EstateResource;
}

/** What a condition of an assignment leaves of its role. */
interface GrantCondition {
  readonly text: string;
  /** The role with what it may let through too. */
  readonly perhaps: AzureRole;
  /** Whether it lets somebody who may give out roles give this one to himself. */
  readonly letsGive: (roleId: string) => RiskState;
}

/** The grants of everybody, by object id; and what keeps a grant from being understood. */
export interface AzureGrants {
  readonly byPrincipal: ReadonlyMap<string, readonly AzureGrant[]>;
  readonly unread: ReadonlyMap<string, readonly string[]>;
}

/** Of the roles that people have, or of those that they may switch on. */
export function azureGrants(
  estate: AzureEstate,
  of: 'azure-role-assignment' | 'azure-role-eligibility' = 'azure-role-assignment',
): AzureGrants {
  const definitions = new Map(
    estate.ofType('azure-role-definition').map((resource) => {
      const { id, permissions = [], roleName, roleType } = estate.facts(ROLE_DEFINITION, resource);
      const all = (member: keyof (typeof permissions)[number]) =>
        permissions.flatMap((permission) => permission[member] ?? []);
      const role: AzureRole = {
        name: roleName ?? resource.name,
        actions: all('actions'),
        notActions: all('notActions'),
        dataActions: all('dataActions'),
        notDataActions: all('notDataActions'),
        isCustom: roleType === 'CustomRole',
      };
      return [lastPart(id), role] as const;
    }),
  );
  const byPrincipal = new Map<string, AzureGrant[]>();
  const unread = new Map<string, string[]>();
  for (const resource of estate.ofType(of)) {
    const { principalId, roleDefinitionId, roleDefinitionName, scope, condition, id, principalType } =
      estate.facts(ROLE_ASSIGNMENT, resource);
    if (principalId === undefined) continue;
    const principal = principalId.toLowerCase();
    const role =
      definitions.get(lastPart(roleDefinitionId)) ?? builtInRole(roleDefinitionId, roleDefinitionName);
    if (role === undefined) {
      const what = roleDefinitionName ?? lastPart(roleDefinitionId);
      unread.set(principal, [...(unread.get(principal) ?? []), `role ${what}: az role definition list`]);
      continue;
    }
    const grants = byPrincipal.get(principal) ?? [];
    byPrincipal.set(principal, grants);
    const where = (scope ?? scopeOf(id)).toLowerCase().replace(/(.)\/+$/, '$1');
    const own = conditioned(role, condition, principal, principalType);
    // Over a group or a resource, too, whoever gives out roles has what each of them gives there.
    const mayGive = own.condition === null && !isWide(where) && grantsRoles(role);
    grants.push({
      ...own,
      role: mayGive ? { ...own.role, ...EVERYTHING } : own.role,
      scope: where,
      resource,
    });
  }
  return { byPrincipal, unread };
}

const EVERYTHING = { actions: ['*'], notActions: [], dataActions: ['*'], notDataActions: [] };

const GIVES_ROLES = 'Microsoft.Authorization/roleAssignments/write';

function conditioned(
  role: AzureRole,
  text: string | undefined,
  principalId: string,
  principalType: string | undefined,
): Pick<AzureGrant, 'role' | 'condition'> {
  if (text === undefined) return { role, condition: null };
  const answer = (operation: string): RiskState => azureConditionHolds(text, { operation });
  return {
    role: { ...role, lets: (operation) => answer(operation) === 'yes' },
    condition: {
      text,
      perhaps: { ...role, lets: (operation) => answer(operation) !== 'no' },
      letsGive: (roleId) =>
        azureConditionHolds(text, { operation: GIVES_ROLES, gives: { roleId, principalId, principalType } }),
    },
  };
}

/** An assignment lies under its scope. */
function scopeOf(id: string | undefined): string {
  return (id ?? '').replace(/\/providers\/microsoft\.authorization\/.*$/i, '') || '/';
}

function lastPart(id: string | undefined): string {
  return (id ?? '').slice((id ?? '').lastIndexOf('/') + 1).toLowerCase();
}

/** True for the root, a management group or a whole subscription. */
export function isWide(scope: string): boolean {
  return (
    scope === '/' ||
    scope.startsWith('/providers/microsoft.management/managementgroups/') ||
    /^\/subscriptions\/[^/]+$/.test(scope)
  );
}

/**
 * Whether a scope holds a resource. Management groups are taken to hold every subscription where nothing says
 * which are below them.
 */
export function scopeHolds(
  scope: string,
  id: string,
  groupsOf: ReadonlyMap<string, readonly string[]>,
): boolean {
  if (scope === '/') return true;
  const group = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/.exec(scope)?.[1];
  if (group !== undefined) {
    const above = groupsOf.get(/^\/subscriptions\/([^/]+)/.exec(id)?.[1] ?? '');
    return above === undefined || above.includes(group);
  }
  return id === scope || id.startsWith(`${scope}/`);
}

/** The management groups above each subscription, by its id in lower case, as far as any was told. */
export function groupsAbove(estate: AzureEstate): ReadonlyMap<string, readonly string[]> {
  return new Map(
    estate.ofType('azure-subscription').flatMap((each) => {
      const { id = '', managementGroupAncestorsChain } = estate.facts(SUBSCRIPTION, each);
      const name = /^\/subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase();
      return name === undefined || managementGroupAncestorsChain === undefined
        ? []
        : [
            [
              name,
              managementGroupAncestorsChain.flatMap((group) => group.name?.toLowerCase() ?? []),
            ] as const,
          ];
    }),
  );
}

/** A scope in words. */
export function scopeText(scope: string): string {
  if (scope === '/') return 'the whole tenant';
  const parts = scope.split('/').filter((part) => part !== '');
  const name = parts.at(-1) ?? '';
  if (scope.startsWith('/providers/microsoft.management/')) return `management group ${name}`;
  if (parts.length === 2) return `subscription ${name}`;
  return parts.length === 4 ? `resource group ${name}` : name;
}

/** The id of a resource in Azure, in lower case. */
export function armIdOf(resource: EstateResource): string {
  const id = resource.facts['id'];
  return (typeof id === 'string' ? id : resource.key.replace(/^azure:/, '')).toLowerCase();
}
