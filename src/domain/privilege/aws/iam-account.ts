import { asObject, asTexts } from '#base/json-value.ts';
import type { AwsEstate } from '../../exposure/aws-estate.ts';
import { launchTemplateOf } from '../../exposure/aws-launch-template.ts';
import { isTaggedSensitive } from '../../resource/data-class.ts';
import { deriveEnvironment } from '../../resource/environment.ts';
import { ECS_SERVICE } from '../../resource/facts/aws-container-facts.ts';
import { INSTANCE_CONNECT_ENDPOINT, MANAGED_INSTANCE } from '../../resource/facts/aws-facts.ts';
import { IAM_POLICY } from '../../resource/facts/aws-identity-facts.ts';
import { AUTO_SCALING_GROUP, INSTANCE } from '../../resource/facts/aws-network-facts.ts';
import { readFacts } from '../../resource/facts/fact-shape.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { matchesAction } from '../aws-policy-statement.ts';
import type { Target } from './caller.ts';
import { CERTAIN, type Certainty, NO, UNDECIDED, WEAKENED } from './certainty.ts';
import { arnOf, asTarget, type Principal } from './iam-principal.ts';
import { servicePrincipals } from './policy-principal.ts';
import { type LevelVector, TargetList } from './target-list.ts';
import { commandOf, roleOfWorkload } from './workload-role.ts';

/** Targets of one type with the principals that they lead to: themselves, or as whom they run; -1 for nobody. */
export interface PrincipalTargets {
  readonly list: TargetList;
  readonly principals: readonly number[];
}

/** Workloads of one type. */
export interface Workloads extends PrincipalTargets {
  readonly resources: readonly EstateResource[];
  /** Whether the inventory told of this type: with some of them, or with a list that is empty. */
  readonly isKnown: boolean;
}

/** What holds data of one type, and those of it that are tagged as holding sensitive data. */
export interface Stores {
  readonly list: TargetList;
  readonly sensitive: readonly { readonly place: number; readonly name: string }[];
}

/** A principal with its place in the list of all principals of the organisation. */
export interface Numbered {
  readonly number: number;
  readonly principal: Principal;
}

/** One AWS account, as escalation methods look at it. */
export class IamAccount {
  readonly id: string;
  readonly partition: string;
  readonly estate: AwsEstate;
  readonly users: PrincipalTargets;
  readonly roles: PrincipalTargets;
  readonly groups: PrincipalTargets;
  readonly policies: TargetList;
  readonly #roles: readonly Numbered[];
  readonly #users: readonly Numbered[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #stores = new Map<string, Stores>();
  readonly #production = new Map<string, readonly number[]>();
  readonly #workloads = new Map<string, Workloads>();
  readonly #free: readonly boolean[];
  readonly #attached: (readonly number[] | undefined)[] = [];
  #trusted: readonly (readonly string[] | null)[] | undefined;

  constructor(id: string, estate: AwsEstate, members: readonly Numbered[]) {
    this.id = id;
    this.estate = estate;
    this.partition = members[0]?.principal.caller.arn.split(':')[1] ?? 'aws';
    const of = (kind: string): readonly Numbered[] =>
      members.filter(({ principal }) => principal.caller.kind === kind);
    this.#roles = of('role');
    this.#users = of('user');
    this.#numbers = new Map(members.map(({ number, principal }) => [principal.caller.arn, number]));
    this.users = targetsOf(this.#users);
    this.groups = targetsOf(of('group'));
    this.roles = targetsOf(this.#roles);
    const policies = estate.ofType('iam-policy').filter((policy) => !arnOf(policy).includes(':iam::aws:'));
    const facts = policies.map((policy) => estate.facts(IAM_POLICY, policy));
    this.policies = new TargetList(policies.map((policy, index) => targetOf(policy, id, facts[index]?.Arn)));
    this.#free = facts.map(({ VersionCount }) => VersionCount === undefined || VersionCount < VERSIONS_MAX);
  }

  /** Place among all principals of the organisation. */
  numberOf(arn: string): number | undefined {
    return this.#numbers.get(arn);
  }

  /** Places of the account's own policies that are attached to a role. */
  attachedPolicies(role: number): readonly number[] {
    let places = this.#attached[role];
    if (places === undefined) {
      // No inline policy is called like an ARN.
      places = (this.#roles[role] as Numbered).principal.policies.flatMap(
        ({ name }) => this.policies.indexOf(name) ?? [],
      );
      this.#attached[role] = places;
    }
    return places;
  }

  /** Whether a policy has room for another version. */
  hasFreeVersion(policy: number): boolean {
    return this.#free[policy] as boolean;
  }

  workloads(type: string): Workloads {
    let workloads = this.#workloads.get(type);
    if (workloads === undefined) {
      const resources = this.estate.ofType(type);
      workloads = {
        resources,
        list: new TargetList(resources.map((resource) => targetOf(resource, this.id))),
        principals: resources.map(
          (resource) => this.numberOf(roleOfWorkload(this.estate, resource) ?? '') ?? -1,
        ),
        isKnown: resources.length > 0 || this.estate.isListedEverywhere(type),
      };
      this.#workloads.set(type, workloads);
    }
    return workloads;
  }

  /** Places of the workloads of a type that are in production by their own tags and names. */
  inProduction(type: string): readonly number[] {
    let places = this.#production.get(type);
    if (places === undefined) {
      places = this.workloads(type).resources.flatMap(({ tags, name }, place) =>
        deriveEnvironment({ tags, name }).production === 'yes' ? [place] : [],
      );
      this.#production.set(type, places);
    }
    return places;
  }

  /** What holds data of one type. An object of a bucket stands for the bucket. */
  stores(type: string): Stores {
    let stores = this.#stores.get(type);
    if (stores === undefined) {
      const targets = this.estate.ofType(type).map((resource) => targetOf(resource, this.id));
      stores = {
        list: new TargetList(
          type === 's3-bucket' ? targets.map((each) => ({ ...each, arn: `${each.arn}/~` })) : targets,
        ),
        sensitive: this.estate
          .ofType(type)
          .flatMap(({ tags, name }, place) => (isTaggedSensitive(tags) ? [{ place, name }] : [])),
      };
      this.#stores.set(type, stores);
    }
    return stores;
  }

  /** Which roles a service may act as, by their trust policies. */
  trusting(service: string): LevelVector {
    this.#trusted ??= this.#roles.map(({ principal }) => trustedServices(principal));
    const trusted = this.#trusted;
    return this.#mask(this.roles.list, `trusts ${service}`, (index) => {
      const services = trusted[index] ?? null;
      return services === null ? UNDECIDED : this.#whether(services.includes(service));
    });
  }

  /** A precondition of a method on its targets; undefined for one that is no matter of targets. */
  precondition(name: string, targets: PrincipalTargets): LevelVector | undefined {
    const test = this.#tests[name];
    return test === undefined ? undefined : this.#mask(targets.list, name, (index) => test(index, targets));
  }

  /** What the account has to have; undefined for what is no matter of the account. */
  has(name: string): { readonly certainty: Certainty; readonly missing: string } | undefined {
    if (name === 'autoscaling-role-exists') return this.#hasScalingRole();
    const launched = LAUNCHED_VERSIONS[name];
    const type = launched === undefined ? ACCOUNT_PRECONDITIONS[name] : 'auto-scaling-group';
    if (type === undefined) return undefined;
    const { resources, isKnown } = this.workloads(type);
    const isThere = resources.some(
      (_, index) => launched === undefined || this.#launches(index, launched) !== NO,
    );
    return {
      certainty: isThere ? CERTAIN : isKnown ? NO : UNDECIDED,
      missing: `${type.replaceAll('-', ' ')}s of ${this.id}: ${commandOf(type)}`,
    };
  }

  readonly #tests: Readonly<Record<string, (index: number, targets: PrincipalTargets) => Certainty>> = {
    'instance-profile': (index) =>
      this.#whether((this.#roles[index] as Numbered).principal.hasInstanceProfile),
    'target-has-no-password': (index) =>
      this.#whether((this.#users[index] as Numbered).principal.hasPassword !== true),
    'target-has-password': (index) => {
      const { hasPassword, hasSecondFactor } = (this.#users[index] as Numbered).principal;
      return hasPassword === false ? NO : hasSecondFactor === true ? WEAKENED : CERTAIN;
    },
    'target-has-a-free-key': (index) =>
      this.#whether(((this.#users[index] as Numbered).principal.keys ?? 0) < KEYS_MAX),
    'instance-runs': (index) => {
      const instance = this.estate.ofType('ec2-instance')[index] as EstateResource;
      return this.#whether((this.estate.facts(INSTANCE, instance).State?.Name ?? 'running') === 'running');
    },
    'ssm-managed': (index, targets) => this.#isManaged((targets.list.targets[index] as Target).arn),
    'exec-enabled': (index) => {
      const service = this.estate.ofType('ecs-service')[index] as EstateResource;
      const { enableExecuteCommand } = this.estate.facts(ECS_SERVICE, service);
      return enableExecuteCommand === undefined ? UNDECIDED : this.#whether(enableExecuteCommand);
    },
    // Whether a port can be reached is a matter of exposure.
    'reaches-ssh': () => UNDECIDED,
    'connect-endpoint-exists': (index) => this.#hasConnectEndpoint(index),
    'trusts-cognito': (index) =>
      this.#federates(index, (names) => this.#whether(names.includes('cognito-identity.amazonaws.com'))),
    'trusts-saml-provider': (index) =>
      this.#federates(index, (names) =>
        this.#whether(names.some((each) => each.includes(':saml-provider/'))),
      ),
    'trusts-missing-oidc-provider': (index) => this.#federates(index, (names) => this.#isMissing(names)),
    'trusts-oidc-provider-by-issuer': (index) =>
      this.#federates(index, (names) =>
        names.some((each) => each.includes(':oidc-provider/')) ? UNDECIDED : NO,
      ),
    'group-takes-latest': (index) => this.#launches(index, LATEST),
    'group-takes-default': (index) => this.#launches(index, DEFAULT),
  };

  /** A group that launches a fixed version of a template cannot be abused by a new one. */
  #launches(index: number, version: RegExp): Certainty {
    const facts = this.estate.facts(
      AUTO_SCALING_GROUP,
      this.estate.ofType('auto-scaling-group')[index] as EstateResource,
    );
    const template = launchTemplateOf(facts);
    return this.#whether(template !== undefined && version.test(template.Version ?? ''));
  }

  #whether(is: boolean): Certainty {
    return is ? CERTAIN : NO;
  }

  #mask(list: TargetList, name: string, test: (index: number) => Certainty): LevelVector {
    return list.vector(name, () => Uint8Array.from(list.targets, (_, index) => test(index)));
  }

  /** An endpoint reaches every instance of its network that admits it. */
  #hasConnectEndpoint(index: number): Certainty {
    const instance = this.estate.ofType('ec2-instance')[index] as EstateResource;
    const region = this.estate.regionOf(instance);
    const { VpcId } = this.estate.facts(INSTANCE, instance);
    const isThere = this.estate
      .ofType('instance-connect-endpoint')
      .map((each) => readFacts(INSTANCE_CONNECT_ENDPOINT, each.facts))
      .some((each) => VpcId !== undefined && each.VpcId === VpcId && each.State !== 'delete-complete');
    if (isThere) return WEAKENED;
    return this.estate.isListed('instance-connect-endpoint', region) ? NO : UNDECIDED;
  }

  /** AWS makes the role with the first group of an account; whoever makes that one has to be allowed to. */
  #hasScalingRole(): { readonly certainty: Certainty; readonly missing: string } {
    const isThere = this.#roles.some(({ principal }) => SCALING_ROLE.test(principal.caller.arn));
    const isListed = this.estate.isListed('iam-role', null);
    return {
      certainty: isThere ? CERTAIN : isListed ? NO : UNDECIDED,
      missing: `roles of ${this.id}: ${commandOf('iam-role')}`,
    };
  }

  #isManaged(arn: string): Certainty {
    if (
      this.estate.ofType('ssm-managed-instance').length === 0 &&
      !this.estate.isListedEverywhere('ssm-managed-instance')
    )
      return UNDECIDED;
    const id = arn.slice(arn.lastIndexOf('/') + 1);
    return this.#whether(
      this.estate.ofType('ssm-managed-instance').some((each) => {
        const { InstanceId, PingStatus } = readFacts(MANAGED_INSTANCE, each.facts);
        return InstanceId === id && PingStatus !== 'Inactive';
      }),
    );
  }

  /** A question about the identity providers that a role's trust policy names. */
  #federates(index: number, asks: (names: readonly string[]) => Certainty): Certainty {
    const { trust } = (this.#roles[index] as Numbered).principal;
    if (trust === null) return UNDECIDED;
    return asks(
      trust.statements.flatMap((statement) =>
        statement.allows ? asTexts(asObject(statement.principal)?.['Federated']) : [],
      ),
    );
  }

  #isMissing(providers: readonly string[]): Certainty {
    const known = new Set(this.estate.ofType('oidc-provider').map((each) => arnOf(each)));
    const named = providers.filter((each) => each.includes(':oidc-provider/'));
    if (named.every((each) => known.has(each))) return NO;
    return this.estate.isListed('oidc-provider', null) ? CERTAIN : UNDECIDED;
  }
}

const SCALING_ROLE = /:role\/aws-service-role\/autoscaling\.amazonaws\.com\//;
const VERSIONS_MAX = 5;
const KEYS_MAX = 2;

/** Versions of a launch template that a group may name and that follow a new one; without a name, the default. */
const LATEST = /^\$Latest$/;
const DEFAULT = /^\$(?:Default|Latest)$|^$/;

/** Preconditions that are a group which launches such a version. */
const LAUNCHED_VERSIONS: Readonly<Record<string, RegExp>> = {
  'group-launches-latest': LATEST,
  'group-launches-default': DEFAULT,
};

/** Preconditions that are a resource of a type. */
const ACCOUNT_PRECONDITIONS: Readonly<Record<string, string>> = {
  'cluster-exists': 'ecs-cluster',
  'task-definition-exists': 'ecs-task-definition',
  'job-queue-exists': 'batch-job-queue',
};

/** Services that may act as a role, by its trust policy; null where nobody described that. */
function trustedServices({ trust }: Principal): readonly string[] | null {
  if (trust === null) return null;
  return trust.statements.flatMap((statement) =>
    statement.allows && matchesAction(statement, 'sts:assumerole') ? servicePrincipals(statement) : [],
  );
}

function targetsOf(members: readonly Numbered[]): PrincipalTargets {
  return {
    list: new TargetList(members.map(({ principal }) => asTarget(principal))),
    // Nobody may pass, change or assume a role that is linked to a service.
    principals: members.map(({ number, principal }) => (principal.isServiceLinked ? -1 : number)),
  };
}

function targetOf(resource: EstateResource, account: string, arn?: string): Target {
  return { arn: arnOf(resource, arn), account, tags: resource.tags, boundary: null, isTaggable: false };
}
