import { addToList } from '#base/list-map.ts';
import { type KubernetesEstate, nameOf, type Placed } from '../exposure/kubernetes-estate.ts';
import { anyOf, no, unknown, yes } from '../exposure/kubernetes-verdict.ts';
import type {
  BindingFacts,
  RoleFacts,
  ServiceAccountFacts,
  WorkloadFacts,
} from '../resource/facts/kubernetes-facts.ts';
import type { RiskVerdict } from '../risk/detected-risk.ts';
import { evidence } from '../risk/estate.ts';
import { type Ability, abilitiesOf, LEVELS } from './kubernetes-access.ts';
import { escapesOf } from './kubernetes-escape.ts';

/**
 * Who in a cluster is privileged: service accounts by what is bound to them, workloads by their service account and
 * by the ways from their containers to the node, roles and bindings by what they give (design: attack-paths,
 * privileged access). *Yes* from P3 up. *No* needs all roles and bindings of the cluster, and for a service account with an
 * identity in a cloud the rights of that.
 */
export function kubernetesPrivilege(estate: KubernetesEstate): ReadonlyMap<string, RiskVerdict> {
  const verdicts = new Map<string, RiskVerdict>();
  const access = new ClusterAccess(estate);
  for (const account of estate.serviceAccounts)
    verdicts.set(account.resource.key, access.verdictOf(account.facts.namespace, account.facts.name));
  for (const workload of estate.workloads)
    verdicts.set(workload.resource.key, workloadVerdict(workload, estate, access));
  for (const role of estate.roles) verdicts.set(role.resource.key, access.roleVerdict(role));
  for (const binding of estate.bindings) verdicts.set(binding.resource.key, access.bindingVerdict(binding));
  for (const node of estate.nodes) {
    verdicts.set(
      node.resource.key,
      unknown('the cloud identity of the node and its permissions', [
        evidence(`${nameOf(node.resource)} holds the tokens of the pods that run on it.`, node.resource),
      ]),
    );
  }
  return verdicts;
}

function workloadVerdict(
  workload: Placed<WorkloadFacts>,
  estate: KubernetesEstate,
  access: ClusterAccess,
): RiskVerdict {
  const { facts, resource } = workload;
  const name = nameOf(resource);
  const ways = escapesOf(facts).map((way): RiskVerdict => {
    const sentence = `${name} can take over its node and the pods on it (P2): ${way.how}.`;
    return way.isCertain
      ? yes(sentence, resource)
      : unknown(`the user that ${name} runs as`, [
          evidence(`${name} runs as another user than root, and ${way.how}.`, resource),
        ]);
  });
  const account = estate
    .within(estate.serviceAccounts, facts.namespace)
    .find((each) => each.facts.name === facts.serviceAccount);
  const mounts = facts.mountsToken ?? account?.facts.mountsToken ?? true;
  if (mounts) ways.push(asRunner(access.verdictOf(facts.namespace, facts.serviceAccount), workload));
  else ways.push(no(`${name} gets no token of its service account.`, resource), access.cloudVerdict(account));
  return anyOf(ways);
}

function asRunner(verdict: RiskVerdict, workload: Placed<WorkloadFacts>): RiskVerdict {
  const runs = evidence(
    `${nameOf(workload.resource)} runs as the service account ${workload.facts.serviceAccount}.`,
    workload.resource,
  );
  return { ...verdict, evidence: [runs, ...verdict.evidence] };
}

/** A right that an account holds: by which binding, and where. */
interface Grant {
  readonly ability: Ability;
  /** Null for the whole cluster. */
  readonly namespace: string | null;
  readonly binding: Placed<BindingFacts>;
}

/** What the bindings of a cluster give to its service accounts, closed over the accounts that one can take over. */
class ClusterAccess {
  readonly #estate: KubernetesEstate;
  readonly #rolesByName = new Map<string, Placed<RoleFacts>>();
  /** By `namespace/name`; by `namespace/*` and `*` for groups of accounts. */
  readonly #grants = new Map<string, Grant[]>();
  /** Bindings whose role is not here, by the same. */
  readonly #unresolved = new Map<string, string[]>();
  readonly #bindingsOf = new Map<string, Placed<BindingFacts>[]>();
  readonly #verdicts = new Map<string, RiskVerdict>();
  /** The privileged service accounts of a namespace. */
  readonly #privilegedIn = new Map<string, string[]>();

  constructor(estate: KubernetesEstate) {
    this.#estate = estate;
    for (const role of estate.roles)
      this.#rolesByName.set(roleKey(role.facts.objectKind, role.facts.namespace, role.facts.name), role);
    for (const binding of estate.bindings) this.#addBinding(binding);
    this.#close();
  }

  verdictOf(namespace: string, account: string): RiskVerdict {
    const found = this.#verdicts.get(`${namespace}/${account}`);
    if (found !== undefined) return found;
    const object = this.#estate
      .within(this.#estate.serviceAccounts, namespace)
      .find((each) => each.facts.name === account);
    const unsure = this.#grantsOf(`${namespace}/${account}`).flatMap((grant) =>
      this.#podsBeyondPolicy(grant, `ServiceAccount ${namespace}/${account}`),
    );
    return anyOf([...unsure, this.cloudVerdict(object), ...this.#missing(namespace, account, object)]);
  }

  /** What an identity in a cloud adds: its rights are another inventory's to tell. */
  cloudVerdict(account: Placed<ServiceAccountFacts> | undefined): RiskVerdict {
    const identity = account?.facts.cloudIdentities[0];
    if (account === undefined || identity === undefined) return { state: 'no', evidence: [], missing: [] };
    return unknown(`permissions of ${identity}`, [
      evidence(`${nameOf(account.resource)} acts as ${identity} in the cloud.`, account.resource),
    ]);
  }

  /** A role makes those privileged to whom a binding gives it; by itself it does nothing. */
  roleVerdict(role: Placed<RoleFacts>): RiskVerdict {
    const { facts, resource } = role;
    const name = nameOf(resource);
    if (abilitiesOf(facts.rules).length === 0)
      return no(`${name} gives none of the rights that make somebody privileged.`, resource);
    const bindings = this.#bindingsOf.get(roleKey(facts.objectKind, facts.namespace, facts.name)) ?? [];
    return anyOf([
      ...bindings.map((binding) => this.bindingVerdict(binding)),
      this.#allBindings() ?? no(`No other binding gives ${name} to anybody.`, resource),
    ]);
  }

  bindingVerdict(binding: Placed<BindingFacts>): RiskVerdict {
    const { facts, resource } = binding;
    const name = nameOf(resource);
    const abilities = this.#abilities(binding);
    if (abilities === null)
      return unknown(
        `${facts.role.objectKind} ${facts.role.name}: kubectl get roles,clusterroles -A -o json`,
      );
    if (facts.subjects.length === 0) return no(`${name} binds nobody.`, resource);
    const [strongest] = abilities;
    if (strongest === undefined)
      return no(`${name} gives none of the rights that make somebody privileged.`, resource);
    const who = facts.subjects
      .slice(0, 3)
      .map((subject) => `${subject.objectKind} ${subject.name}`)
      .join(', ');
    if (facts.objectKind === 'ClusterRoleBinding')
      return yes(
        `${name} lets ${who} ${listed(abilities)} in the whole cluster (${strongest.level}).`,
        resource,
      );
    const { namespace } = facts;
    for (const ability of abilities) {
      const taken = this.#takenOver({ ability, namespace, binding });
      if (taken !== null)
        return yes(
          `${name} lets ${who} ${ability.can} in the namespace ${namespace}, and so act as ${taken}, which is privileged (P2).`,
          resource,
        );
    }
    const unsure = abilities.flatMap((ability) =>
      this.#podsBeyondPolicy({ ability, namespace, binding }, who),
    );
    return anyOf([
      ...unsure,
      this.#allBindings() ??
        no(
          `${name} lets ${who} ${listed(abilities)} in the namespace ${namespace} only, where no service account is privileged.`,
          resource,
        ),
    ]);
  }

  #addBinding(binding: Placed<BindingFacts>): void {
    const { facts } = binding;
    addToList(
      this.#bindingsOf,
      roleKey(
        facts.role.objectKind,
        facts.role.objectKind === 'Role' ? facts.namespace : '',
        facts.role.name,
      ),
      binding,
    );
    const abilities = this.#abilities(binding);
    const namespace = facts.objectKind === 'ClusterRoleBinding' ? null : facts.namespace;
    for (const subject of facts.subjects) {
      const key = accountsOf(subject, facts.namespace);
      if (key === null) continue;
      if (abilities === null) addToList(this.#unresolved, key, `${facts.role.objectKind} ${facts.role.name}`);
      else for (const ability of abilities) addToList(this.#grants, key, { ability, namespace, binding });
    }
  }

  /** What the role of a binding gives; null when the role is not here. */
  #abilities(binding: Placed<BindingFacts>): readonly Ability[] | null {
    const { role, namespace } = binding.facts;
    const found = this.#rolesByName.get(
      roleKey(role.objectKind, role.objectKind === 'Role' ? namespace : '', role.name),
    );
    if (found !== undefined) return abilitiesOf(found.facts.rules);
    // The one role whose content is the same in every cluster.
    return role.objectKind === 'ClusterRole' && role.name === 'cluster-admin'
      ? abilitiesOf([{ verbs: ['*'], groups: ['*'], resources: ['*'], names: [], paths: [] }])
      : null;
  }

  /** First what is granted in the whole cluster, then again and again who can act as somebody privileged. */
  #close(): void {
    const accounts = this.#accounts();
    for (const account of accounts) {
      const grants = this.#grantsOf(account).filter((grant) => grant.namespace === null);
      if (grants.length > 0)
        this.#setPrivileged(
          account,
          anyOf(grants.sort(strongestFirst).map((grant) => this.#granted(account, grant))),
        );
    }
    let changed = true;
    while (changed) {
      changed = false;
      for (const account of accounts) {
        if (this.#verdicts.has(account)) continue;
        const verdict = this.#takeover(account);
        if (verdict === null) continue;
        this.#setPrivileged(account, verdict);
        changed = true;
      }
    }
  }

  #setPrivileged(account: string, verdict: RiskVerdict): void {
    this.#verdicts.set(account, verdict);
    addToList(this.#privilegedIn, namespaceOf(account), account);
  }

  #accounts(): readonly string[] {
    const accounts = new Set(
      this.#estate.serviceAccounts.map((each) => `${each.facts.namespace}/${each.facts.name}`),
    );
    for (const { facts } of this.#estate.workloads)
      accounts.add(`${facts.namespace}/${facts.serviceAccount}`);
    for (const key of this.#grants.keys()) if (!key.endsWith('*')) accounts.add(key);
    return [...accounts].sort();
  }

  #grantsOf(account: string): readonly Grant[] {
    return keysOf(account).flatMap((key) => this.#grants.get(key) ?? []);
  }

  #granted(account: string, { ability, binding }: Grant): RiskVerdict {
    return yes(
      `ServiceAccount ${account} may ${ability.can} in the whole cluster (${ability.level}): ${nameOf(binding.resource)} binds ${binding.facts.role.objectKind} ${binding.facts.role.name}.`,
      binding.resource,
    );
  }

  #takeover(account: string): RiskVerdict | null {
    for (const grant of this.#grantsOf(account)) {
      const other = this.#takenOver(grant);
      if (other === null) continue;
      return yes(
        `ServiceAccount ${account} may ${grant.ability.can} in the namespace ${grant.namespace} (${nameOf(grant.binding.resource)}), and so act as ${other}, which is privileged (P2).`,
        grant.binding.resource,
      );
    }
    return null;
  }

  /** A privileged account of the namespace that a right in it gives; null when there is none. */
  #takenOver({ ability, namespace }: Grant): string | null {
    if (namespace === null || ability.takes === 'nothing') return null;
    const { serviceAccounts, workloads } = this.#estate;
    const isTaken = (account: string): boolean => {
      const name = account.slice(namespace.length + 1);
      if (ability.takes === 'running')
        return this.#estate.within(workloads, namespace).some(({ facts }) => facts.serviceAccount === name);
      if (ability.takes === 'secrets')
        return this.#estate
          .within(serviceAccounts, namespace)
          .some(({ facts }) => facts.name === name && facts.hasTokenSecret);
      return true;
    };
    return this.#privilegedIn.get(namespace)?.find(isTaken) ?? null;
  }

  /** Who may run pods in a namespace may run privileged ones, unless the namespace or a policy that is not known forbids it. */
  #podsBeyondPolicy({ ability, namespace, binding }: Grant, who: string): readonly RiskVerdict[] {
    if (namespace === null || (ability.takes !== 'pods' && ability.level !== 'P0')) return [];
    const enforced = this.#estate.namespaceLabels(namespace)?.['pod-security.kubernetes.io/enforce'];
    if (enforced === 'baseline' || enforced === 'restricted') return [];
    return [
      unknown(`admission policies of the namespace ${namespace}`, [
        evidence(
          `${who} may run pods in the namespace ${namespace}, privileged ones too unless a policy forbids them.`,
          binding.resource,
        ),
      ]),
    ];
  }

  /** Unknown while bindings may be missing; null when all are here. */
  #allBindings(): RiskVerdict | null {
    const isComplete =
      this.#estate.looked('ClusterRoleBinding', null) && this.#estate.looked('RoleBinding', null);
    return isComplete
      ? null
      : unknown(
          'roles and bindings of the cluster: kubectl get roles,clusterroles,rolebindings,clusterrolebindings -A -o json',
        );
  }

  /** What keeps an account from being certainly unprivileged. */
  #missing(
    namespace: string,
    account: string,
    object: Placed<ServiceAccountFacts> | undefined,
  ): readonly RiskVerdict[] {
    const key = `${namespace}/${account}`;
    const missing = keysOf(key)
      .flatMap((each) => this.#unresolved.get(each) ?? [])
      .map((role) => unknown(`${role}, which is bound to the service account ${key}`));
    const bindings = this.#allBindings();
    if (bindings !== null) missing.push(bindings);
    if (object === undefined && !this.#estate.looked('ServiceAccount', namespace))
      missing.push(
        unknown(`service accounts of the namespace ${namespace}: kubectl get serviceaccounts -A -o json`),
      );
    const about = object?.resource ?? this.#estate.bindings[0]?.resource;
    if (missing.length > 0 || about === undefined) return missing;
    return [no(`No binding gives the service account ${key} a right that makes it privileged.`, about)];
  }
}

/** The service accounts that a subject stands for: one, those of a namespace, all; null for people. */
function accountsOf(subject: BindingFacts['subjects'][number], bindingNamespace: string): string | null {
  if (subject.objectKind === 'ServiceAccount')
    return `${subject.namespace === '' ? bindingNamespace : subject.namespace}/${subject.name}`;
  const parts = subject.name.split(':');
  if (subject.objectKind === 'User')
    return subject.name.startsWith('system:serviceaccount:') && parts.length === 4
      ? `${parts[2]}/${parts[3]}`
      : null;
  if (subject.name === 'system:serviceaccounts' || subject.name === 'system:authenticated') return '*';
  return subject.name.startsWith('system:serviceaccounts:') && parts.length === 3 ? `${parts[2]}/*` : null;
}

/** The keys under which rights of an account stand. */
function keysOf(account: string): readonly string[] {
  return [account, `${namespaceOf(account)}/*`, '*'];
}

function namespaceOf(account: string): string {
  return account.slice(0, account.indexOf('/'));
}

function strongestFirst(a: Grant, b: Grant): number {
  return LEVELS.indexOf(a.ability.level) - LEVELS.indexOf(b.ability.level);
}

function roleKey(objectKind: string, namespace: string, name: string): string {
  return `${objectKind}/${namespace}/${name}`;
}

function listed(abilities: readonly Ability[]): string {
  const words = abilities.slice(0, 3).map((ability) => ability.can);
  return abilities.length > words.length ? `${words.join(', ')} and more` : words.join(', ');
}
