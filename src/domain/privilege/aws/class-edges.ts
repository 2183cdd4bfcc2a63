import { actionSet } from './action-catalogue.ts';
import { CERTAIN, type Certainty, NO, UNDECIDED, weaker } from './certainty.ts';
import { ESCALATION_METHODS, type EscalationMethod, type Requirement } from './escalation-method.ts';
import type { IamAccount, PrincipalTargets } from './iam-account.ts';
import { type Asking, PLAIN, type PrincipalClass } from './principal-class.ts';
import { both, type GroupTable, type PrincipalGroup } from './principal-group.ts';
import type { RoleAssumptions } from './role-assumption.ts';
import type { LevelVector } from './target-list.ts';
import { commandOf, WORKLOAD_TYPES } from './workload-role.ts';

/** Whom a class of principals reaches by a method: certainly (or weakened), and possibly. */
export interface ClassEdge {
  readonly method: EscalationMethod;
  readonly certain: PrincipalGroup | null;
  readonly possible: PrincipalGroup | null;
  /** Inputs that would make what is possible certain. */
  readonly missing: readonly string[];
}

/** A method that would reach somebody if something exists that nobody described. */
export interface OpenEnd {
  readonly method: EscalationMethod;
  readonly missing: string;
}

export interface ClassEdges {
  readonly edges: readonly ClassEdge[];
  readonly openEnds: readonly OpenEnd[];
}

export const ASSUME_ROLE = 'sts:assumerole';
const TARGETED = ESCALATION_METHODS.filter(
  ({ target }) =>
    target !== 'self' && target !== 'account' && target !== 'cluster' && !target.startsWith('data:'),
).map((method, number) => {
  const actions = method.requires.map(({ action }) => action);
  return {
    number,
    method,
    actions,
    needed: actionSet(actions.filter((action) => action !== ASSUME_ROLE)),
    assumes: actions.includes(ASSUME_ROLE),
  };
});

/** Where an edge of a class is made from. */
export interface EdgeContext {
  readonly account: IamAccount;
  readonly groups: GroupTable;
  readonly assumptions: RoleAssumptions;
  /** For each method, by what its actions rest on. */
  readonly outcomes: Outcomes;
}

/** What a method comes to, for all classes to which its actions are allowed by the same statements. */
interface MethodOutcome {
  readonly edge: ClassEdge | null;
  readonly openEnd: OpenEnd | null;
}

export type Outcomes = readonly Map<number, MethodOutcome>[];

/** A place for the outcomes of all methods. */
export function noOutcomes(): Outcomes {
  return TARGETED.map(() => new Map<number, MethodOutcome>());
}

/** All edges of a class by the methods that lead to other principals (attack-paths §3.4, §3.5). */
export function classEdges(of: PrincipalClass, context: EdgeContext): ClassEdges {
  const edges: ClassEdge[] = [];
  const openEnds: OpenEnd[] = [];
  for (const targeted of TARGETED) {
    // A trust policy may do without the caller's own policies.
    if (!of.mayAllowAll(targeted.needed)) continue;
    const { number, method, actions, assumes } = targeted;
    if (assumes && of.rights.caller.kind === 'group') continue;
    if (method.preconditions.includes('caller-is-user') && of.rights.caller.kind !== 'user') continue;
    const outcomes = context.outcomes[number] as Map<number, MethodOutcome>;
    const key = of.signature(actions);
    let outcome = outcomes.get(key);
    if (outcome === undefined) {
      const made = new MethodOfClass(of, method, context);
      outcome = { edge: made.edge(), openEnd: made.openEnd() };
      outcomes.set(key, outcome);
    }
    if (outcome.edge !== null) edges.push(outcome.edge);
    if (outcome.openEnd !== null) openEnds.push(outcome.openEnd);
  }
  return { edges, openEnds };
}

/** What a request for the action fixes: the service that a role is passed to, or the policy that is attached, of which any will do. */
export function askingsFor(action: string, service: string | null, partition: string): readonly Asking[] {
  if (action === 'iam:passrole' && service !== null)
    return [{ key: service, request: new Map([['iam:passedtoservice', [service]]]), choosesTags: false }];
  if (!ATTACHING.has(action)) return PLAINLY;
  return ADMINISTERING.map((name) => {
    const policy = `arn:${partition}:iam::aws:policy/${name}`;
    return { key: policy, request: new Map([['iam:policyarn', [policy]]]), choosesTags: false };
  });
}

const PLAINLY: readonly Asking[] = [PLAIN];

/** Policies that everybody finds in the account and that make an administrator: whoever may do all of IAM gives itself the rest. */
const ADMINISTERING = ['AdministratorAccess', 'IAMFullAccess'];

const ATTACHING = new Set(['iam:attachuserpolicy', 'iam:attachrolepolicy', 'iam:attachgrouppolicy']);

/** What puts tags on the target; all that comes after it finds the tags that it wants. */
const TAGGING = new Set(['ec2:createtags', 'iam:taguser']);

/** One method for one class: its targets, and what it needs besides. */
class MethodOfClass {
  readonly #of: PrincipalClass;
  readonly #method: EscalationMethod;
  readonly #context: EdgeContext;
  readonly #missing: string[] = [];
  #scalar: Certainty = CERTAIN;

  constructor(of: PrincipalClass, method: EscalationMethod, context: EdgeContext) {
    this.#of = of;
    this.#method = method;
    this.#context = context;
    for (const requirement of method.requires) this.#demand(requirement);
    for (const name of method.preconditions) {
      const has = context.account.has(name);
      if (has !== undefined) this.#needs(has.certainty, has.missing);
    }
  }

  edge(): ClassEdge | null {
    const targets = this.#targets();
    if (this.#scalar === NO || targets === null || targets.list.size === 0) return null;
    let vector: LevelVector | null = null;
    for (const requirement of this.#method.requires) {
      const one = this.#vectorOf(requirement, targets);
      if (one !== null) vector = vector === null ? one : both(targets.list, vector, one);
    }
    for (const name of this.#method.preconditions) {
      const mask = this.#context.account.precondition(name, targets);
      if (mask !== undefined) vector = vector === null ? mask : both(targets.list, vector, mask);
    }
    if (this.#method.service !== null && this.#method.service !== 'cognito-identity.amazonaws.com') {
      const trusting = this.#context.account.trusting(this.#method.service);
      vector = vector === null ? trusting : both(targets.list, vector, trusting);
    }
    vector ??= everything(targets);
    const { groups } = this.#context;
    const certain = this.#scalar > UNDECIDED ? groups.of(targets, vector, UNDECIDED + 1) : null;
    const possible = groups.of(targets, vector, UNDECIDED);
    if (possible === null) return null;
    const missing = certain === possible ? [] : [...this.#missing, ...this.#preconditionsMissing()];
    return { method: this.#method, certain, possible, missing };
  }

  /** The type of workload was not described, but the right to run its code is there. */
  openEnd(): OpenEnd | null {
    const type = this.#workloadType();
    if (type === null || this.#scalar === NO || this.#context.account.workloads(type).isKnown) return null;
    const able = this.#method.requires.every(
      ({ action, on }) => on !== 'target' || this.#of.any(action) !== NO,
    );
    if (!able) return null;
    const actions = this.#method.requires.map(({ name }) => name).join(', ');
    return {
      method: this.#method,
      missing: `the ${type.replaceAll('-', ' ')}s of the account, whose code it may run with ${actions}: ${commandOf(type)}`,
    };
  }

  #workloadType(): string | null {
    const type = this.#method.target.startsWith('workload:') ? this.#method.target.slice(9) : null;
    return type !== null && WORKLOAD_TYPES.includes(type) ? type : null;
  }

  #targets(): PrincipalTargets | null {
    const { account } = this.#context;
    switch (this.#method.target) {
      case 'user':
        return account.users;
      case 'group':
        return account.groups;
      case 'role':
        return this.#isPlainAssumption() ? this.#context.assumptions.targetsFor(account.id) : account.roles;
      case 'passed-role':
        return account.roles;
      default: {
        const type = this.#workloadType();
        return type === null ? null : account.workloads(type);
      }
    }
  }

  /** Roles of other accounts can be assumed, but not changed. */
  #isPlainAssumption(): boolean {
    return this.#method.requires.every(({ action }) => action === ASSUME_ROLE);
  }

  #needs(certainty: Certainty, missing: string): void {
    this.#scalar = weaker(this.#scalar, certainty);
    if (certainty === UNDECIDED) this.#missing.push(missing);
  }

  /** What is asked once, whatever the target. */
  #demand({ action, name, on }: Requirement): void {
    if (on === 'any') this.#needs(this.#of.any(action), `the conditions under which it may ${name}`);
    else if (on === 'every') this.#needs(this.#of.every(action), `the conditions under which it may ${name}`);
    else if (on.startsWith('existing:')) this.#demandExisting(action, name, on.slice(9));
    else if (on !== 'target' && !on.startsWith('target-') && !on.startsWith('own-'))
      this.#needs(this.#of.anyOf(action, on), `the conditions under which it may ${name}`);
  }

  #demandExisting(action: string, name: string, type: string): void {
    const workloads = this.#context.account.workloads(type);
    if (!workloads.isKnown) {
      this.#needs(
        this.#of.any(action) === NO ? NO : UNDECIDED,
        `${type.replaceAll('-', ' ')}s of the account: ${commandOf(type)}`,
      );
      return;
    }
    const { levels } = this.#of.vector(action, workloads.list);
    this.#needs(Math.max(NO, ...levels) as Certainty, `the conditions under which it may ${name}`);
  }

  #vectorOf({ action, on }: Requirement, targets: PrincipalTargets): LevelVector | null {
    const { account, assumptions } = this.#context;
    if (on === 'target-policy') return this.#policiesOf(action);
    if (on === 'target-provider') return this.#of.any(action) === NO ? nobody(targets) : null;
    if (on !== 'target') return null;
    if (action === ASSUME_ROLE) {
      const assumed = assumptions.vector(this.#of);
      return this.#isPlainAssumption() ? assumed : this.#inAccount(assumed);
    }
    const chosen = this.#method.preconditions.includes('tags-chosen') && !TAGGING.has(action);
    const vectors = askingsFor(action, this.#method.service, account.partition).map((asking) =>
      this.#of.vector(
        action,
        targets.list,
        chosen ? { key: `${asking.key} tags`, request: asking.request, choosesTags: true } : asking,
      ),
    );
    return vectors.reduce((one, other) => eitherOf(targets, one, other));
  }

  /** A vector over the roles that can be assumed, as one over the roles of the account. */
  #inAccount(assumed: LevelVector): LevelVector {
    const { account, assumptions } = this.#context;
    const { list } = account.roles;
    return list.vector(`in account ${assumed.number}`, () => {
      const levels = new Uint8Array(list.size);
      for (const [index, { arn }] of assumptions.targetsFor(account.id).list.targets.entries()) {
        const own = list.indexOf(arn);
        if (own !== undefined) levels[own] = assumed.levels[index] as number;
      }
      return levels;
    });
  }

  /** For each role, whether a policy of the account that is attached to it may be rewritten. */
  #policiesOf(action: string): LevelVector {
    const { account } = this.#context;
    const { list } = account.roles;
    const rewritten = this.#of.vector(action, account.policies);
    return list.vector(`policies ${rewritten.number}`, () =>
      Uint8Array.from(list.targets, (_, role) =>
        Math.max(
          NO,
          ...account
            .attachedPolicies(role)
            .map((policy) => (account.hasFreeVersion(policy) ? (rewritten.levels[policy] as number) : NO)),
        ),
      ),
    );
  }

  #preconditionsMissing(): readonly string[] {
    return this.#method.preconditions.flatMap((name) => PRECONDITION_INPUT[name] ?? []);
  }
}

const PRECONDITION_INPUT: Readonly<Record<string, string>> = {
  'ssm-managed': 'which instances Systems Manager manages: aws ssm describe-instance-information',
  'exec-enabled':
    'whether services have execute-command: aws ecs describe-services --cluster CLUSTER --services NAMES',
  'reaches-ssh': 'whether it reaches port 22 of the instance',
  'connect-endpoint-exists': 'endpoints of EC2 Instance Connect: aws ec2 describe-instance-connect-endpoints',
  'trusts-missing-oidc-provider':
    'the identity providers of the account: aws iam list-open-id-connect-providers',
  'trusts-oidc-provider-by-issuer': 'whether somebody else has an application at the issuer of the provider',
};

function everything({ list }: PrincipalTargets): LevelVector {
  return constant(list, 'everything', CERTAIN);
}

function nobody({ list }: PrincipalTargets): LevelVector {
  return constant(list, 'nobody', NO);
}

/** Whatever one of two ways of asking leaves. */
function eitherOf({ list }: PrincipalTargets, one: LevelVector, other: LevelVector): LevelVector {
  return one.number === other.number
    ? one
    : list.vector(`either ${one.number} ${other.number}`, () =>
        Uint8Array.from(one.levels, (level, index) => Math.max(level, other.levels[index] as number)),
      );
}

function constant(list: PrincipalTargets['list'], key: string, level: Certainty): LevelVector {
  return list.vector(key, () => new Uint8Array(list.size).fill(level));
}
