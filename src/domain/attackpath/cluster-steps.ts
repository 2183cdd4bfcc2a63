import { compareBytes } from '#base/compare.ts';
import { oneLine } from '#base/text.ts';
import { KubernetesEstate, nameOf, type Placed } from '../exposure/kubernetes-estate.ts';
import { trustsServiceAccount } from '../privilege/aws/service-account-role.ts';
import type { CloudIdentities } from '../privilege/cloud-identity.ts';
import { NO_CLOUD_IDENTITIES } from '../privilege/cloud-identity.ts';
import type { Ability } from '../privilege/kubernetes-access.ts';
import { ClusterAccess } from '../privilege/kubernetes-cluster-access.ts';
import { type Escape, escapesOf, logFolderOf } from '../privilege/kubernetes-escape.ts';
import type { PrivilegeReason } from '../privilege/kubernetes-judgement.ts';
import type {
  BindingFacts,
  ContainerFacts,
  ServiceAccountFacts,
  WorkloadFacts,
} from '../resource/facts/kubernetes-facts.ts';
import { identifyResource } from '../resource/resource-key.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { administratorOf } from './administrator.ts';
import type { AttackStep } from './attack-step.ts';
import { type ClusterSubject, outerSubject, subjectState } from './cluster-subject.ts';
import { configuredGate } from './gate.ts';
import type { PathEstate } from './path-facts.ts';
import type { State } from './state.ts';
import { type StepRuleId, stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** A cluster as its inventory describes it, and what its pods may be in a cloud. */
export interface ClusterFacts {
  readonly estate: string;
  readonly resources: readonly EstateResource[];
  readonly cloud: CloudIdentities;
  readonly about: PathEstate;
  /** By the key of a node the key of the machine of a cloud that it is, where that is known. */
  readonly machineOf?: ReadonlyMap<string, string>;
}

/** A way to run code on a workload, by a flaw of one of its images or by anything else. */
export type Arrival = Pick<AttackStep, 'flawed'>;

/** Root on some node of a cluster: which one a pod runs on changes by the hour. */
export function nodeOf(estate: string): State {
  return { asset: `${estate}/node`, family: 'node', capability: 'root' };
}

/** The secrets of a cluster, as one thing that holds data. */
export function secretsOf(estate: string): State {
  return { asset: `${estate}/secrets`, family: 'datastore', capability: 'read' };
}

/**
 * Inside a cluster: from a container to the token of its service account, to the role that this is in a cloud, and to
 * the node; from a service account to what it may do (attack-paths §4.12). `arrivals` are the ways
 * to run code on workloads, by the keys of these: in which of its containers, the flawed image tells.
 */
export function clusterSteps(
  facts: ClusterFacts,
  arrivals: ReadonlyMap<string, readonly Arrival[]> = new Map(),
): readonly AttackStep[] {
  return new ClusterSteps(facts, arrivals).all();
}

/** Somebody to whom a binding gives rights. */
interface Holder {
  readonly state: State;
  readonly who: string;
  /** As the binding names it, in the id of what takes it out. */
  readonly subject: string;
  /** `namespace/name` of a service account. */
  readonly account: string | null;
}

/** A service account that a right lets somebody act as. */
interface TakenAccount {
  readonly account: string;
  readonly ability: Ability;
  readonly roles: readonly CloudRole[];
}

/** A role of AWS that a service account is. */
interface CloudRole {
  readonly role: State;
  readonly identity: string;
}

class ClusterSteps {
  readonly #facts: ClusterFacts;
  readonly #estate: KubernetesEstate;
  readonly #access: ClusterAccess;
  readonly #accounts = new Map<string, Placed<ServiceAccountFacts>>();
  readonly #name: string;
  readonly #arrivals: ReadonlyMap<string, readonly Arrival[]>;
  #leading: ReadonlySet<string> | null = null;

  constructor(facts: ClusterFacts, arrivals: ReadonlyMap<string, readonly Arrival[]>) {
    this.#facts = facts;
    this.#arrivals = arrivals;
    this.#estate = new KubernetesEstate(facts.resources);
    // What its accounts are in a cloud are steps of their own.
    this.#access = new ClusterAccess(this.#estate, NO_CLOUD_IDENTITIES);
    for (const account of this.#estate.serviceAccounts)
      this.#accounts.set(`${account.facts.namespace}/${account.facts.name}`, account);
    this.#name = shownName(facts.about.name);
  }

  all(): readonly AttackStep[] {
    return [
      ...this.#estate.workloads.flatMap((workload) => [
        ...this.#tokenSteps(workload),
        ...this.#escapeSteps(workload),
        ...this.#logSteps(workload),
      ]),
      ...this.#nodeSteps(),
      ...this.#estate.bindings.flatMap((binding) => [
        ...this.#subjectSteps(binding),
        ...this.#namespaceSteps(binding),
      ]),
      ...[...this.#accounts.values()].flatMap((account) => [
        ...this.#rightsSteps(account),
        ...this.#adminSteps(account),
      ]),
    ];
  }

  #principal(account: string): State {
    const [namespace = '', name = ''] = account.split('/');
    const key =
      this.#accounts.get(account)?.resource.key ??
      `${this.#facts.estate}//ServiceAccount/${namespace}/${name}`;
    return { asset: key, family: 'principal', capability: 'use' };
  }

  #node(): State {
    return nodeOf(this.#facts.estate);
  }

  #getsToken({ namespace, serviceAccount, mountsToken }: WorkloadFacts): boolean {
    return mountsToken ?? this.#access.mountsToken(namespace, serviceAccount);
  }

  /** The token of the service account, and the role that a cloud gives to it. */
  #tokenSteps({ facts, resource }: Placed<WorkloadFacts>): readonly AttackStep[] {
    const account = `${facts.namespace}/${facts.serviceAccount}`;
    const from: State = { asset: resource.key, family: 'workload', capability: 'exec' };
    const name = shownName(resource.name);
    const shown = shownName(account);
    const steps: AttackStep[] = [];
    if (this.#getsToken(facts))
      steps.push(
        this.#step('service-account-token', from, this.#principal(account), {
          sentence: `Code on ${name} can use the token of its service account ${shown}`,
          gate: [`${resource.key} token`, `do not mount the token of ${shown} into ${name}`],
          evidence: [evidence(`${name} runs as the service account ${account}.`, resource)],
        }),
      );
    for (const { role, identity } of this.#rolesOf(account))
      steps.push(
        this.#step('pod-cloud-role', from, role, {
          sentence: `Code on ${name} can act as ${shownName(identity)}, the role of its service account ${shown}`,
          gate: [
            `${resource.key} cloud role`,
            `give ${name} a service account without the role ${shownName(identity)}`,
          ],
          evidence: [
            evidence(`${name} runs as ${account}, which acts as ${identity} in the cloud.`, resource),
          ],
        }),
      );
    return steps;
  }

  /** The roles of AWS that trust a service account and whose account was described. */
  #rolesOf(account: string): readonly CloudRole[] {
    const found = this.#accounts.get(account);
    if (found === undefined) return [];
    const { roles, associated } = this.#facts.cloud;
    // What a session policy leaves of a role is no certain step.
    const given = (associated.get(account) ?? []).filter(({ isNarrowed }) => !isNarrowed);
    const through = new Set(given.flatMap(({ arn, isThroughAnother }) => (isThroughAnother ? [arn] : [])));
    const identities = new Set([...found.facts.cloudIdentities, ...given.map(({ arn }) => arn)]);
    return [...identities].flatMap((identity) => {
      const role = roles.get(identity);
      if (role === undefined) return [];
      const isTrusted =
        through.has(identity) ||
        role.trust === null ||
        trustsServiceAccount(role.trust, identity, found.facts, role.at);
      return isTrusted
        ? [
            {
              role: { asset: `aws:${identity}`, family: 'principal' as const, capability: 'use' as const },
              identity,
            },
          ]
        : [];
    });
  }

  #escapeSteps(workload: Placed<WorkloadFacts>): readonly AttackStep[] {
    const { facts, resource } = workload;
    const name = shownName(resource.name);
    return escapesOf(facts).flatMap((way): readonly AttackStep[] => {
      const from = way.isCertain ? this.#from(way, workload) : null;
      if (from === null) return [];
      const { how } = way;
      const isSibling = from === 'sibling';
      return [
        this.#step(
          'container-escape',
          { asset: resource.key, family: 'workload', capability: 'exec' },
          this.#node(),
          {
            kind: isSibling ? 'shared-processes' : /\.sock\b|socket/.test(how) ? 'socket' : 'privileges',
            sentence: `Code on ${name} can break out to the node of ${this.#name} that it runs on: ${isSibling ? 'its containers share their processes, and ' : ''}${shownName(how)}`,
            gate: [`${resource.key} ${how}`, `take this from ${name}: ${shownName(how)}`],
            also: isSibling
              ? [
                  [
                    `${resource.key} shared processes`,
                    `let the containers of ${name} not share their processes`,
                  ],
                ]
              : [],
            evidence: [
              evidence(`${name} can take over its node: ${how}.`, resource),
              ...(isSibling ? [evidence(`The containers of ${name} share their processes.`, resource)] : []),
            ],
          },
        ),
      ];
    });
  }

  /**
   * Whether somebody is in the container that a way out is from, or comes there over processes that another one shares
   * with it as root; null where neither is so. Where nothing tells in which container somebody is, it may be any.
   */
  #from({ container }: Escape, { facts, resource }: Placed<WorkloadFacts>): 'itself' | 'sibling' | null {
    const arrivals = this.#arrivals.get(resource.key) ?? [];
    if (container === undefined || facts.containers.length === 1 || arrivals.length === 0) return 'itself';
    const entered = arrivals.map(({ flawed }) =>
      facts.containers.filter((each) => flawed !== undefined && imageKeyOf(each) === flawed.key),
    );
    if (entered.some((own) => own.length === 0 || own.includes(container))) return 'itself';
    const isShared =
      facts.sharesProcesses === true && entered.flat().some(({ runsAsRoot }) => runsAsRoot !== false);
    return isShared ? 'sibling' : null;
  }

  /** A link that is left where a node keeps its logs shows, as a log, any file of the node. */
  #logSteps({ facts, resource }: Placed<WorkloadFacts>): readonly AttackStep[] {
    const folder = logFolderOf(facts);
    if (folder === null || !this.#getsToken(facts)) return [];
    const name = shownName(resource.name);
    const account = `${facts.namespace}/${facts.serviceAccount}`;
    const shown = shownName(account);
    return this.#access.logReadersOf(facts.namespace, facts.serviceAccount).map((binding) =>
      this.#step(
        'container-escape',
        { asset: resource.key, family: 'workload', capability: 'exec' },
        this.#node(),
        {
          kind: 'log-link',
          sentence: `Code on ${name} can leave a link in ${folder} of the node of ${this.#name} that it runs on and read the file that it leads to as a log, as ${shown} may read logs`,
          gate: [
            `${resource.key} ${folder}`,
            `mount ${folder} into ${name} for reading alone, or not at all`,
          ],
          also: [
            [
              `${binding.resource.key} logs`,
              `take the right to read logs from ${shown} (${shownName(binding.resource.name)})`,
            ],
            [`${resource.key} token`, `do not mount the token of ${shown} into ${name}`],
          ],
          evidence: [
            evidence(`${name} may write to ${folder} of its node.`, resource),
            evidence(`${binding.resource.name} lets ${account} read logs of pods.`, binding.resource),
          ],
        },
      ),
    );
  }

  /** Tokens that every node keeps, because a DaemonSet runs on all of them; which other pods are there is not told. */
  #nodeSteps(): readonly AttackStep[] {
    if (!this.#estate.looked('Node', null)) return [];
    return this.#estate.workloads.flatMap(({ facts, resource }) => {
      const isEverywhere =
        facts.objectKind === 'DaemonSet' &&
        facts.replicas !== null &&
        facts.replicas >= this.#estate.nodes.length;
      if (!isEverywhere || !this.#getsToken(facts)) return [];
      const account = `${facts.namespace}/${facts.serviceAccount}`;
      const name = shownName(resource.name);
      return [
        this.#step('node-tokens', this.#node(), this.#principal(account), {
          sentence: `Every node keeps the token of ${name}, which runs as the service account ${shownName(account)}`,
          gate: [`${resource.key} token`, `do not mount the token of ${shownName(account)} into ${name}`],
          evidence: [evidence(`${name} runs on every node of the cluster.`, resource)],
        }),
      ];
    });
  }

  /** What a service account may do in the cluster by itself, or by acting as another. */
  #rightsSteps({ facts, resource }: Placed<ServiceAccountFacts>): readonly AttackStep[] {
    const account = `${facts.namespace}/${facts.name}`;
    const { reasons } = this.#access.accountPrivilege(facts.namespace, facts.name);
    const from = this.#principal(account);
    return reasons.flatMap((reason): readonly AttackStep[] => {
      const target = TARGET_OF_LEVEL[reason.level];
      if (target === undefined) return [];
      const to =
        target === 'cluster-secrets' ? secretsOf(this.#facts.estate) : administratorOf(this.#facts.estate);
      return [
        this.#step(target, from, to, {
          sentence: `The service account ${shownName(account)} ${this.#rightsText(reason)}`,
          gate: [
            `${resource.key} ${reason.reason}`,
            `take this from ${shownName(account)}: ${reason.reason}`,
          ],
          evidence: [reason.fact],
        }),
      ];
    });
  }

  /** What a binding gives to the users and groups as whom somebody logs in from outside: of what leads to one thing the strongest. */
  #subjectSteps(binding: Placed<BindingFacts>): readonly AttackStep[] {
    const named = binding.facts.subjects.flatMap((subject) => {
      const outer = outerSubject(subject);
      return outer === null ? [] : [{ subject, outer }];
    });
    return named.flatMap(({ subject, outer }) => {
      const facts = { ...binding.facts, subjects: [subject] };
      const { reasons } = this.#access.bindingPrivilege({ ...binding, facts });
      const best = new Map<string, PrivilegeReason>();
      for (const reason of reasons.toSorted((a, b) => compareBytes(a.level, b.level))) {
        const rule = TARGET_OF_LEVEL[reason.level];
        const to = rule === 'cluster-secrets' ? rule : 'cluster-admin';
        if (rule !== undefined && !best.has(to)) best.set(to, reason);
      }
      return [...best.values()].map((reason) => this.#subjectStep(binding, outer, reason));
    });
  }

  #subjectStep(
    { resource }: Placed<BindingFacts>,
    subject: ClusterSubject,
    reason: PrivilegeReason,
  ): AttackStep {
    const rule = TARGET_OF_LEVEL[reason.level] as StepRuleId;
    const isSecrets = rule === 'cluster-secrets';
    const who = `${subject.objectKind} ${shownName(subject.name)}`;
    const by = shownName(nameOf(resource));
    return this.#step(
      rule,
      subjectState(this.#facts.estate, subject),
      isSecrets ? secretsOf(this.#facts.estate) : administratorOf(this.#facts.estate),
      {
        sentence: `${who} ${isSecrets ? 'reads the secrets of' : 'administers'} ${this.#name}: ${by} ${this.#rightsText(reason)}`,
        is: 'statement',
        gate: [
          `${resource.key} ${subject.objectKind} ${subject.name}`,
          `take ${who} out of ${by} of ${this.#name}`,
        ],
        evidence: [reason.fact],
      },
    );
  }

  /** Whoever may run pods of a namespace, or enter them, is what its service accounts are: in a cloud, and in other namespaces. */
  #namespaceSteps(binding: Placed<BindingFacts>): readonly AttackStep[] {
    const taken = [...this.#access.runsAs(binding)].map(([account, ability]) => ({
      account,
      ability,
      roles: this.#rolesOf(account),
    }));
    const leading = taken.filter(({ account, roles }) => roles.length > 0 || this.#leadsOut(account));
    if (leading.length === 0) return [];
    return this.#holders(binding).flatMap((holder) =>
      leading
        .filter(({ account }) => account !== holder.account)
        .flatMap((each) => this.#actingSteps(binding, holder, each)),
    );
  }

  #actingSteps(
    { facts, resource }: Placed<BindingFacts>,
    { state, who, subject }: Holder,
    { account, ability, roles }: TakenAccount,
  ): readonly AttackStep[] {
    const by = shownName(nameOf(resource));
    const may = `${ability.can} in the namespace ${shownName(facts.namespace)}`;
    const told = (as: string) => ({
      sentence: `${who} may ${may} of ${this.#name} (${by}), and so act as the service account ${shownName(account)}${as}`,
      is: 'statement' as const,
      gate: [`${resource.key} ${subject}`, `take ${who} out of ${by} of ${this.#name}`] as const,
      evidence: [evidence(`${by} lets ${who} ${may}.`, resource)],
    });
    const toRoles = roles.map(({ role, identity }) =>
      this.#step('cluster-cloud-role', state, role, {
        ...told(`, which is ${shownName(identity)}`),
        also: [this.#roleGate(account, identity)],
      }),
    );
    return this.#leadsOut(account)
      ? [...toRoles, this.#step('cluster-takeover', state, this.#principal(account), told(''))]
      : toRoles;
  }

  /** Whether a service account may run as others in a namespace that is not its own. */
  #leadsOut(account: string): boolean {
    this.#leading ??= new Set(
      this.#estate.bindings.flatMap((binding) =>
        this.#access.runsAs(binding).size === 0
          ? []
          : this.#access
              .accountsBoundBy(binding)
              .filter((each) => !each.startsWith(`${binding.facts.namespace}/`)),
      ),
    );
    return this.#leading.has(account);
  }

  /** Everybody whom a binding is about, users and groups from outside and service accounts. */
  #holders(binding: Placed<BindingFacts>): readonly Holder[] {
    const outer = binding.facts.subjects.flatMap((each): readonly Holder[] => {
      const subject = outerSubject(each);
      if (subject === null) return [];
      const { objectKind, name } = subject;
      return [
        {
          state: subjectState(this.#facts.estate, subject),
          who: `${objectKind} ${shownName(name)}`,
          subject: `${objectKind} ${name}`,
          account: null,
        },
      ];
    });
    const accounts = this.#access.accountsBoundBy(binding).map((account) => ({
      state: this.#principal(account),
      who: `ServiceAccount ${shownName(account)}`,
      subject: `ServiceAccount ${account}`,
      account,
    }));
    return [...outer, ...accounts];
  }

  #roleGate(account: string, identity: string): readonly [id: string, sentence: string] {
    return [
      `${this.#facts.estate} ${account} ${identity}`,
      `take the role ${shownName(identity)} from ${shownName(account)}`,
    ];
  }

  #rightsText({ reason }: PrivilegeReason): string {
    return oneLine(reason, REASON_MAX);
  }

  /** An administrator of the cluster may run as any service account, and be its role in a cloud. */
  #adminSteps({ facts }: Placed<ServiceAccountFacts>): readonly AttackStep[] {
    const account = `${facts.namespace}/${facts.name}`;
    return this.#rolesOf(account).map(({ role, identity }) =>
      this.#step('cluster-cloud-role', administratorOf(this.#facts.estate), role, {
        sentence: `An administrator of ${this.#name} can run as the service account ${shownName(account)}, which is ${shownName(identity)}`,
        gate: this.#roleGate(account, identity),
        evidence: [],
      }),
    );
  }

  #step(
    rule: StepRuleId,
    from: State,
    to: State,
    told: {
      readonly kind?: string;
      readonly sentence: string;
      /** What its first gate is; a setting where that is not given, as the others are. */
      readonly is?: 'setting' | 'statement';
      readonly gate: readonly [id: string, sentence: string];
      /** More gates of the same step. */
      readonly also?: readonly (readonly [id: string, sentence: string])[];
      readonly evidence: AttackStep['evidence'];
    },
  ): AttackStep {
    const { probability, technique } = stepRule(rule);
    return {
      rule,
      ...(told.kind === undefined ? {} : { kind: told.kind }),
      from,
      to,
      probability,
      sentence: told.sentence,
      gates: [
        configuredGate(told.is ?? 'setting', ...told.gate),
        ...(told.also ?? []).map((gate) => configuredGate('setting', ...gate)),
      ],
      evidence: told.evidence,
      assumptions: [],
      technique,
    };
  }
}

/** The image of a container, under the name by which findings in it go. */
function imageKeyOf({ image }: ContainerFacts): string {
  const naming = { sourceId: '', cluster: null, repository: null, artifact: null };
  return identifyResource({ kind: 'image', reference: image, inRegistry: true }, naming).key;
}

const REASON_MAX = 300;

/** What a level of privilege in a cluster is good for. */
const TARGET_OF_LEVEL: Readonly<Record<string, 'cluster-rights' | 'cluster-takeover' | 'cluster-secrets'>> = {
  P0: 'cluster-rights',
  P1: 'cluster-rights',
  P2: 'cluster-takeover',
  P3: 'cluster-secrets',
};
