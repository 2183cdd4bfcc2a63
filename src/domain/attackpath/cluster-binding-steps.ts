import { compareBytes } from '#base/compare.ts';
import { nameOf, type Placed } from '../exposure/kubernetes-estate.ts';
import type { Ability } from '../privilege/kubernetes-access.ts';
import type { ClusterAccess } from '../privilege/kubernetes-cluster-access.ts';
import type { PrivilegeReason } from '../privilege/kubernetes-judgement.ts';
import type { BindingFacts } from '../resource/facts/kubernetes-facts.ts';
import { evidence } from '../risk/estate.ts';
import { administratorOf } from './administrator.ts';
import type { AttackStep } from './attack-step.ts';
import { secretsOf } from './cluster-state.ts';
import { clusterStep, rightsText, TARGET_OF_LEVEL } from './cluster-step.ts';
import { outerSubject, subjectState } from './cluster-subject.ts';
import type { PathEstate } from './path-facts.ts';
import type { State } from './state.ts';
import type { StepRuleId } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** A role of AWS that a service account is, or what another cloud takes it for. */
export interface AccountRole {
  readonly role: State;
  readonly identity: string;
}

/** What bindings of a cluster are about. Service accounts go by `namespace/name`. */
export interface BindingContext {
  readonly estate: string;
  readonly about: Pick<PathEstate, 'name'>;
  readonly bindings: readonly Placed<BindingFacts>[];
  readonly access: ClusterAccess;
  readonly principal: (account: string) => State;
  readonly rolesOf: (account: string) => readonly AccountRole[];
}

/**
 * What bindings lead to that no service account has by itself: for the users and groups as whom somebody logs in from outside
 * all of it, and for whoever may run pods of a namespace, or enter them, what its service accounts are (attack-paths §4.12).
 */
export function bindingSteps(context: BindingContext): readonly AttackStep[] {
  const steps = new BindingSteps(context);
  return context.bindings.flatMap((binding) => steps.of(binding));
}

/** What takes a role of AWS from a service account. */
export function roleGate(
  estate: string,
  account: string,
  identity: string,
): readonly [id: string, sentence: string] {
  return [
    `${estate} ${account} ${identity}`,
    `take the role ${shownName(identity)} from ${shownName(account)}`,
  ];
}

/** Somebody who has what a binding gives to one subject of it. */
interface Holder {
  readonly state: State;
  readonly who: string;
  /** Null where it is no service account. */
  readonly account: string | null;
}

/** A service account as which a right lets somebody run. */
interface TakenAccount {
  readonly account: string;
  readonly ability: Ability;
  readonly roles: readonly AccountRole[];
}

class BindingSteps {
  readonly #context: BindingContext;
  readonly #name: string;
  /** Service accounts that may run as others in a namespace that is not their own. */
  readonly #leadingOut: ReadonlySet<string>;

  constructor(context: BindingContext) {
    const { about, access, bindings } = context;
    this.#context = context;
    this.#name = shownName(about.name);
    this.#leadingOut = new Set(
      bindings
        .filter((binding) => access.runsAs(binding).size > 0)
        .flatMap((binding) =>
          access
            .accountsBoundBy(binding)
            .filter((account) => !account.startsWith(`${binding.facts.namespace}/`)),
        ),
    );
  }

  of(binding: Placed<BindingFacts>): readonly AttackStep[] {
    const taken = this.#takenBy(binding);
    return binding.facts.subjects.flatMap((subject) => {
      const own = { ...binding, facts: { ...binding.facts, subjects: [subject] } };
      return [...this.#rightsSteps(own), ...this.#actingSteps(own, taken)];
    });
  }

  /** What a binding gives to a user or group from outside: of what leads to one thing the strongest. */
  #rightsSteps(binding: Placed<BindingFacts>): readonly AttackStep[] {
    const holder = this.#outerHolder(binding);
    if (holder === null) return [];
    const { reasons } = this.#context.access.bindingPrivilege(binding);
    const best = new Map<string, PrivilegeReason>();
    for (const reason of reasons.toSorted((a, b) => compareBytes(a.level, b.level))) {
      const rule = TARGET_OF_LEVEL[reason.level];
      const to = rule === 'cluster-secrets' ? rule : 'cluster-admin';
      if (rule !== undefined && !best.has(to)) best.set(to, reason);
    }
    return [...best.values()].map((reason) => this.#rightsStep(binding, holder, reason));
  }

  #rightsStep(binding: Placed<BindingFacts>, { state, who }: Holder, reason: PrivilegeReason): AttackStep {
    const { estate } = this.#context;
    const rule = TARGET_OF_LEVEL[reason.level] as StepRuleId;
    const isSecrets = rule === 'cluster-secrets';
    const by = shownName(nameOf(binding.resource));
    return clusterStep(rule, state, isSecrets ? secretsOf(estate) : administratorOf(estate), {
      sentence: `${who} ${isSecrets ? 'reads the secrets of' : 'administers'} ${this.#name}: ${by} ${rightsText(reason)}`,
      is: 'statement',
      gate: this.#subjectGate(binding),
      evidence: [reason.fact],
    });
  }

  /** The service accounts as which a binding lets somebody run, of those that lead on. */
  #takenBy(binding: Placed<BindingFacts>): readonly TakenAccount[] {
    const { access, rolesOf } = this.#context;
    return [...access.runsAs(binding)]
      .map(([account, ability]) => ({ account, ability, roles: rolesOf(account) }))
      .filter(({ account, roles }) => roles.length > 0 || this.#leadingOut.has(account));
  }

  #actingSteps(binding: Placed<BindingFacts>, taken: readonly TakenAccount[]): readonly AttackStep[] {
    if (taken.length === 0) return [];
    const outer = this.#outerHolder(binding);
    const accounts = this.#context.access.accountsBoundBy(binding).map((account) => ({
      state: this.#context.principal(account),
      who: `ServiceAccount ${shownName(account)}`,
      account,
    }));
    return [...(outer === null ? [] : [outer]), ...accounts].flatMap((holder) =>
      taken
        .filter(({ account }) => account !== holder.account)
        .flatMap((each) => this.#stepsTo(each, binding, holder)),
    );
  }

  #stepsTo(
    { account, ability, roles }: TakenAccount,
    binding: Placed<BindingFacts>,
    { state, who }: Holder,
  ): readonly AttackStep[] {
    const { estate, principal } = this.#context;
    const { facts, resource } = binding;
    const by = shownName(nameOf(resource));
    const may = `${ability.can} in the namespace ${shownName(facts.namespace)}`;
    const told = (as: string) => ({
      sentence: `${who} may ${may} of ${this.#name} (${by}), and so act as the service account ${shownName(account)}${as}`,
      is: 'statement' as const,
      gate: this.#subjectGate(binding),
      evidence: [evidence(`${by} lets ${who} ${may}.`, resource)],
    });
    const toRoles = roles.map(({ role, identity }) =>
      clusterStep('cluster-cloud-role', state, role, {
        ...told(`, which is ${shownName(identity)}`),
        also: [roleGate(estate, account, identity)],
      }),
    );
    return this.#leadingOut.has(account)
      ? [...toRoles, clusterStep('cluster-takeover', state, principal(account), told(''))]
      : toRoles;
  }

  #outerHolder({ facts: { subjects } }: Placed<BindingFacts>): Holder | null {
    const [subject] = subjects;
    const outer = subject === undefined ? null : outerSubject(subject);
    if (outer === null) return null;
    const who = `${outer.objectKind} ${shownName(outer.name)}`;
    return { state: subjectState(this.#context.estate, outer), who, account: null };
  }

  /** What takes the one subject out of its binding, as the binding names it: whoever is in a group goes with that. */
  #subjectGate({ facts, resource }: Placed<BindingFacts>): readonly [id: string, sentence: string] {
    const [subject] = facts.subjects as readonly [BindingFacts['subjects'][number]];
    const { objectKind, namespace, name } = subject;
    const isAccount = objectKind === 'ServiceAccount';
    const whom = isAccount ? `${namespace === '' ? facts.namespace : namespace}/${name}` : name;
    return [
      `${resource.key} ${objectKind} ${whom}`,
      `take ${objectKind} ${shownName(whom)} out of ${shownName(nameOf(resource))} of ${this.#name}`,
    ];
  }
}
