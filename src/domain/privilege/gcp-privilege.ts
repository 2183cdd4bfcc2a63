import { addToList } from '#base/list-map.ts';
import { deniedBy } from '../exposure/gcp-denial.ts';
import {
  allBindings,
  chainOf,
  customRoles,
  type GcpBinding,
  type GcpEstate,
  hasPolicies,
} from '../exposure/gcp-estate.ts';
import { isTaggedSensitive } from '../resource/data-class.ts';
import {
  GCP_FUNCTION,
  GCP_INSTANCE,
  GKE_CLUSTER,
  MEMBER,
  MEMBERSHIP,
  PROJECT,
  RUN_SERVICE,
  SERVICE_ACCOUNT,
} from '../resource/facts/gcp-facts.ts';
import { assetCall, roleCall } from '../resource/gcp-call.ts';
import type { EstateResource } from '../risk/estate.ts';
import { type CloudPrivilege, PrivilegeSearch } from './cloud-privilege.ts';
import { type Conditioned, underCondition } from './gcp-conditioned.ts';
import { isInUse, membersOfPool, openToStrangers } from './gcp-federation.ts';
import { abilitiesOfRole, type GcpAbility } from './gcp-roles.ts';

const DATA: readonly (readonly [ability: GcpAbility, type: string, what: string])[] = [
  ['reads-buckets', 'gcp-bucket', 'objects of buckets'],
  ['reads-datasets', 'gcp-dataset', 'data of BigQuery'],
  ['reads-secrets', 'gcp-secret', 'secrets'],
  ['decrypts', 'gcp-kms-key', 'what keys of KMS protect'],
  ['reads-databases', 'gcp-sql-instance', 'databases of Cloud SQL'],
];

/** What exports is told of where there is such a store: many may, and most have none. */
const EXPORTS: (typeof DATA)[number] = ['exports-databases', 'gcp-sql-instance', 'databases of Cloud SQL'];

/** By whom services deploy that ask for no right to act as anybody. */
const SERVICE_ACCOUNTS: readonly (readonly [ability: GcpAbility, domain: string])[] = [
  ['builds', '@cloudbuild.gserviceaccount.com'],
  ['deploys-as-agent', '@cloudservices.gserviceaccount.com'],
];

/** Abilities that a member has over a place, by one role, without conditions and denials. */
export interface GcpGrant {
  readonly abilities: ReadonlySet<GcpAbility>;
  readonly role: string;
  /** The full name of the place. */
  readonly of: string;
  /** The policy that says so. */
  readonly resource: EstateResource;
}

/** Who in Google Cloud is privileged, and which workloads run as them (design: attack paths, privileged access). */
export class GcpPrivileges {
  readonly #estate: GcpEstate;
  readonly #search = new PrivilegeSearch();
  /** Members of the service accounts in use that lie at a place or below. */
  readonly #accountsBelow = new Map<string, string[]>();
  /** Addresses of the service accounts that are turned off: nobody gets a token of one. */
  readonly #disabled = new Set<string>();
  /** Addresses of service accounts by their full names, which spell a number. */
  readonly #addresses = new Map<string, string>();
  readonly #hasBindings: boolean;
  readonly #groupsTold = new Set<string>();
  readonly #grants = new Map<string, GcpGrant[]>();

  constructor(estate: GcpEstate) {
    this.#estate = estate;
    for (const account of estate.ofType('gcp-service-account')) {
      const { email, id, disabled } = estate.facts(SERVICE_ACCOUNT, account);
      if (email === undefined) continue;
      if (id !== undefined) this.#addresses.set(id, email);
      if (disabled === true) {
        this.#disabled.add(email);
        continue;
      }
      for (const name of new Set([...(id === undefined ? [] : [id]), ...chainOf(estate, account)]))
        addToList(this.#accountsBelow, name, memberOf(email));
    }
    const bindings = allBindings(estate);
    this.#hasBindings = bindings.length > 0;
    this.#addBindings(bindings);
    for (const each of estate.ofType('gcp-membership')) {
      const { group, member } = estate.facts(MEMBERSHIP, each);
      if (group === undefined) continue;
      this.#groupsTold.add(group);
      if (member !== undefined) this.#search.addMember(group, member);
    }
    this.#search.close();
  }

  /** What a member may do by itself and as one of its groups that tell their members. */
  grantsOf(member: string): readonly GcpGrant[] {
    return [member, ...this.#search.groupsOf(member)].flatMap((each) => this.#grants.get(each) ?? []);
  }

  /** Service accounts of Google's own services that have roles by the policy of a place, and in whose name these abilities deploy. */
  agentsAt(of: string, abilities: ReadonlySet<GcpAbility>): readonly string[] {
    return SERVICE_ACCOUNTS.flatMap(([ability, domain]) =>
      abilities.has(ability)
        ? [...this.#grants].flatMap(([member, grants]) =>
            member.endsWith(domain) && grants.some((grant) => grant.of === of) ? [member] : [],
          )
        : [],
    );
  }

  /** What a place is called: a service account by its address, anything else by the end of its full name. */
  nameOf(of: string): string {
    return this.#addresses.get(of) ?? of.slice(of.lastIndexOf('/') + 1);
  }

  #placeText(of: string): string {
    return this.#addresses.get(of) ?? placeText(of);
  }

  /** Members of the service accounts in use at a place or below. */
  accountsBelow(of: string): readonly string[] {
    return this.#accountsBelow.get(of) ?? [];
  }

  /** The service accounts that a workload runs as: their addresses, with the scopes of a machine's tokens. */
  accountsOf(
    resource: EstateResource,
  ): readonly { readonly email: string | undefined; readonly scopes: readonly string[] | undefined }[] {
    return this.#accountsOf(resource) ?? [];
  }

  /** What a principal may do; undefined for an asset that is none. */
  ofPrincipal(resource: EstateResource): CloudPrivilege | undefined {
    const missing = this.#hasBindings ? [] : [POLICIES];
    if (resource.type === 'gcp-service-account') {
      const { email, disabled } = this.#estate.facts(SERVICE_ACCOUNT, resource);
      if (disabled === true) return NOTHING;
      return this.#search.privilegeOf(memberOf(email ?? resource.name), missing);
    }
    if (resource.type === 'gcp-identity-provider') return this.#ofProvider(resource, missing);
    if (!/^gcp-(?:user|group|workload-identity)$/.test(resource.type)) return undefined;
    const { member = '' } = this.#estate.facts(MEMBER, resource);
    if (resource.type === 'gcp-user') missing.push(...this.#unknownGroups());
    return this.#search.privilegeOf(member, missing);
  }

  /** What everybody of its pool may do, and whether strangers are among them. */
  #ofProvider(provider: EstateResource, missing: readonly string[]): CloudPrivilege {
    if (!isInUse(this.#estate, provider)) return NOTHING;
    const own = this.#search.strongest(
      membersOfPool(this.#estate, provider).map((member) => this.#search.privilegeOf(member, missing)),
    );
    const open = openToStrangers(this.#estate, provider);
    return open === null ? own : { ...own, reasons: [...own.reasons, open] };
  }

  /** What a workload may do as its service account; null where it has none or runs nothing. */
  ofWorkload(resource: EstateResource): CloudPrivilege | null {
    const accounts = this.#accountsOf(resource);
    if (accounts === undefined) return null;
    if (accounts.length === 0) return null;
    return this.#search.strongest(
      accounts.map(({ email, scopes }) => {
        if (email === undefined)
          return {
            level: 'unknown',
            reasons: [],
            missing: [`the service account of ${resource.name}`],
          } as const;
        if (this.#disabled.has(email)) return NOTHING;
        const missing = hasPolicies(this.#estate, resource) ? [] : [POLICIES];
        return withinScopes(this.#search.privilegeOf(memberOf(email), missing), scopes);
      }),
    );
  }

  #accountsOf(
    resource: EstateResource,
  ):
    | readonly { readonly email: string | undefined; readonly scopes: readonly string[] | undefined }[]
    | undefined {
    switch (resource.type) {
      case 'gcp-instance':
        return (this.#estate.facts(GCP_INSTANCE, resource).serviceAccounts ?? []).map(
          ({ email, scopes }) => ({ email, scopes }),
        );
      case 'gcp-run-service': {
        const own = this.#estate.facts(RUN_SERVICE, resource).serviceAccount;
        return [{ email: own ?? this.#defaultOf(resource, 'compute'), scopes: undefined }];
      }
      case 'gcp-function': {
        const { serviceAccountEmail, serviceConfig } = this.#estate.facts(GCP_FUNCTION, resource);
        const own = serviceConfig?.serviceAccountEmail ?? serviceAccountEmail;
        const kind = serviceConfig === undefined ? 'appspot' : 'compute';
        return [{ email: own ?? this.#defaultOf(resource, kind), scopes: undefined }];
      }
      case 'gcp-gke-cluster': {
        const { serviceAccount, oauthScopes } = this.#estate.facts(GKE_CLUSTER, resource).nodeConfig ?? {};
        const own = serviceAccount === 'default' ? undefined : serviceAccount;
        return [{ email: own ?? this.#defaultOf(resource, 'compute'), scopes: oauthScopes }];
      }
      default:
        return undefined;
    }
  }

  /** What does not name a service account runs as a default one of its project. */
  #defaultOf(resource: EstateResource, kind: 'compute' | 'appspot'): string | undefined {
    const project = this.#estate.ofType('gcp-project').find((each) => {
      const { projectId, projectNumber } = this.#estate.facts(PROJECT, each);
      return resource.account === projectId || resource.account === projectNumber;
    });
    const facts = project === undefined ? {} : this.#estate.facts(PROJECT, project);
    const number =
      facts.projectNumber ??
      chainOf(this.#estate, resource)
        .map((name) => /\/projects\/(\d+)$/.exec(name)?.[1])
        .find((each) => each !== undefined);
    if (kind === 'compute')
      return number === undefined ? undefined : `${number}-compute@developer.gserviceaccount.com`;
    const id = facts.projectId ?? (/^\d+$/.test(resource.account ?? '0') ? undefined : resource.account);
    return id === undefined || id === null ? undefined : `${id}@appspot.gserviceaccount.com`;
  }

  #unknownGroups(): readonly string[] {
    const groups = this.#estate.ofType('gcp-group').flatMap((group) => {
      const { member = '' } = this.#estate.facts(MEMBER, group);
      return this.#search.isPrivileged(member) && !this.#groupsTold.has(member)
        ? [member.slice('group:'.length)]
        : [];
    });
    return groups
      .sort()
      .slice(0, 3)
      .map(
        (group) =>
          `the members of group ${group}: gcloud identity groups memberships list --group-email=${group} --format=json > memberships-${group}.json`,
      );
  }

  #addBindings(bindings: readonly GcpBinding[]): void {
    const custom = this.#estate.derived(customRoles);
    /** Abilities of each member at each place: `acts-as` and `deploys` may come from two bindings. */
    const deploying = new Map<string, Map<string, { abilities: Set<GcpAbility>; role: string }>>();
    for (const binding of bindings) {
      const { role, members = [], of, resource } = binding;
      if (role === undefined) continue;
      for (const spelled of members) {
        const member = spelled.startsWith('serviceAccount:') ? spelled : spelled.toLowerCase();
        const abilities = this.#given(role, custom, member, binding);
        if (abilities === undefined) {
          this.#search.addMissing(member, `what role ${role} holds: ${roleCall(role)}`);
          continue;
        }
        if (abilities.size === 0) continue;
        const held = this.#underCondition(abilities, binding, custom);
        if (held.unsure.size > 0)
          this.#search.addMissing(
            member,
            `whether the condition of ${role} over ${this.#placeText(of)} holds (${binding.condition?.expression?.slice(0, 200)})`,
          );
        if (held.harmless.size > 0 && isWide(of))
          this.#search.add(member, 'P4', `has ${role} over ${this.#placeText(of)}, under a condition`);
        if (held.certain.size === 0) continue;
        this.#addAbilities(member, held.certain, role, of);
        if (held.certain !== abilities) {
          // For some of what is below, a condition that asks for its name or type makes no step.
          if (held.certain.has('grants'))
            addToList(this.#grants, member, {
              abilities: new Set<GcpAbility>(['grants']),
              role,
              of,
              resource,
            });
          continue;
        }
        addToList(this.#grants, member, { abilities, role, of, resource });
        const places = deploying.get(member) ?? new Map();
        deploying.set(member, places);
        const at = places.get(of) ?? { abilities: new Set<GcpAbility>(), role };
        for (const each of abilities) at.abilities.add(each);
        places.set(of, at);
      }
    }
    for (const [member, places] of deploying) this.#addDeployments(member, places);
    for (const [member, places] of deploying) this.#addServiceDeployments(member, places);
  }

  #underCondition(
    abilities: ReadonlySet<GcpAbility>,
    binding: GcpBinding,
    custom: ReadonlyMap<string, readonly string[]>,
  ): Conditioned {
    if (binding.condition?.expression === undefined)
      return { certain: abilities, unsure: new Set(), harmless: new Set() };
    return underCondition(
      abilities,
      binding,
      this.#estate.askedAt(binding.resource),
      (ability) => {
        const found = [...DATA, EXPORTS].find(([each]) => each === ability);
        return found === undefined
          ? null
          : { type: found[1], stores: this.#storesBelow(binding.of, found[1]) };
      },
      custom,
    );
  }

  /** What a role gives a member at a place, without what deny policies take away. */
  #given(
    role: string,
    custom: ReadonlyMap<string, readonly string[]>,
    member: string,
    { of, resource }: GcpBinding,
  ): ReadonlySet<GcpAbility> | undefined {
    if (this.#estate.ofType('gcp-deny-policy').length === 0) return abilitiesOfRole(role, custom);
    return abilitiesOfRole(
      role,
      custom,
      (permission) => deniedBy(this.#estate, { of, at: resource }, member, permission) !== undefined,
      `resourcemanager.${/\/(folders|organizations)\/[^/]+$/.exec(of)?.[1] ?? 'projects'}.setIamPolicy`,
    );
  }

  #addAbilities(member: string, abilities: ReadonlySet<GcpAbility>, role: string, of: string): void {
    const where = this.#placeText(of);
    const wide = isWide(of);
    if (abilities.has('owns') && wide) {
      // Nothing else can be added to that.
      this.#search.add(member, 'P0', `has ${role} over ${where}`);
      return;
    }
    if (abilities.has('grants') && wide)
      this.#search.add(member, 'P1', `has ${role} over ${where} and may give itself every role there`);
    if (abilities.has('edits') && wide)
      this.#search.add(member, 'P2', `has ${role} over ${where} and may deploy code as its service accounts`);
    if (abilities.has('impersonates') || abilities.has('owns'))
      this.#search.addWay(member, `tokens ${role} ${of}`, () =>
        (this.#accountsBelow.get(of) ?? []).map((account) => ({
          to: [account],
          how: `may take a token of ${account.slice('serviceAccount:'.length)} (${role} over ${where}), which`,
        })),
      );
    for (const [ability, type, what] of DATA)
      if (abilities.has(ability) && (wide || this.#isMost(of, type)))
        this.#search.add(member, 'P3', `may read ${what} (${role} over ${where})`);
    const [exports, exported, what] = EXPORTS;
    if (
      abilities.has(exports) &&
      (wide ? this.#storesBelow(of, exported).length > 0 : this.#isMost(of, exported))
    )
      this.#search.add(member, 'P3', `may export ${what} (${role} over ${where})`);
    if (abilities.has('controls') && wide) this.#search.add(member, 'P4', `has ${role} over ${where}`);
  }

  /** Acting as a service account takes both: the right to use it, and something to deploy that uses it. */
  #addDeployments(
    member: string,
    places: ReadonlyMap<string, { readonly abilities: ReadonlySet<GcpAbility>; readonly role: string }>,
  ): void {
    const deploys = [...places.values()].some(({ abilities }) => abilities.has('deploys'));
    if (!deploys) return;
    for (const [of, { abilities, role }] of places) {
      if (!abilities.has('acts-as')) continue;
      this.#search.addWay(member, `deployments ${role} ${of}`, () =>
        (this.#accountsBelow.get(of) ?? []).map((account) => ({
          to: [account],
          how: `may deploy code as ${account.slice('serviceAccount:'.length)} (${role} over ${this.#placeText(of)}), which`,
        })),
      );
    }
  }

  /** Some services deploy in their own name, as an account that has its rights by the same policy. */
  #addServiceDeployments(
    member: string,
    places: ReadonlyMap<string, { readonly abilities: ReadonlySet<GcpAbility>; readonly role: string }>,
  ): void {
    for (const [of, { abilities, role }] of places)
      for (const agent of this.agentsAt(of, abilities))
        this.#search.addStep(
          member,
          [agent],
          `may deploy code as ${agent.slice('serviceAccount:'.length)} (${role} over ${this.#placeText(of)}), which`,
        );
  }

  /** The stores of a type at a place or below. */
  #storesBelow(of: string, type: string): readonly EstateResource[] {
    const one = this.#estate.find(of);
    return this.#estate
      .ofType(type)
      .filter((store) => store === one || chainOf(this.#estate, store).includes(of));
  }

  /** One store that is more than half of all of its type, or tagged sensitive. */
  #isMost(of: string, type: string): boolean {
    const all = this.#estate.ofType(type);
    const one = this.#estate.find(of);
    if (one?.type !== type) return false;
    return all.length === 1 || isTaggedSensitive(one.tags);
  }
}

const NOTHING: CloudPrivilege = { level: 'none', reasons: [], missing: [] };

const POLICIES = `IAM policies: ${assetCall('--project=PROJECT', 'iam-policy')}`;

function memberOf(email: string): string {
  return `serviceAccount:${email}`;
}

/** True for an organisation, a folder or a whole project. */
export function isWide(of: string): boolean {
  return /^\/\/cloudresourcemanager\.googleapis\.com\/(?:projects|folders|organizations)\/[^/]+$/.test(of);
}

function placeText(of: string): string {
  const [, kind, name] = /\/(project|folder|organization)s\/([^/]+)$/.exec(of) ?? [];
  return kind === undefined ? of.slice(of.lastIndexOf('/') + 1) : `${kind} ${name}`;
}

/** What tokens with a scope of this kind read, of what their account may. */
const READ_BY_SCOPE: readonly (readonly [scope: RegExp, what: string])[] = [
  [/^devstorage\.(?!write_only$)/, 'objects of buckets'],
  [/^bigquery(?:$|\.(?!insertdata$))/, 'data of BigQuery'],
];

/** Scopes of a machine's tokens: without `cloud-platform` they are good for the services that they name alone. */
function withinScopes(privilege: CloudPrivilege, scopes: readonly string[] | undefined): CloudPrivilege {
  if (scopes === undefined || scopes.length === 0) return privilege;
  const names = scopes.map((scope) => scope.slice(scope.lastIndexOf('/') + 1));
  if (names.some((name) => ['cloud-platform', 'compute', 'iam'].includes(name))) return privilege;
  if (privilege.level === 'none' || privilege.level === 'unknown' || privilege.level === 'P4')
    return privilege;
  const read = READ_BY_SCOPE.flatMap(([scope, what]) =>
    names.some((name) => scope.test(name)) ? [what] : [],
  );
  const reason = privilege.reasons.find(
    (each) =>
      read.length > 0 &&
      (/^has roles\/(?:owner|editor) /.test(each) || read.some((what) => each.includes(what))),
  );
  if (reason === undefined) return NOTHING;
  return {
    level: 'P3',
    reasons: [`${reason}, within the scopes ${names.slice(0, 3).join(', ')}`],
    missing: [],
  };
}
