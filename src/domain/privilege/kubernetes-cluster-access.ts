import { compareBytes } from '#base/compare.ts';
import { addToList } from '#base/list-map.ts';
import { type KubernetesEstate, nameOf, type Placed } from '../exposure/kubernetes-estate.ts';
import { noInventoryTells } from '../exposure/untold.ts';
import type {
  AccessRule,
  BindingFacts,
  RoleFacts,
  ServiceAccountFacts,
} from '../resource/facts/kubernetes-facts.ts';
import { selects } from '../resource/facts/kubernetes-selector.ts';
import { evidence } from '../risk/estate.ts';
import type { CloudIdentities } from './cloud-identity.ts';
import { type Ability, abilitiesOf, readsLogs, relabels } from './kubernetes-access.ts';
import { serviceAccountCloud } from './kubernetes-cloud-identity.ts';
import {
  type ClusterPrivilege,
  doubt,
  joined,
  type PrivilegeReason,
  privileged,
  unprivileged,
} from './kubernetes-judgement.ts';
import type { PrivilegeLevel } from './privilege.ts';

/** A right that somebody holds: by which binding, and where. */
interface Grant {
  readonly ability: Ability;
  /** Null for the whole cluster. */
  readonly namespace: string | null;
  readonly binding: Placed<BindingFacts>;
}

/** What one who may act as somebody of this level gains. */
const TAKEN: Readonly<Record<PrivilegeLevel, PrivilegeLevel | null>> = {
  P0: 'P2',
  P1: 'P2',
  P2: 'P2',
  P3: 'P3',
  P4: null,
};

/**
 * What the bindings of a cluster give to its service accounts and nodes, closed over the accounts that one can take
 * over (attack-paths §3.3, §3.5).
 */
export class ClusterAccess {
  readonly #estate: KubernetesEstate;
  readonly #cloud: CloudIdentities;
  readonly #rolesByName = new Map<string, Placed<RoleFacts>>();
  /** By `namespace/name`; by `namespace/*` and `*` for groups of accounts, by `node:` and `node:name` for nodes. */
  readonly #grants = new Map<string, Grant[]>();
  /** Bindings whose role is not here, by the same. */
  readonly #unresolved = new Map<string, string[]>();
  readonly #bindingsOf = new Map<string, Placed<BindingFacts>[]>();
  /** Bindings that let read logs, by the same as grants. */
  readonly #logReaders = new Map<string, Placed<BindingFacts>[]>();
  readonly #accounts = new Map<string, Placed<ServiceAccountFacts>>();
  readonly #running = new Set<string>();
  #byNamespace: ReadonlyMap<string, readonly string[]> | null = null;
  readonly #reasons = new Map<string, PrivilegeReason[]>();
  readonly #levels = new Map<string, PrivilegeLevel>();
  /** The accounts of a namespace that have a level; under null those of the cluster. */
  readonly #levelled = new Map<string | null, Set<string>>();

  constructor(estate: KubernetesEstate, cloud: CloudIdentities) {
    this.#estate = estate;
    this.#cloud = cloud;
    for (const role of estate.roles)
      this.#rolesByName.set(roleKey(role.facts.objectKind, role.facts.namespace, role.facts.name), role);
    for (const account of estate.serviceAccounts)
      this.#accounts.set(`${account.facts.namespace}/${account.facts.name}`, account);
    for (const { facts } of estate.workloads) this.#running.add(`${facts.namespace}/${facts.serviceAccount}`);
    for (const binding of estate.bindings.toSorted((a, b) => compareBytes(a.resource.key, b.resource.key)))
      this.#addBinding(binding);
    this.#close();
  }

  accountPrivilege(namespace: string, name: string): ClusterPrivilege {
    const account = `${namespace}/${name}`;
    const unsure = this.#grantsOf(account).map((grant) =>
      this.#podsBeyondPolicy(grant, `ServiceAccount ${account}`),
    );
    const found = { reasons: this.#reasons.get(account) ?? [], doubts: [], otherwise: [] };
    return joined([found, ...unsure, this.cloudPrivilege(namespace, name), this.#missing(namespace, name)]);
  }

  /** What an identity in a cloud adds: its rights are another inventory's to tell. */
  cloudPrivilege(namespace: string, name: string): ClusterPrivilege {
    const account = this.#accounts.get(`${namespace}/${name}`);
    return account === undefined ? joined([]) : serviceAccountCloud(account, this.#cloud);
  }

  /** Whether the pods of an account get its token where they do not say; by default they do. */
  mountsToken(namespace: string, name: string): boolean {
    return this.#accounts.get(`${namespace}/${name}`)?.facts.mountsToken ?? true;
  }

  /** The bindings by which an account may read the logs of the pods of its namespace. */
  logReadersOf(namespace: string, name: string): readonly Placed<BindingFacts>[] {
    return holdersOf(`${namespace}/${name}`)
      .flatMap((key) => this.#logReaders.get(key) ?? [])
      .filter(({ facts }) => facts.objectKind === 'ClusterRoleBinding' || facts.namespace === namespace);
  }

  /**
   * As which service accounts of its namespace a binding lets somebody run, each with the strongest right that does: by pods of
   * their own, by entering those that run, or by tokens that are made for them. Empty for a binding of the whole cluster,
   * which is in no namespace and gives rights to all of it, and where its role is not here.
   */
  runsAs(binding: Placed<BindingFacts>): ReadonlyMap<string, Ability> {
    const taken = new Map<string, Ability>();
    for (const ability of this.#abilities(binding) ?? [])
      if (ability.takes !== 'nothing' && ability.takes !== 'secrets')
        for (const account of this.#accountsIn(binding.facts.namespace))
          if (!taken.has(account) && (ability.takes !== 'running' || this.#running.has(account)))
            taken.set(account, ability);
    return taken;
  }

  /** The service accounts that are described and that a binding is about, by themselves or in a group. */
  accountsBoundBy({ facts }: Placed<BindingFacts>): readonly string[] {
    const bound = new Set(facts.subjects.map((subject) => holderOf(subject, facts.namespace)));
    return [...this.#accounts.keys()].filter((account) => holdersOf(account).some((key) => bound.has(key)));
  }

  #accountsIn(namespace: string): readonly string[] {
    this.#byNamespace ??= Map.groupBy(this.#accounts.keys(), namespaceOf);
    return this.#byNamespace.get(namespace) ?? [];
  }

  /** What is bound to a node's own identity. */
  nodeReasons(name: string): readonly PrivilegeReason[] {
    return ['node:', `node:${name}`]
      .flatMap((key) => this.#grants.get(key) ?? [])
      .filter((grant) => grant.namespace === null)
      .flatMap((grant) => this.#granted(`Node ${name}`, grant).reasons);
  }

  /** A role makes those privileged to whom a binding gives it; by itself it does nothing. */
  rolePrivilege({ facts, resource }: Placed<RoleFacts>): ClusterPrivilege {
    const name = nameOf(resource);
    if (abilitiesOf(this.#rulesOf(facts, new Set())).length === 0)
      return unprivileged(`${name} gives none of the rights that make somebody privileged.`, resource);
    const bindings = this.#bindingsOf.get(roleKey(facts.objectKind, facts.namespace, facts.name)) ?? [];
    const given = bindings.map((binding) => {
      const own = this.bindingPrivilege(binding);
      const by = `is given by ${nameOf(binding.resource)}, which`;
      return {
        ...own,
        reasons: own.reasons.map((each) => ({ ...each, reason: `${by} ${each.reason}` })),
      };
    });
    return joined([...given, this.#orBindings(`No other binding gives ${name} to anybody.`, resource)]);
  }

  bindingPrivilege(binding: Placed<BindingFacts>): ClusterPrivilege {
    const { facts, resource } = binding;
    const name = nameOf(resource);
    const abilities = this.#abilities(binding);
    if (abilities === null)
      return doubt(`${facts.role.objectKind} ${facts.role.name}: kubectl get roles,clusterroles -A -o json`);
    if (facts.subjects.length === 0) return unprivileged(`${name} binds nobody.`, resource);
    if (abilities.length === 0)
      return unprivileged(`${name} gives none of the rights that make somebody privileged.`, resource);
    const who = facts.subjects
      .slice(0, 3)
      .map((subject) => `${subject.objectKind} ${subject.name}`)
      .join(', ');
    if (facts.objectKind === 'ClusterRoleBinding')
      return joined(
        abilities.map(({ level, can }) =>
          privileged(level, name, `lets ${who} ${can} in the whole cluster`, resource),
        ),
      );
    const { namespace } = facts;
    const parts = abilities.flatMap((ability) => {
      const grant: Grant = { ability, namespace, binding };
      const taken = this.#takenOver(grant, null);
      const unsure = this.#podsBeyondPolicy(grant, who);
      if (taken === null) return [unsure];
      const reason = `lets ${who} ${ability.can} in the namespace ${namespace}, and so act as ${taken.account}, which is ${this.#levels.get(taken.account)}`;
      return [privileged(taken.level, name, reason, resource), unsure];
    });
    return joined([
      ...parts,
      this.#orBindings(
        `${name} lets ${who} ${listed(abilities)} in the namespace ${namespace} only, where no service account is privileged.`,
        resource,
      ),
    ]);
  }

  #addBinding(binding: Placed<BindingFacts>): void {
    const { facts } = binding;
    addToList(this.#bindingsOf, this.#roleOf(facts), binding);
    const rules = this.#rulesOfBinding(binding);
    const abilities = rules === null ? null : abilitiesOf(rules);
    const reads = rules !== null && readsLogs(rules);
    const namespace = facts.objectKind === 'ClusterRoleBinding' ? null : facts.namespace;
    for (const subject of facts.subjects) {
      const key = holderOf(subject, facts.namespace);
      if (key === null) continue;
      if (reads) addToList(this.#logReaders, key, binding);
      if (abilities === null) addToList(this.#unresolved, key, `${facts.role.objectKind} ${facts.role.name}`);
      else for (const ability of abilities) addToList(this.#grants, key, { ability, namespace, binding });
    }
  }

  #roleOf({ role, namespace }: BindingFacts): string {
    return roleKey(role.objectKind, role.objectKind === 'Role' ? namespace : '', role.name);
  }

  /** What the role of a binding gives; null when the role is not here. */
  #abilities(binding: Placed<BindingFacts>): readonly Ability[] | null {
    const rules = this.#rulesOfBinding(binding);
    return rules === null ? null : abilitiesOf(rules);
  }

  /** The rules of the role of a binding; null when the role is not here. */
  #rulesOfBinding({ facts }: Placed<BindingFacts>): readonly AccessRule[] | null {
    const found = this.#rolesByName.get(this.#roleOf(facts));
    if (found !== undefined) return this.#rulesOf(found.facts, new Set());
    // The one role whose content is the same in every cluster.
    return facts.role.objectKind === 'ClusterRole' && facts.role.name === 'cluster-admin'
      ? [{ verbs: ['*'], groups: ['*'], resources: ['*'], names: [], paths: [] }]
      : null;
  }

  /** The rules of a role with those that it aggregates, which a cluster writes into it and a manifest does not. */
  #rulesOf(role: RoleFacts, within: Set<string>): readonly AccessRule[] {
    if (role.aggregates.length === 0 || within.has(role.name)) return role.rules;
    within.add(role.name);
    const added = this.#estate.roles.filter(
      ({ facts, resource }) =>
        facts.objectKind === 'ClusterRole' &&
        facts.name !== role.name &&
        role.aggregates.some((selector) => selects(selector, resource.tags)),
    );
    return [...role.rules, ...added.flatMap(({ facts }) => this.#rulesOf(facts, within))];
  }

  /** First what is granted in the whole cluster, then again and again who can act as somebody privileged. */
  #close(): void {
    const accounts = this.#holders();
    for (const account of accounts)
      for (const grant of this.#grantsOf(account))
        if (grant.namespace === null)
          this.#gain(account, this.#granted(`ServiceAccount ${account}`, grant).reasons);
    for (const [account, { facts }] of this.#accounts) {
      const { reasons } = this.cloudPrivilege(facts.namespace, facts.name);
      if (reasons.length > 0) this.#gain(account, reasons);
    }
    for (let changed = true; changed; ) {
      changed = false;
      for (const account of accounts) if (this.#takeOver(account)) changed = true;
    }
  }

  #gain(account: string, reasons: readonly PrivilegeReason[]): void {
    for (const reason of reasons) {
      addToList(this.#reasons, account, reason);
      const before = this.#levels.get(account);
      if (before === undefined || reason.level < before) this.#levels.set(account, reason.level);
    }
    for (const place of [null, namespaceOf(account)]) {
      const own = this.#levelled.get(place) ?? new Set();
      this.#levelled.set(place, own.add(account));
    }
  }

  #holders(): readonly string[] {
    const holders = new Set([...this.#accounts.keys(), ...this.#running]);
    for (const key of this.#grants.keys())
      if (!key.endsWith('*') && !key.startsWith('node:')) holders.add(key);
    return [...holders].sort(compareBytes);
  }

  #grantsOf(account: string): readonly Grant[] {
    return holdersOf(account).flatMap((key) => this.#grants.get(key) ?? []);
  }

  #granted(subject: string, { ability, binding }: Grant): ClusterPrivilege {
    const { role } = binding.facts;
    const reason = `may ${ability.can} in the whole cluster: ${nameOf(binding.resource)} binds ${role.objectKind} ${role.name}`;
    return privileged(ability.level, subject, reason, binding.resource);
  }

  /** Whether an account gains a level by acting as another. */
  #takeOver(account: string): boolean {
    let gained = false;
    for (const grant of this.#grantsOf(account)) {
      // Nobody gains more by acting as another.
      if ((this.#levels.get(account) ?? 'P4') <= 'P2') return gained;
      const taken = this.#takenOver(grant, account);
      const before = this.#levels.get(account);
      if (taken === null || (before !== undefined && before <= taken.level)) continue;
      const where = grant.namespace === null ? 'the whole cluster' : `the namespace ${grant.namespace}`;
      const reason = `may ${grant.ability.can} in ${where} (${nameOf(grant.binding.resource)}), and so act as ${taken.account}, which is ${this.#levels.get(taken.account)}`;
      this.#gain(
        account,
        privileged(taken.level, `ServiceAccount ${account}`, reason, grant.binding.resource).reasons,
      );
      gained = true;
    }
    return gained;
  }

  /** The strongest account that a right gives, another than `self`, and what that makes of its holder; null when there is none. */
  #takenOver(
    { ability, namespace }: Grant,
    self: string | null,
  ): { readonly account: string; readonly level: PrivilegeLevel } | null {
    if (ability.takes === 'nothing') return null;
    let best: { readonly account: string; readonly level: PrivilegeLevel } | null = null;
    for (const account of this.#levelled.get(namespace) ?? []) {
      if (account === self) continue;
      if (ability.takes === 'running' && !this.#running.has(account)) continue;
      if (ability.takes === 'secrets' && this.#accounts.get(account)?.facts.hasTokenSecret !== true) continue;
      const level = TAKEN[this.#levels.get(account) ?? 'P4'];
      if (level === null) continue;
      const isBetter =
        best === null ||
        level < best.level ||
        (level === best.level && compareBytes(account, best.account) < 0);
      if (isBetter) best = { account, level };
    }
    return best;
  }

  /** Who may run pods in a namespace may run privileged ones, unless the namespace or a policy that is not known forbids it. */
  #podsBeyondPolicy({ ability, namespace, binding }: Grant, who: string): ClusterPrivilege {
    if (namespace === null || (ability.takes !== 'pods' && ability.level !== 'P0')) return joined([]);
    const labels = this.#estate.namespaceLabels(namespace);
    const enforced = labels?.['pod-security.kubernetes.io/enforce'];
    const isEnforced = enforced === 'baseline' || enforced === 'restricted';
    // A binding in a namespace is about the namespace itself too, and with it about the label that enforces.
    if (isEnforced && !relabels(this.#rulesOfBinding(binding) ?? [])) return joined([]);
    const unless = isEnforced
      ? `once the label ${enforced} is taken off it, which its rights allow, and unless another policy forbids them`
      : 'unless a policy forbids them';
    const sentence = `${who} may run pods in the namespace ${namespace}, privileged ones too ${unless}.`;
    const policies = `admission policies of the namespace ${namespace}`;
    return doubt(
      labels === null ? `${policies}: kubectl get namespaces -o json` : noInventoryTells(policies),
      [evidence(sentence, binding.resource)],
    );
  }

  /** A fact that holds once all bindings are here; until then a doubt. */
  #orBindings(sentence: string, resource: Placed<unknown>['resource']): ClusterPrivilege {
    const isComplete =
      this.#estate.looked('ClusterRoleBinding', null) && this.#estate.looked('RoleBinding', null);
    return isComplete
      ? unprivileged(sentence, resource)
      : doubt(
          'roles and bindings of the cluster: kubectl get roles,clusterroles,rolebindings,clusterrolebindings -A -o json',
        );
  }

  /** What keeps an account from being certainly unprivileged. */
  #missing(namespace: string, name: string): ClusterPrivilege {
    const account = `${namespace}/${name}`;
    const missing = holdersOf(account)
      .flatMap((key) => this.#unresolved.get(key) ?? [])
      .map((role) =>
        doubt(
          `${role}, which is bound to the service account ${account}: kubectl get roles,clusterroles -A -o json`,
        ),
      );
    const object = this.#accounts.get(account);
    if (object === undefined && !this.#estate.looked('ServiceAccount', namespace))
      missing.push(
        doubt(`service accounts of the namespace ${namespace}: kubectl get serviceaccounts -A -o json`),
      );
    const about =
      object?.resource ?? this.#estate.bindings[0]?.resource ?? this.#estate.workloads[0]?.resource;
    const sentence = `No binding gives the service account ${account} a right that makes it privileged.`;
    return joined([...missing, ...(about === undefined ? [] : [this.#orBindings(sentence, about)])]);
  }
}

/** Whom a subject stands for: one service account, those of a namespace, all, a node, all nodes; null for people. */
function holderOf(subject: BindingFacts['subjects'][number], bindingNamespace: string): string | null {
  const { objectKind, name } = subject;
  if (objectKind === 'ServiceAccount')
    return `${subject.namespace === '' ? bindingNamespace : subject.namespace}/${name}`;
  const parts = name.split(':');
  if (objectKind === 'User') {
    if (name.startsWith('system:node:')) return `node:${name.slice('system:node:'.length)}`;
    return name.startsWith('system:serviceaccount:') && parts.length === 4 ? `${parts[2]}/${parts[3]}` : null;
  }
  if (name === 'system:nodes') return 'node:';
  if (name === 'system:serviceaccounts' || name === 'system:authenticated') return '*';
  return name.startsWith('system:serviceaccounts:') && parts.length === 3 ? `${parts[2]}/*` : null;
}

/** Whom rights have to be given to for a service account to hold them: itself, those of its namespace, all. */
function holdersOf(account: string): readonly string[] {
  return [account, `${namespaceOf(account)}/*`, '*'];
}

function namespaceOf(account: string): string {
  return account.slice(0, account.indexOf('/'));
}

function roleKey(objectKind: string, namespace: string, name: string): string {
  return `${objectKind}/${namespace}/${name}`;
}

function listed(abilities: readonly Ability[]): string {
  const words = abilities.slice(0, 3).map((ability) => ability.can);
  return abilities.length > words.length ? `${words.join(', ')} and more` : words.join(', ');
}
