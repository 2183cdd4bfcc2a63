import { asText } from '#base/json-value.ts';
import { addToList } from '#base/list-map.ts';
import { oneLine } from '#base/text.ts';
import type { AwsEstate } from '../exposure/aws-estate.ts';
import type { Principal } from '../privilege/aws/iam-principal.ts';
import { awsCall } from '../resource/aws-call.ts';
import {
  ACCESS_ENTRY,
  ACCESS_ENTRY_LIST,
  ACCESS_POLICIES,
  EKS_CLUSTER,
} from '../resource/facts/aws-container-facts.ts';
import type { FactFields, Facts } from '../resource/facts/fact-shape.ts';
import { type AwsLogin, awsLoginFacts } from '../resource/facts/kubernetes-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { administratorOf } from './administrator.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import type { ClusterFacts } from './cluster-steps.ts';
import { type ClusterSubject, EVERYBODY, subjectState } from './cluster-subject.ts';
import { configuredGate } from './gate.ts';
import type { State } from './state.ts';
import { shownName } from './step-text.ts';

/** Clusters of EKS as kubectl describes them. */
export interface EksClusters {
  readonly clusters: readonly ClusterFacts[];
  /** By the key of a cluster in its account what it is called here (`k8s:…`); one that kubectl did not describe goes by its ARN. */
  readonly estateOf: ReadonlyMap<string, string>;
}

/** A way by which a cluster of EKS lets a principal of AWS in, with the words of its step but for who it is. */
export interface EksLogin {
  /** Its administrator, or a user or group that bindings of the cluster give something to. */
  readonly to: State;
  readonly kind: 'access-policy' | 'access-entry' | 'aws-auth';
  /** Goes on after the name of the principal. */
  readonly words: string;
  readonly gates: readonly Gate[];
  readonly evidence: AttackStep['evidence'];
  readonly assumptions: readonly string[];
}

/** A cluster of EKS as somebody gets into it who may say whom it lets in. */
export interface EksDoor {
  readonly cluster: EstateResource;
  readonly arn: string;
  readonly administrator: State;
  /** How sentences call it. */
  readonly shown: string;
  /** What somebody has to do first who gives himself an entry, where the cluster takes none. */
  readonly opensBy: readonly string[];
  readonly assumptions: readonly string[];
}

/** A cluster that lets somebody in, and the commands that would tell what they may do there. */
export interface UntoldLogin {
  readonly cluster: string;
  readonly commands: readonly string[];
}

/** Policies of EKS that make an administrator of whoever has them in the whole cluster. */
const ADMIN_POLICY = /^arn:aws[a-z-]*:eks::aws:cluster-access-policy\/(AmazonEKS(?:Cluster)?AdminPolicy)$/;
/** Who is in it needs no binding; only `aws-auth` may name it. */
const MASTERS = 'system:masters';
/** What nodes are in: a node may do what a node may. */
const OF_NODES: readonly string[] = ['system:nodes', 'system:bootstrappers'];
/** What tells what groups may do. */
const BINDINGS = 'kubectl get roles,rolebindings,clusterroles,clusterrolebindings -A -o json';
const REASON_MAX = 300;
const COMMAND_MAX = 800;

/** How an entry of a cluster or a line of its map lets somebody in. */
interface LetIn {
  readonly principalArn: string;
  readonly username: string;
  readonly groups: readonly string[];
  readonly kind: EksLogin['kind'];
  readonly by: string;
  /** What takes it out of its groups. */
  readonly gate: Gate;
  /** What lets it in no more. */
  readonly door: Gate;
  readonly resource: EstateResource;
}

/**
 * Which principals of AWS clusters of EKS let in, and as whom: by access entries, by their policies, and by the map
 * `aws-auth` (attack-paths §1.3, *administers*; §4.12). Which of these count, the authentication mode of the cluster says.
 * What a user or group may do there, its bindings say (`clusterSteps`); `bound` holds the assets of those that may do anything.
 */
export class EksLogins {
  readonly #byArn = new Map<string, EksLogin[]>();
  /** Lines of `aws-auth` name a role without its path: by account and name in lower case. */
  readonly #byRole = new Map<string, EksLogin[]>();
  readonly #bound: ReadonlySet<string>;
  readonly #untold = new Map<string, UntoldLogin[]>();
  readonly #doors = new Map<string, EksDoor[]>();

  constructor(estates: Iterable<AwsEstate>, { clusters, estateOf }: EksClusters, bound: ReadonlySet<string>) {
    this.#bound = bound;
    const described = new Map(clusters.map((each) => [each.estate, each]));
    for (const estate of estates) {
      const all = estate.ofType('eks-cluster');
      const names = Map.groupBy(all, ({ name }) => name);
      const told = Map.groupBy(
        TELLING.flatMap((type) => estate.ofType(type)),
        ({ facts }) => facts['clusterName'],
      );
      for (const cluster of all) {
        const own = estateOf.get(cluster.key) ?? estateOfEks(cluster.key);
        const { name = cluster.name } = estate.facts(EKS_CLUSTER, cluster);
        const region = /^aws:arn:[^:]*:eks:([^:]+):/.exec(cluster.key)?.[1] ?? cluster.region;
        const isOnly = names.get(cluster.name)?.length === 1;
        const entries = new EntriesOf(estate, region, told.get(name) ?? [], isOnly);
        this.#addDoor(estate, cluster, own);
        this.#addCluster(estate, cluster, own, entries, described.get(own));
      }
    }
  }

  of({ caller: { arn } }: Principal): readonly EksLogin[] {
    return [...(this.#byArn.get(arn) ?? []), ...(this.#byRole.get(roleKeyOf(arn) ?? '') ?? [])];
  }

  /** Clusters that let a principal in, nobody told to do what. */
  untoldOf({ caller: { arn } }: Principal): readonly UntoldLogin[] {
    return this.#untold.get(arn) ?? [];
  }

  /** The clusters of an account, which whoever may make access entries there gets into. */
  doorsOf(account: string): readonly EksDoor[] {
    return this.#doors.get(account) ?? [];
  }

  /**
   * Only the mode of a cluster keeps entries out, and whoever may change the cluster turns it, once and for all
   * (documentation of EKS, authentication modes).
   */
  #addDoor(estate: AwsEstate, cluster: EstateResource, own: string): void {
    const {
      accessConfig,
      name = cluster.name,
      arn = cluster.key.slice('aws:'.length),
    } = estate.facts(EKS_CLUSTER, cluster);
    const mode = accessConfig?.authenticationMode;
    const shown = `cluster ${shownName(name)}`;
    addToList(this.#doors, cluster.account ?? '', {
      cluster,
      arn,
      administrator: administratorOf(own),
      shown,
      opensBy: mode === 'CONFIG_MAP' ? ['eks:UpdateClusterConfig'] : [],
      assumptions:
        mode === undefined ? [`Access entries count in ${shown}: its authentication mode is not told.`] : [],
    });
  }

  #addCluster(
    estate: AwsEstate,
    cluster: EstateResource,
    own: string,
    told: EntriesOf,
    described: ClusterFacts | undefined,
  ): void {
    const { accessConfig, name = cluster.name } = estate.facts(EKS_CLUSTER, cluster);
    const mode = accessConfig?.authenticationMode;
    const shown = `cluster ${shownName(name)}`;
    const assumptions =
      mode === undefined
        ? [`Access entries and the map aws-auth both count in ${shown}: its authentication mode is not told.`]
        : [];
    const add = (to: Map<string, EksLogin[]>, key: string, login: Omit<EksLogin, 'assumptions'>) =>
      addToList(to, key, { ...login, assumptions });
    if (mode !== 'CONFIG_MAP') {
      for (const [arn, commands] of told.untold()) addToList(this.#untold, arn, { cluster: shown, commands });
      for (const { arn, policy, policyArn, resource } of told.policies())
        add(this.#byArn, arn, {
          to: administratorOf(own),
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
      for (const entry of told.entries()) {
        if (described === undefined && entry.groups.length > 0)
          addToList(this.#untold, entry.principalArn, { cluster: shown, commands: [BINDINGS] });
        for (const login of this.#loginsBy(
          own,
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
            door: configuredGate(
              'statement',
              `${cluster.key} access entry of ${entry.principalArn}`,
              `let ${shownName(nameIn(entry.principalArn))} into ${shown} no more: ${command(
                'eks delete-access-entry',
                [
                  ['--cluster-name', name],
                  ['--principal-arn', entry.principalArn],
                ],
              )}`,
            ),
          },
          shown,
        ))
          add(this.#byArn, entry.principalArn, login);
      }
    }
    if (mode === 'API' || described === undefined) return;
    for (const { resource, logins } of mapsOf(described))
      for (const line of logins) {
        // A session does not tell the path of its role, so a line with one lets nobody in.
        const isRole = line.arn.includes(':role/');
        const role = /^arn:aws[a-z-]*:iam::(\d{12}):role\/([^/]+)$/.exec(line.arn);
        if (isRole && role === null) continue;
        const [, account = '', roleName = ''] = role ?? [];
        const isEntered = role === null ? told.principals.has(line.arn) : told.hasRole(account, roleName);
        // Of who has both, the entry counts.
        if (mode === 'API_AND_CONFIG_MAP' && isEntered) continue;
        const gate = configuredGate(
          'statement',
          `${resource.key} ${line.arn}`,
          `take ${shownName(nameIn(line.arn))} out of the map aws-auth of ${shown}: kubectl edit configmap aws-auth --namespace kube-system`,
        );
        const found = this.#loginsBy(
          own,
          {
            principalArn: line.arn,
            username: line.username,
            groups: line.groups,
            kind: 'aws-auth',
            by: 'the map aws-auth',
            gate,
            door: gate,
            resource,
          },
          shown,
        );
        for (const login of found)
          if (role === null) add(this.#byArn, line.arn, login);
          else add(this.#byRole, roleKey(account, roleName), login);
      }
  }

  /** As whom somebody is let in: as everything, or as those that may do anything of its user and groups. */
  #loginsBy(
    own: string,
    { principalArn, username, groups, kind, by, gate, door, resource }: LetIn,
    shown: string,
  ): readonly Omit<EksLogin, 'assumptions'>[] {
    const lets = evidence(
      `${oneLine(by, REASON_MAX)} of ${shown} lets ${principalArn} in as ${username || 'itself'}, in ${groups.join(', ') || 'no group'}.`,
      resource,
    );
    if (groups.includes(MASTERS))
      return [
        {
          to: administratorOf(own),
          kind,
          words: `may do everything in ${shown}: ${by} puts it into ${MASTERS}`,
          gates: [gate],
          evidence: [lets],
        },
      ];
    const isNode = groups.some((group) => OF_NODES.includes(group));
    const held = groups.filter((group) => !OF_NODES.includes(group));
    const subjects: readonly ClusterSubject[] = [
      { objectKind: 'User', name: username },
      ...held.map((name) => ({ objectKind: 'Group' as const, name })),
      ...(isNode ? [] : [EVERYBODY]),
    ];
    return subjects.flatMap((subject) => {
      const to = subjectState(own, subject);
      if (!this.#bound.has(to.asset)) return [];
      const words = `logs in to ${shown} as ${subject.objectKind} ${shownName(subject.name)}: ${by} lets it in`;
      const isGroup = subject.objectKind === 'Group' && subject !== EVERYBODY;
      return [{ to, kind, words, gates: isGroup && gate !== door ? [gate, door] : [door], evidence: [lets] }];
    });
  }
}

/** What a cluster of EKS is called that kubectl did not describe. */
export function estateOfEks(key: string): string {
  return `k8s:${key.slice('aws:'.length)}`;
}

/** What the accounts tell of whom their clusters let in, by the names of these. */
const TELLING = ['eks-access-entry', 'eks-access-entry-list', 'eks-access-policies'] as const;

/** An access entry, or the policies of one, that a list which is as new still names. */
interface Entered<Facts> {
  readonly arn: string;
  readonly resource: EstateResource;
  readonly facts: Facts;
}

/** Whom the account says that a cluster lets in: what a list that is as new no longer names is gone. */
class EntriesOf {
  readonly #entries: readonly Entered<Facts<typeof ACCESS_ENTRY>>[];
  /** By who has them. */
  readonly #policies: ReadonlyMap<string, readonly Entered<Facts<typeof ACCESS_POLICIES>>[]>;
  readonly #listed: ReadonlySet<string>;
  readonly #roles: ReadonlySet<string>;

  /** `told` is what is told of clusters of this name, `isOnly` whether the account has one of it. */
  constructor(estate: AwsEstate, region: string | null, told: readonly EstateResource[], isOnly: boolean) {
    const own = told.filter((each) => (each.region === null ? isOnly : each.region === region));
    const lists = own.flatMap((each) =>
      each.type === 'eks-access-entry-list'
        ? [{ seenAt: each.seenAt, named: new Set(estate.facts(ACCESS_ENTRY_LIST, each).principalArns) }]
        : [],
    );
    const entered = <Fields extends FactFields>(type: string, fields: Fields) =>
      own.flatMap((resource): Entered<Facts<Fields>>[] => {
        if (resource.type !== type) return [];
        const facts = estate.facts(fields, resource);
        const arn = asText(resource.facts['principalArn']);
        const isGone = lists.some(
          (list) => list.seenAt >= resource.seenAt && arn !== undefined && !list.named.has(arn),
        );
        return arn === undefined || isGone ? [] : [{ arn, resource, facts }];
      });
    this.#entries = entered('eks-access-entry', ACCESS_ENTRY);
    this.#policies = Map.groupBy(entered('eks-access-policies', ACCESS_POLICIES), ({ arn }) => arn);
    this.#listed = new Set([
      ...lists.flatMap(({ named }) => [...named]),
      ...this.#entries.map(({ arn }) => arn),
      ...this.#policies.keys(),
    ]);
    this.#roles = new Set([...this.#listed].flatMap((arn) => roleKeyOf(arn) ?? []));
  }

  /** All who have an entry, whatever it gives. */
  get principals(): ReadonlySet<string> {
    return this.#listed;
  }

  /** Whether a role of this account and name has one, under whatever path. */
  hasRole(account: string, name: string): boolean {
    return this.#roles.has(roleKey(account, name));
  }

  /** Those that put people, and no machines, into groups. */
  entries(): readonly Pick<LetIn, 'principalArn' | 'username' | 'groups' | 'resource'>[] {
    return this.#entries.flatMap(({ arn: principalArn, resource, facts }) => {
      const { username = '', kubernetesGroups = [], type = PEOPLE } = facts;
      if (type !== PEOPLE) return [];
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
      this.#entries.flatMap(({ arn, facts: { type = PEOPLE } }) => (type === PEOPLE ? [] : [arn])),
    );
    return [...this.#policies].flatMap(([arn, told]) =>
      machines.has(arn)
        ? []
        : told.flatMap(({ resource, facts: { associatedAccessPolicies = [], IsPart } }) => {
            const whole = told.filter(
              (other) => other.facts.IsPart !== true && other.resource.seenAt >= resource.seenAt,
            );
            return associatedAccessPolicies.flatMap(({ policyArn = '', accessScope }) => {
              const policy = ADMIN_POLICY.exec(policyArn)?.[1];
              const isTaken =
                IsPart === true &&
                whole.some(
                  (other) =>
                    !(other.facts.associatedAccessPolicies ?? []).some(
                      (each) => each.policyArn === policyArn,
                    ),
                );
              return policy === undefined || accessScope?.type !== 'cluster' || isTaken
                ? []
                : [{ arn, policy, policyArn, resource }];
            });
          }),
    );
  }

  /**
   * Those of whom nobody told what their entries let them do: as whom they are let in, or which policies of EKS they have.
   * By who they are the commands that would tell; machines are none.
   */
  untold(): ReadonlyMap<string, readonly string[]> {
    const types = new Map(this.#entries.map(({ arn, facts: { type = PEOPLE } }) => [arn, type]));
    return new Map(
      [...this.#listed].flatMap((arn): [string, readonly string[]][] => {
        const isWhole = this.#policies.get(arn)?.some(({ facts }) => facts.IsPart !== true) === true;
        const commands = [
          ...(types.has(arn) ? [] : ['aws eks describe-access-entry']),
          ...(isWhole ? [] : ['aws eks list-associated-access-policies']),
        ];
        return commands.length === 0 || (types.get(arn) ?? PEOPLE) !== PEOPLE ? [] : [[arn, commands]];
      }),
    );
  }
}

/** The type of an entry that lets people in, and no nodes. */
const PEOPLE = 'STANDARD';

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

/** The same of a role by its ARN; null of anybody else. */
function roleKeyOf(arn: string): string | null {
  const account = /::(\d{12}):role\//.exec(arn)?.[1];
  return account === undefined ? null : roleKey(account, nameIn(arn));
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
