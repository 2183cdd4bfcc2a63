import { oneLine } from '#base/text.ts';
import type { AwsEstate } from '../exposure/aws-estate.ts';
import { KubernetesEstate, nameOf, type Placed } from '../exposure/kubernetes-estate.ts';
import type { Principal } from '../privilege/aws/iam-principal.ts';
import { NO_CLOUD_IDENTITIES } from '../privilege/cloud-identity.ts';
import { ClusterAccess } from '../privilege/kubernetes-cluster-access.ts';
import { awsCall } from '../resource/aws-call.ts';
import {
  ACCESS_ENTRY,
  ACCESS_ENTRY_LIST,
  ACCESS_POLICIES,
  EKS_CLUSTER,
} from '../resource/facts/aws-container-facts.ts';
import { type AwsLogin, awsLoginFacts, type BindingFacts } from '../resource/facts/kubernetes-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import type { ClusterFacts } from './cluster-steps.ts';
import { configuredGate } from './gate.ts';
import { shownName } from './step-text.ts';

/** Clusters of EKS as kubectl describes them. */
export interface EksClusters {
  readonly clusters: readonly ClusterFacts[];
  /** By the key of a cluster in its account what it is called here (`k8s:…`); one that kubectl did not describe goes by its ARN. */
  readonly estateOf: ReadonlyMap<string, string>;
}

/** A way by which a principal of AWS administers a cluster of EKS, with the words of its step but for who it is. */
export interface EksLogin {
  readonly estate: string;
  readonly kind: 'access-policy' | 'access-entry' | 'aws-auth';
  /** Goes on after the name of the principal. */
  readonly words: string;
  readonly gates: readonly Gate[];
  readonly evidence: AttackStep['evidence'];
  readonly assumptions: readonly string[];
}

/** Policies of EKS that make an administrator of whoever has them in the whole cluster. */
const ADMIN_POLICY = /^arn:aws[a-z-]*:eks::aws:cluster-access-policy\/(AmazonEKS(?:Cluster)?AdminPolicy)$/;
/** Who is in it needs no binding; only `aws-auth` may name it. */
const MASTERS = 'system:masters';
/** What nodes are in: a node may do what a node may. */
const OF_NODES: readonly string[] = ['system:nodes', 'system:bootstrappers'];
const EVERYBODY = 'system:authenticated';
const REASON_MAX = 300;
const COMMAND_MAX = 800;

/** How an entry of a cluster or a line of its map lets somebody in. */
interface LetIn {
  readonly principalArn: string;
  readonly username: string;
  readonly groups: readonly string[];
  readonly kind: EksLogin['kind'];
  readonly by: string;
  readonly gate: Gate;
  readonly resource: EstateResource;
}

/**
 * Which principals of AWS administer clusters of EKS: by access entries, by their policies, and by the map `aws-auth`
 * (attack-paths §1.3, *administers*; §4.12). Which of these count, the authentication mode of the cluster says.
 */
export class EksLogins {
  readonly #byArn = new Map<string, EksLogin[]>();
  /** Lines of `aws-auth` name a role without its path: by account and name in lower case. */
  readonly #byRole = new Map<string, EksLogin[]>();

  constructor(estates: Iterable<AwsEstate>, { clusters, estateOf }: EksClusters) {
    for (const estate of estates)
      for (const cluster of estate.ofType('eks-cluster')) {
        const own = estateOf.get(cluster.key) ?? estateOfEks(cluster.key);
        this.#addCluster(
          estate,
          cluster,
          own,
          clusters.find((each) => each.estate === own),
        );
      }
  }

  of({ caller: { arn, kind, account, name } }: Principal): readonly EksLogin[] {
    return [
      ...(this.#byArn.get(arn) ?? []),
      ...(kind === 'role' ? (this.#byRole.get(roleKey(account, name)) ?? []) : []),
    ];
  }

  #addCluster(
    estate: AwsEstate,
    cluster: EstateResource,
    own: string,
    described: ClusterFacts | undefined,
  ): void {
    const { accessConfig, name = cluster.name } = estate.facts(EKS_CLUSTER, cluster);
    const mode = accessConfig?.authenticationMode;
    const shown = `cluster ${shownName(name)}`;
    const rights = described === undefined ? null : new GroupRights(described);
    const told = new EntriesOf(estate, cluster, name);
    const assumptions =
      mode === undefined
        ? [`Access entries and the map aws-auth both count in ${shown}: its authentication mode is not told.`]
        : [];
    const add = (to: Map<string, EksLogin[]>, key: string, login: Omit<EksLogin, 'estate' | 'assumptions'>) =>
      to.set(key, [...(to.get(key) ?? []), { ...login, estate: own, assumptions }]);
    if (mode !== 'CONFIG_MAP') {
      for (const { arn, policy, policyArn, resource } of told.policies())
        add(this.#byArn, arn, {
          kind: 'access-policy',
          words: `may do everything in ${shown}: its access entry there has ${policy}`,
          gates: [
            configuredGate(
              'statement',
              `${cluster.key} ${arn} ${policyArn}`,
              `take ${policy} in ${shown} from ${shownName(nameIn(arn))}: ${command(
                'eks disassociate-access-policy',
                [
                  ['--cluster-name', name],
                  ['--principal-arn', arn],
                  ['--policy-arn', policyArn],
                ],
              )}`,
            ),
          ],
          evidence: [evidence(`${arn} has ${policy} in the whole cluster ${name}.`, resource)],
        });
      for (const entry of told.entries())
        for (const login of loginsBy(
          {
            ...entry,
            kind: 'access-entry',
            by: 'its access entry',
            gate: configuredGate(
              'statement',
              `${cluster.key} access entry ${entry.principalArn}`,
              `take ${shownName(nameIn(entry.principalArn))} out of its groups in ${shown}: ${command(
                'eks update-access-entry',
                [
                  ['--cluster-name', name],
                  ['--principal-arn', entry.principalArn],
                  ['--kubernetes-groups', '[]'],
                ],
              )}`,
            ),
          },
          shown,
          rights,
        ))
          add(this.#byArn, entry.principalArn, login);
    }
    if (mode === 'API' || described === undefined) return;
    for (const { resource, logins } of mapsOf(described))
      for (const line of logins) {
        // A session does not tell the path of its role, so a line with one lets nobody in.
        const isRole = line.arn.includes(':role/');
        const role = /^arn:aws[a-z-]*:iam::(\d{12}):role\/([^/]+)$/.exec(line.arn);
        if (isRole && role === null) continue;
        const isEntered = (arn: string): boolean =>
          role === null ? arn === line.arn : matchesRole(arn, role[1] ?? '', role[2] ?? '');
        // Of who has both, the entry counts.
        if (mode === 'API_AND_CONFIG_MAP' && told.principals().some(isEntered)) continue;
        const found = loginsBy(
          {
            principalArn: line.arn,
            username: line.username,
            groups: line.groups,
            kind: 'aws-auth',
            by: 'the map aws-auth',
            gate: configuredGate(
              'statement',
              `${resource.key} ${line.arn}`,
              `take ${shownName(nameIn(line.arn))} out of the map aws-auth of ${shown}: kubectl edit configmap aws-auth --namespace kube-system`,
            ),
            resource,
          },
          shown,
          rights,
        );
        for (const login of found)
          if (role === null) add(this.#byArn, line.arn, login);
          else add(this.#byRole, roleKey(role[1] ?? '', role[2] ?? ''), login);
      }
  }
}

/** What a cluster of EKS is called that kubectl did not describe. */
export function estateOfEks(key: string): string {
  return `k8s:${key.slice('aws:'.length)}`;
}

/** Whom the account says that a cluster lets in: what a list that is as new no longer names is gone. */
class EntriesOf {
  readonly #estate: AwsEstate;
  readonly #of: (type: string) => readonly EstateResource[];
  readonly #lists: readonly { readonly seenAt: number; readonly named: ReadonlySet<string> }[];

  constructor(estate: AwsEstate, cluster: EstateResource, name: string) {
    this.#estate = estate;
    const region = /^aws:arn:[^:]*:eks:([^:]+):/.exec(cluster.key)?.[1] ?? cluster.region;
    const isOne = estate.ofType('eks-cluster').filter((each) => each.name === cluster.name).length === 1;
    this.#of = (type) =>
      estate
        .ofType(type)
        .filter(
          (each) =>
            each.facts['clusterName'] === name && (each.region === null ? isOne : each.region === region),
        );
    this.#lists = this.#of('eks-access-entry-list').map((each) => ({
      seenAt: each.seenAt,
      named: new Set(estate.facts(ACCESS_ENTRY_LIST, each).principalArns),
    }));
  }

  #isGone(arn: string, { seenAt }: EstateResource): boolean {
    return this.#lists.some((list) => list.seenAt >= seenAt && !list.named.has(arn));
  }

  /** All who have an entry, whatever it gives. */
  principals(): readonly string[] {
    return [
      ...this.#lists.flatMap(({ named }) => [...named]),
      ...['eks-access-entry', 'eks-access-policies'].flatMap((type) =>
        this.#of(type).flatMap((each) => {
          const { principalArn } = this.#estate.facts(ACCESS_ENTRY, each);
          return principalArn === undefined || this.#isGone(principalArn, each) ? [] : [principalArn];
        }),
      ),
    ];
  }

  /** Those that put people, and no machines, into groups. */
  entries(): readonly Pick<LetIn, 'principalArn' | 'username' | 'groups' | 'resource'>[] {
    return this.#of('eks-access-entry').flatMap((resource) => {
      const entry = this.#estate.facts(ACCESS_ENTRY, resource);
      const { principalArn, username = '', kubernetesGroups = [], type = 'STANDARD' } = entry;
      if (principalArn === undefined || type !== 'STANDARD' || this.#isGone(principalArn, resource))
        return [];
      // EKS takes no groups of the system's own in an entry.
      const groups = kubernetesGroups.filter((group) => !group.startsWith('system:'));
      return [{ principalArn, username, groups, resource }];
    });
  }

  /** Policies that make an administrator, in the whole cluster. */
  policies(): readonly {
    readonly arn: string;
    readonly policy: string;
    readonly policyArn: string;
    readonly resource: EstateResource;
  }[] {
    const machines = new Set(
      this.#of('eks-access-entry').flatMap((each) => {
        const { principalArn, type = 'STANDARD' } = this.#estate.facts(ACCESS_ENTRY, each);
        return type === 'STANDARD' ? [] : (principalArn ?? []);
      }),
    );
    const told = this.#of('eks-access-policies').map((resource) => ({
      resource,
      facts: this.#estate.facts(ACCESS_POLICIES, resource),
    }));
    return told.flatMap(({ resource, facts }) => {
      const { principalArn: arn, associatedAccessPolicies = [], IsPart } = facts;
      if (arn === undefined || machines.has(arn) || this.#isGone(arn, resource)) return [];
      const whole = told.filter(
        (other) =>
          other.facts.IsPart !== true &&
          other.facts.principalArn === arn &&
          other.resource.seenAt >= resource.seenAt,
      );
      return associatedAccessPolicies.flatMap(({ policyArn = '', accessScope }) => {
        const policy = ADMIN_POLICY.exec(policyArn)?.[1];
        const isTaken =
          IsPart === true &&
          whole.some(
            (other) =>
              !(other.facts.associatedAccessPolicies ?? []).some((each) => each.policyArn === policyArn),
          );
        return policy === undefined || accessScope?.type !== 'cluster' || isTaken
          ? []
          : [{ arn, policy, policyArn, resource }];
      });
    });
  }
}

/** What bindings of a cluster give to the users and groups that it lets in. */
class GroupRights {
  readonly #bindings: readonly Placed<BindingFacts>[];
  readonly #estate: KubernetesEstate;
  #access: ClusterAccess | null = null;

  constructor({ resources }: ClusterFacts) {
    this.#estate = new KubernetesEstate(resources);
    this.#bindings = this.#estate.bindings.filter(({ facts }) => facts.objectKind === 'ClusterRoleBinding');
  }

  /** Bindings by which one of these administers the cluster. */
  administering(
    username: string,
    groups: readonly string[],
  ): readonly { readonly binding: EstateResource; readonly subject: string; readonly reason: string }[] {
    return this.#bindings.flatMap((binding) => {
      const subject = binding.facts.subjects.find(({ objectKind, name }) =>
        objectKind === 'Group' ? groups.includes(name) : objectKind === 'User' && name === username,
      );
      if (subject === undefined) return [];
      this.#access ??= new ClusterAccess(this.#estate, NO_CLOUD_IDENTITIES);
      const [reason] = this.#access
        .bindingPrivilege(binding)
        .reasons.filter(({ level }) => ADMINISTERS.includes(level))
        .toSorted((a, b) => (a.level < b.level ? -1 : a.level > b.level ? 1 : 0));
      return reason === undefined
        ? []
        : [
            {
              binding: binding.resource,
              subject: `${subject.objectKind} ${subject.name}`,
              reason: `${nameOf(binding.resource)} ${reason.reason}`,
            },
          ];
    });
  }
}

/** Levels of privilege by which a service account administers its cluster too. */
const ADMINISTERS: readonly string[] = ['P0', 'P1', 'P2'];

/** The ways by which somebody who is let in administers the cluster. */
function loginsBy(
  { principalArn, username, groups, kind, by, gate, resource }: LetIn,
  shown: string,
  rights: GroupRights | null,
): readonly Omit<EksLogin, 'estate' | 'assumptions'>[] {
  const lets = evidence(
    `${oneLine(by, REASON_MAX)} of ${shown} lets ${principalArn} in as ${username || 'itself'}, in ${groups.join(', ') || 'no group'}.`,
    resource,
  );
  if (groups.includes(MASTERS))
    return [
      {
        kind,
        words: `may do everything in ${shown}: ${by} puts it into ${MASTERS}`,
        gates: [gate],
        evidence: [lets],
      },
    ];
  const isNode = groups.some((group) => OF_NODES.includes(group));
  const held = groups.filter((group) => !OF_NODES.includes(group));
  const found = rights?.administering(username, isNode ? held : [...held, EVERYBODY]) ?? [];
  return found.map(({ binding, subject, reason }) => ({
    kind,
    words: `administers ${shown}: ${by} lets it in as ${shownName(subject)}, and ${oneLine(reason, REASON_MAX)}`,
    gates: [
      gate,
      configuredGate(
        'statement',
        `${binding.key} ${subject}`,
        `take ${shownName(subject)} out of ${shownName(nameOf(binding))} of ${shown}`,
      ),
    ],
    evidence: [lets, evidence(`${oneLine(reason, REASON_MAX)}.`, binding)],
  }));
}

function mapsOf({
  resources,
}: ClusterFacts): readonly { readonly resource: EstateResource; readonly logins: readonly AwsLogin[] }[] {
  return resources.flatMap((resource) => {
    if (resource.type !== 'config-map') return [];
    const { namespace, name, logins } = awsLoginFacts(resource.facts);
    return namespace === 'kube-system' && name === 'aws-auth' ? [{ resource, logins }] : [];
  });
}

/** Names in it are told by whoever chose them. */
function command(...[call, options]: Parameters<typeof awsCall>): string {
  return oneLine(awsCall(call, options), COMMAND_MAX);
}

function roleKey(account: string, name: string): string {
  return `${account}/${name.toLowerCase()}`;
}

function matchesRole(arn: string, account: string, name: string): boolean {
  return arn.includes(`::${account}:role/`) && nameIn(arn).toLowerCase() === name.toLowerCase();
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
