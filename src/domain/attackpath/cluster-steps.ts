import { KubernetesEstate, type Placed } from '../exposure/kubernetes-estate.ts';
import { trustsServiceAccount } from '../privilege/aws/service-account-role.ts';
import type { CloudIdentities } from '../privilege/cloud-identity.ts';
import { NO_CLOUD_IDENTITIES } from '../privilege/cloud-identity.ts';
import { ClusterAccess } from '../privilege/kubernetes-cluster-access.ts';
import { type Escape, escapesOf, logFolderOf } from '../privilege/kubernetes-escape.ts';
import type {
  ContainerFacts,
  ServiceAccountFacts,
  WorkloadFacts,
} from '../resource/facts/kubernetes-facts.ts';
import { identifyResource } from '../resource/resource-key.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { administratorOf } from './administrator.ts';
import type { AttackStep } from './attack-step.ts';
import { type AccountRole, bindingSteps, roleGate } from './cluster-binding-steps.ts';
import { nodeOf, secretsOf } from './cluster-state.ts';
import { clusterStep, rightsText, TARGET_OF_LEVEL } from './cluster-step.ts';
import type { PathEstate } from './path-facts.ts';
import type { State } from './state.ts';
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

class ClusterSteps {
  readonly #facts: ClusterFacts;
  readonly #estate: KubernetesEstate;
  readonly #access: ClusterAccess;
  readonly #accounts = new Map<string, Placed<ServiceAccountFacts>>();
  readonly #name: string;
  readonly #arrivals: ReadonlyMap<string, readonly Arrival[]>;

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
      ...bindingSteps({
        ...this.#facts,
        bindings: this.#estate.bindings,
        access: this.#access,
        principal: (account) => this.#principal(account),
        rolesOf: (account) => this.#rolesOf(account),
      }),
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
        clusterStep('service-account-token', from, this.#principal(account), {
          sentence: `Code on ${name} can use the token of its service account ${shown}`,
          gate: [`${resource.key} token`, `do not mount the token of ${shown} into ${name}`],
          evidence: [evidence(`${name} runs as the service account ${account}.`, resource)],
        }),
      );
    // A pod on the network of its node asks the node's own metadata service, which takes it for the node.
    const roles = this.#rolesOf(account).filter(
      ({ role }) => !(facts.hostNetwork && role.asset.startsWith('gcp:')),
    );
    for (const { role, identity } of roles)
      steps.push(
        clusterStep('pod-cloud-role', from, role, {
          sentence: `Code on ${name} can act as ${shownName(identity)}, the ${role.asset.startsWith('aws:') ? 'role' : 'cloud identity'} of its service account ${shown}`,
          gate: [
            `${resource.key} cloud role`,
            `give ${name} a service account without the role ${shownName(identity)}`,
          ],
          also: [roleGate(this.#facts.estate, account, identity)],
          evidence: [
            evidence(`${name} runs as ${account}, which acts as ${identity} in the cloud.`, resource),
          ],
        }),
      );
    return steps;
  }

  /** The roles of AWS that trust a service account and whose account was described, and what other clouds take it for. */
  #rolesOf(account: string): readonly AccountRole[] {
    const found = this.#accounts.get(account);
    if (found === undefined) return [];
    const { roles, associated, others } = this.#facts.cloud;
    // What a session policy leaves of a role is no certain step.
    const given = (associated.get(account) ?? []).filter(({ isNarrowed }) => !isNarrowed);
    const through = new Set(given.flatMap(({ arn, isThroughAnother }) => (isThroughAnother ? [arn] : [])));
    const identities = new Set([...found.facts.cloudIdentities, ...given.map(({ arn }) => arn)]);
    const elsewhere = (others?.get(account) ?? []).map(({ key, name }) => ({
      role: { asset: key, family: 'principal' as const, capability: 'use' as const },
      identity: name,
    }));
    const own = [...identities].flatMap((identity) => {
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
    return [...own, ...elsewhere];
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
        clusterStep(
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
      clusterStep(
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
        clusterStep('node-tokens', this.#node(), this.#principal(account), {
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
        clusterStep(target, from, to, {
          sentence: `The service account ${shownName(account)} ${rightsText(reason)}`,
          gate: [
            `${resource.key} ${reason.reason}`,
            `take this from ${shownName(account)}: ${reason.reason}`,
          ],
          evidence: [reason.fact],
        }),
      ];
    });
  }

  /** An administrator of the cluster may run as any service account, and be its role in a cloud. */
  #adminSteps({ facts, resource }: Placed<ServiceAccountFacts>): readonly AttackStep[] {
    const account = `${facts.namespace}/${facts.name}`;
    return this.#rolesOf(account).map(({ role, identity }) =>
      clusterStep('cluster-cloud-role', administratorOf(this.#facts.estate), role, {
        sentence: `An administrator of ${this.#name} can run as the service account ${shownName(account)}, which is ${shownName(identity)}`,
        gate: roleGate(this.#facts.estate, account, identity),
        evidence: [evidence(`The service account ${account} acts as ${identity} in the cloud.`, resource)],
      }),
    );
  }
}

/** The image of a container, under the name by which findings in it go. */
function imageKeyOf({ image }: ContainerFacts): string {
  const naming = { sourceId: '', cluster: null, repository: null, artifact: null };
  return identifyResource({ kind: 'image', reference: image, inRegistry: true }, naming).key;
}
