import { compareBytes } from '#base/compare.ts';
import { addToList } from '#base/list-map.ts';
import type { AzureEstate } from '../exposure/azure-estate.ts';
import { isTaggedSensitive } from '../resource/data-class.ts';
import {
  AKS,
  ANY_RESOURCE,
  DATA_SERVICE,
  ENTRA_MEMBERSHIP,
  ENTRA_PRINCIPAL,
  ENTRA_ROLE_ASSIGNMENT,
  MANAGED_IDENTITY,
  ROLE_ASSIGNMENT,
} from '../resource/facts/azure-facts.ts';
import { fileWord, shellWord } from '../resource/shell-word.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  assignsIdentities,
  CLUSTER,
  controlsPlane,
  editsAll,
  grantsRoles,
  isOwner,
  readsDataOf,
  rewritesRoles,
  runsCodeOn,
  takesIdentities,
} from './azure-abilities.ts';
import { runsCodeInCluster } from './azure-cluster-code.ts';
import {
  type AzureGrant,
  armIdOf,
  azureGrants,
  groupsAbove,
  isWide,
  scopeHolds,
  scopeText,
} from './azure-rights.ts';
import { type AzureRole, BUILT_IN_ROLES, ENTRA_ROLES } from './azure-roles.ts';
import { type CloudPrivilege, PrivilegeSearch, type Step } from './cloud-privilege.ts';
import type { PrivilegeLevel } from './privilege.ts';

const ASSIGNMENTS = 'role assignments: az role assignment list --all';
const DIRECTORY =
  'directory roles: az rest --url "https://graph.microsoft.com/v1.0/roleManagement/directory/roleAssignments?$expand=roleDefinition"';

/** How somebody administers subscriptions by roles of its own, without acting as anybody else. */
export interface AzureAdministration extends Pick<AzureGrant, 'scope' | 'resource'> {
  readonly role: string;
  /** Without a subject: `has Owner over subscription s`. */
  readonly reason: string;
  /** Whether it says who may do what, at once or in one call; else it edits everything but that. */
  readonly mayGrant: boolean;
}

/** Who in a tenant is privileged, and which workloads run as them (design: attack paths, privileged access). */
export class AzurePrivileges {
  readonly #estate: AzureEstate;
  readonly #search: PrivilegeSearch;
  readonly #identities: ReadonlyMap<string, EstateResource>;
  readonly #described: boolean;
  readonly #most = new Map<string, boolean>();
  readonly #administered = new Map<string, AzureAdministration[]>();

  constructor(estate: AzureEstate) {
    this.#estate = estate;
    this.#identities = new Map(
      estate.ofType('azure-managed-identity').flatMap((each) => {
        const id = estate.facts(MANAGED_IDENTITY, each).principalId;
        return id === undefined ? [] : [[id.toLowerCase(), each] as const];
      }),
    );
    this.#described = estate.ofType('azure-role-assignment').length > 0;
    this.#search = new PrivilegeSearch();
    this.#findDirectory();
    this.#findGrants();
    this.#findVaultPolicies();
    this.#findMembers();
    this.#search.close();
  }

  /** How a principal, by its object id, administers subscriptions: by roles that it has, or may switch on. */
  administersBy(principalId: string): readonly AzureAdministration[] {
    return [principalId, `eligible ${principalId}`].flatMap((each) => this.#administered.get(each) ?? []);
  }

  /** The groups that a principal is in, and those that they are in. */
  groupsOf(principalId: string): readonly string[] {
    return this.#search.groupsOf(principalId);
  }

  /** What a principal may do; undefined for a resource that is none. */
  ofPrincipal(resource: EstateResource): CloudPrivilege | undefined {
    if (resource.type === 'azure-managed-identity') {
      const { principalId } = this.#estate.facts(MANAGED_IDENTITY, resource);
      return principalId === undefined
        ? { level: 'unknown', reasons: [], missing: [`the principal of ${resource.name}: az identity list`] }
        : this.#ofIdentity(principalId);
    }
    if (!/^entra-(?:user|group|service-principal)$/.test(resource.type)) return undefined;
    const { id = '' } = this.#estate.facts(ENTRA_PRINCIPAL, resource);
    const missing = this.#described ? [] : [ASSIGNMENTS];
    if (this.#estate.ofType('entra-role-assignment').length === 0) missing.push(DIRECTORY);
    return this.#search.privilegeOf(id.toLowerCase(), [...missing, ...this.#unknownGroups(resource.type)]);
  }

  /** What a workload may do as the identities that it runs as; null where it has none. */
  ofWorkload(resource: EstateResource): CloudPrivilege | null {
    const { identity } = this.#estate.facts(ANY_RESOURCE, resource);
    const principals = identity?.principalId === undefined ? [] : [identity.principalId];
    const missing: string[] = [];
    for (const { id, principalId } of identity?.userAssignedIdentities ?? []) {
      const described = this.#estate.find(id);
      const own = principalId ?? (described && this.#estate.facts(MANAGED_IDENTITY, described).principalId);
      if (own === undefined) missing.push(`identity ${(id ?? '').split('/').at(-1)}: az identity list`);
      else principals.push(own);
    }
    if (principals.length === 0 && missing.length === 0) return null;
    return this.#search.strongest([
      ...principals.map((principal) => this.#ofIdentity(principal)),
      ...(missing.length === 0 ? [] : [{ level: 'unknown', reasons: [], missing } as const]),
    ]);
  }

  #ofIdentity(principalId: string): CloudPrivilege {
    return this.#search.privilegeOf(principalId.toLowerCase(), this.#described ? [] : [ASSIGNMENTS]);
  }

  /** A user is a member of groups that list their members somewhere else. */
  #unknownGroups(type: string): readonly string[] {
    if (type === 'entra-group') return [];
    const listed = new Set(
      this.#estate
        .ofType('entra-membership')
        .map((each) => this.#estate.facts(ENTRA_MEMBERSHIP, each).groupId?.toLowerCase()),
    );
    return this.#privilegedGroups()
      .filter((group) => !listed.has(group))
      .slice(0, 3)
      .map(
        (group) =>
          `the members of group ${group}: az ad group member list --group ${shellWord(group)} > ad-group-member-list-${fileWord(group)}.json`,
      );
  }

  #privilegedGroups(): readonly string[] {
    const groups = this.#estate.ofType('azure-role-assignment', 'azure-role-eligibility').flatMap((each) => {
      const { principalType, principalId } = this.#estate.facts(ROLE_ASSIGNMENT, each);
      return principalType === 'Group' && principalId !== undefined ? [principalId.toLowerCase()] : [];
    });
    return [...new Set(groups)].filter((group) => this.#search.isPrivileged(group)).sort();
  }

  #findDirectory(): void {
    for (const resource of this.#estate.ofType('entra-role-assignment', 'entra-role-eligibility')) {
      const { principalId, roleDefinitionId, appRoleId, directoryScopeId } = this.#estate.facts(
        ENTRA_ROLE_ASSIGNMENT,
        resource,
      );
      const found = ENTRA_ROLES[(appRoleId ?? roleDefinitionId ?? '').toLowerCase()];
      // A role for one application or one unit is not a role for the tenant.
      if (found === undefined || principalId === undefined) continue;
      if (directoryScopeId !== undefined && directoryScopeId !== '/') continue;
      const principal = principalId.toLowerCase();
      if (resource.type === 'entra-role-assignment') this.#search.add(principal, found.level, found.reason);
      else this.#search.add(this.#switchedOn(principal), found.level, found.reason);
    }
  }

  /** Whoever has what a principal may switch on by itself. */
  #switchedOn(principal: string): string {
    const eligible = `eligible ${principal}`;
    this.#search.addSwitch(principal, eligible);
    return eligible;
  }

  #findGrants(): void {
    const { byPrincipal, unread } = azureGrants(this.#estate);
    const above = groupsAbove(this.#estate);
    for (const [principal, grants] of byPrincipal)
      for (const grant of grants) this.#addGrant(principal, grant, grants, above);
    const eligible = azureGrants(this.#estate, 'azure-role-eligibility');
    for (const [principal, grants] of eligible.byPrincipal) {
      // What is switched on comes on top of what one has.
      const all = [...(byPrincipal.get(principal) ?? []), ...grants];
      for (const grant of grants) this.#addGrant(this.#switchedOn(principal), grant, all, above);
    }
    for (const [principal, missing] of [...unread, ...eligible.unread])
      for (const each of missing) this.#search.addMissing(principal, each);
  }

  #addGrant(
    principal: string,
    grant: AzureGrant,
    all: readonly AzureGrant[],
    above: ReadonlyMap<string, readonly string[]>,
  ): void {
    const { role, scope, condition } = grant;
    const where = scopeText(scope);
    const holds = (resource: EstateResource): boolean => scopeHolds(scope, armIdOf(resource), above);
    const wide = isWide(scope);
    if (condition !== null && !grantsRoles(role) && grantsRoles(condition.perhaps))
      this.#addNarrowedGifts(principal, grant, condition);
    else if (wide && isOwner(role)) {
      // Nothing else can be added to that.
      this.#addAdministrator(principal, 'P0', grant, `has ${role.name} over ${where}`);
      return;
    } else if (grantsRoles(role)) {
      const reason = `has ${role.name} over ${where} and may give itself every role there`;
      if (wide) this.#addAdministrator(principal, 'P1', grant, reason);
      else this.#search.add(principal, 'P4', reason);
    } else if (wide && editsAll(role))
      addToList(this.#administered, principal, {
        ...administration(grant, `has ${role.name} over ${where}`),
        mayGrant: false,
      });
    const own = all.find((other) => other.role.isCustom === true)?.role;
    if (wide && rewritesRoles(role) && own !== undefined)
      this.#addAdministrator(
        principal,
        'P1',
        grant,
        `has ${role.name} over ${where} and may rewrite its own role ${own.name}`,
      );
    const code = runsCodeOn(role);
    if (wide && code.has('azure-vm'))
      this.#search.add(
        principal,
        'P2',
        `has ${role.name} over ${where} and may run commands as its machines' identities`,
      );
    if (code.size > 0)
      this.#search.addWay(principal, `code ${[...code].join()} ${role.name} ${scope}`, () =>
        this.#workloads().flatMap(({ resource, principals }): readonly Step[] =>
          code.has(resource.type) && holds(resource) && this.#letsIn(role, resource) === 'yes'
            ? [
                {
                  to: principals,
                  how: `may run code on ${resource.name} (${role.name} over ${where}), whose identity`,
                },
              ]
            : [],
        ),
      );
    if (code.has(CLUSTER))
      for (const { resource } of this.#workloads())
        if (holds(resource) && this.#letsIn(role, resource) === 'unknown')
          this.#search.addMissing(
            principal,
            `whether ${resource.name} asks for a login of Entra: az aks list`,
          );
    const placesCode = all.some((other) => [...runsCodeOn(other.role)].some((type) => type !== CLUSTER));
    if (takesIdentities(role) || (assignsIdentities(role) && placesCode))
      this.#search.addWay(principal, `identities ${role.name} ${scope}`, () =>
        [...this.#identities].flatMap(([identity, resource]): readonly Step[] =>
          holds(resource)
            ? [
                {
                  to: [identity],
                  how: `may act as identity ${resource.name} (${role.name} over ${where}), which`,
                },
              ]
            : [],
        ),
      );
    const reads = (of: AzureRole) =>
      readsDataOf(of).filter(({ type }) => wide || this.#holdsMost(type, scope, holds));
    for (const { what } of reads(role))
      this.#search.add(principal, 'P3', `may read ${what} (${role.name} over ${where})`);
    if (controlsPlane(role)) this.#search.add(principal, 'P4', `has ${role.name} over ${where}`);
    if (condition === null) return;
    const mayRun = [...runsCodeOn(condition.perhaps)].filter((type) => !code.has(type));
    const isMore =
      reads(condition.perhaps).length > reads(role).length ||
      (wide && mayRun.includes('azure-vm')) ||
      this.#workloads().some(({ resource }) => mayRun.includes(resource.type) && holds(resource));
    if (isMore) this.#search.addMissing(principal, conditionOf(grant, condition));
  }

  #addAdministrator(principal: string, level: PrivilegeLevel, grant: AzureGrant, reason: string): void {
    this.#search.add(principal, level, reason);
    addToList(this.#administered, principal, administration(grant, reason));
  }

  #letsIn(role: AzureRole, resource: EstateResource): RiskState {
    return resource.type === CLUSTER ? runsCodeInCluster(role, this.#estate.facts(AKS, resource)) : 'yes';
  }

  /** Who may give out some roles alone is as strong as what that lets him give himself. */
  #addNarrowedGifts(principal: string, grant: AzureGrant, condition: GrantCondition): void {
    const has = `has ${grant.role.name} over ${scopeText(grant.scope)}, under a condition`;
    const answers = isWide(grant.scope)
      ? STRONG_ROLES.map((strong) => ({ ...strong, state: condition.letsGive(strong.id) }))
      : [];
    const best = answers.find(({ state }) => state === 'yes');
    const reason = `${has} that lets it give itself ${best?.name}`;
    if (best?.level === 'P1') this.#addAdministrator(principal, best.level, grant, reason);
    else if (best !== undefined) this.#search.add(principal, best.level, reason);
    else if (answers.some(({ state }) => state === 'unknown'))
      this.#search.addMissing(principal, conditionOf(grant, condition));
    else this.#search.add(principal, 'P4', has);
  }

  /** Vaults may say themselves who reads them, beside roles. */
  #findVaultPolicies(): void {
    const vaults = this.#estate.ofType('azure-key-vault');
    const readers = new Map<string, Set<EstateResource>>();
    for (const vault of vaults) {
      const { accessPolicies = [], enableRbacAuthorization } = this.#estate.facts(DATA_SERVICE, vault);
      if (enableRbacAuthorization === true) continue;
      for (const { objectId, permissions } of accessPolicies) {
        const reads =
          permissions?.secrets?.some((each) => READS_SECRETS.has(each.toLowerCase())) === true ||
          permissions?.keys?.some((each) => USES_KEYS.has(each.toLowerCase())) === true;
        if (objectId === undefined || !reads) continue;
        const own = readers.get(objectId.toLowerCase()) ?? new Set();
        readers.set(objectId.toLowerCase(), own.add(vault));
      }
    }
    for (const [principal, own] of readers)
      if (own.size * 2 > vaults.length || [...own].some(({ tags }) => isTaggedSensitive(tags)))
        this.#search.add(principal, 'P3', 'may read secrets and keys of vaults (their access policies)');
  }

  /** More than half of all stores of a type that were described, or one that is tagged sensitive. */
  #holdsMost(type: string, scope: string, holds: (resource: EstateResource) => boolean): boolean {
    const about = `${type} ${scope}`;
    let most = this.#most.get(about);
    if (most === undefined) {
      const all = this.#estate.ofType(type);
      const held = all.filter(holds);
      most = held.length * 2 > all.length || held.some(({ tags }) => isTaggedSensitive(tags));
      this.#most.set(about, most);
    }
    return most;
  }

  #workloads(): readonly { readonly resource: EstateResource; readonly principals: readonly string[] }[] {
    return this.#estate.derived(workloadsOf);
  }

  #findMembers(): void {
    for (const each of this.#estate.ofType('entra-membership')) {
      const { groupId, principalId } = this.#estate.facts(ENTRA_MEMBERSHIP, each);
      if (groupId !== undefined && principalId !== undefined)
        this.#search.addMember(groupId.toLowerCase(), principalId.toLowerCase());
    }
    for (const each of this.#estate.ofType('entra-membership-eligibility')) {
      const { groupId, principalId } = this.#estate.facts(ENTRA_MEMBERSHIP, each);
      if (groupId !== undefined && principalId !== undefined)
        this.#search.addSwitch(principalId.toLowerCase(), groupId.toLowerCase());
    }
  }
}

function administration({ role, scope, resource }: AzureGrant, reason: string): AzureAdministration {
  return { role: role.name, scope, resource, reason, mayGrant: true };
}

function conditionOf({ role, scope }: AzureGrant, { text }: GrantCondition): string {
  const shown = text.replace(/\s+/g, ' ').trim().slice(0, 200);
  return `whether the condition of ${role.name} over ${scopeText(scope)} holds (${shown})`;
}

type GrantCondition = NonNullable<AzureGrant['condition']>;

/** Built-in roles that make whoever has them over a subscription privileged, strongest first. */
const STRONG_ROLES = BUILT_IN_ROLES.flatMap(([id, role]) => {
  const level = grantsRoles(role)
    ? ('P1' as const)
    : runsCodeOn(role).has('azure-vm')
      ? ('P2' as const)
      : readsDataOf(role).length > 0
        ? ('P3' as const)
        : null;
  return level === null ? [] : [{ id, name: role.name, level }];
}).toSorted((a, b) => compareBytes(a.level, b.level));

/** Permissions of an access policy that give a secret away, or what a key protects. */
const READS_SECRETS = new Set(['all', 'get', 'backup']);
const USES_KEYS = new Set(['all', 'decrypt', 'unwrapkey']);

const RUN = [
  'azure-vm',
  'azure-vmss',
  'azure-web-app',
  'azure-function-app',
  'azure-container-instance',
  'azure-container-app',
  'azure-aks-cluster',
  'microsoft.hybridcompute/machines',
  'microsoft.automation/automationaccounts',
  'microsoft.logic/workflows',
  'microsoft.datafactory/factories',
] as const;

/** What runs code as identities, with the object ids of those. Of a cluster that is the kubelet's, which pods can reach. */
export function workloadsOf(
  estate: AzureEstate,
): readonly { readonly resource: EstateResource; readonly principals: readonly string[] }[] {
  return estate.ofType(...RUN).flatMap((resource) => {
    if (resource.type === CLUSTER) {
      const { objectId } = estate.facts(AKS, resource).identityProfile?.kubeletidentity ?? {};
      return objectId === undefined ? [] : [{ resource, principals: [objectId.toLowerCase()] }];
    }
    const { identity } = estate.facts(ANY_RESOURCE, resource);
    const principals = [
      identity?.principalId,
      ...(identity?.userAssignedIdentities ?? []).map(({ id, principalId }) => {
        const described = estate.find(id);
        return principalId ?? (described && estate.facts(MANAGED_IDENTITY, described).principalId);
      }),
    ].flatMap((principal) => principal?.toLowerCase() ?? []);
    return principals.length === 0 ? [] : [{ resource, principals }];
  });
}
