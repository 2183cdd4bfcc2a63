import { getOrMake } from '#base/get-or-make.ts';
import type { Instant } from '#base/instant.ts';
import { addToList } from '#base/list-map.ts';
import { PairNumbers } from '#base/pair-numbers.ts';
import type { AwsEstate } from '../exposure/aws-estate.ts';
import { CERTAIN, type Certainty } from '../privilege/aws/certainty.ts';
import type { IamAccount } from '../privilege/aws/iam-account.ts';
import { IamIndex, type JudgedPrincipal } from '../privilege/aws/iam-index.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { StorePolicies } from './aws-store-policies.ts';
import type { EksClusters } from './eks-logins.ts';
import type { Credential, PathEstate, Weakness } from './path-facts.ts';
import { includesState, type State } from './state.ts';
import { StateWays } from './state-ways.ts';
import { type StepRuleId, stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** The identities of all accounts of AWS, what acts as them, and what holds data that matters. */
export interface AwsFacts {
  /** Of the types that privileges and networks rest on. */
  readonly resources: readonly EstateResource[];
  readonly now: Instant;
  readonly estates: ReadonlyMap<string, PathEstate>;
  /** Steps of all other families, from outside on: where they lead, the search begins. */
  readonly given: readonly AttackStep[];
  /** Keys of what holds data that somebody would want to read. */
  readonly wanted: ReadonlySet<string>;
  /** Keys of buckets whose objects are served to people. */
  readonly served: ReadonlySet<string>;
  readonly credentials: readonly Credential[];
  /** Flaws by which somebody words what a workload asks its database, or sees what it keeps there. */
  readonly queries: readonly Weakness[];
  /** Flaws of machines by which code in their containers gets out. */
  readonly machineFlaws: readonly Weakness[];
  /** Keys of workloads by the key of the image that they run. */
  readonly runners: ReadonlyMap<string, readonly string[]>;
  /** Ids of the instances that are the nodes of a cluster, by its name; empty where that is not known of all. */
  readonly machines: ReadonlyMap<string, readonly string[]>;
  /** What kubectl tells of the clusters of EKS; absent where nobody asked it. */
  readonly eks?: EksClusters;
}

/** What is told of one step beside its ends. */
export interface Told {
  readonly sentence: string;
  readonly gates: readonly Gate[];
  readonly evidence: AttackStep['evidence'];
  readonly assumptions?: readonly string[];
  readonly technique?: AttackStep['technique'];
  readonly kind?: string;
  /** What conditions make of the rule's own likelihood; 1 where it is not given. */
  readonly factor?: number;
  readonly isUnknown?: true;
}

/** What is told of the conditions that a right hangs on. */
export type UnderConditions = Pick<Told, 'factor' | 'assumptions' | 'isUnknown'>;

/** What a condition that is not known better makes of a likelihood (attack-paths §4.4). */
export const OTHER_CONDITION = 0.5;

/** A right that hangs on conditions which an attacker can meet is less likely, and says so. */
export function underConditions(certainty: Certainty): UnderConditions {
  return certainty === CERTAIN
    ? {}
    : {
        factor: OTHER_CONDITION,
        assumptions: ['The conditions of its policies can be met.'],
        isUnknown: true,
      };
}

/** A resource with the account that it is in. */
export interface InAccount {
  readonly account: IamAccount;
  readonly estate: AwsEstate;
  readonly resource: EstateResource;
}

const NONE: readonly string[] = [];

/** The state and the rule that a step begins with, as the beginning of the row that tells it apart. */
interface Begun {
  readonly from: State | null;
  readonly rule: StepRuleId | null;
  readonly tail: number;
  readonly row: number;
}

/** What the rules of AWS share: who is who, which states somebody may hold by now, and the steps that were found. */
export class AwsSearch {
  readonly facts: AwsFacts;
  readonly index: IamIndex;
  /** Ways that were left out, because a principal has as many others. */
  leftOut = 0;
  /** Flaws of machines that were left out, by the cluster of ECS that they are of. */
  readonly flawsLeftOut = new Map<string, number>();
  /** Keys of places in which a credential lies. */
  readonly places: ReadonlySet<string>;
  readonly #steps: AttackStep[] = [];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #byAccount: ReadonlyMap<string, readonly number[]>;
  /** By number of the principal. */
  readonly #principalStates: readonly State[];
  readonly #names: readonly string[];
  readonly #accountNames = new Map<string, string>();
  readonly #resources: ReadonlyMap<string, EstateResource>;
  readonly #given: ReadonlyMap<string, readonly AttackStep[]>;
  readonly #policies = new Map<string, StorePolicies>();
  readonly #open: ReadonlySet<string>;
  readonly #answers = new Map<string, Certainty>();
  readonly #byDatabase = new Map<string, Credential[]>();
  readonly #flawed: ReadonlySet<string>;
  readonly #ways = new StateWays();
  /** By number of the state. */
  readonly #held = new Set<number>();
  readonly #heldPrincipals: number[] = [];
  readonly #waiting: State[] = [];
  /** What tells steps apart, as rows of numbers: those of the state it begins in, the rule, the other state and the gates. */
  readonly #rows = new PairNumbers();
  readonly #words = new Map<string, number>();
  /** How the last step began: rules go on from one state many times in a row. */
  #begun: Begun = { from: null, rule: null, tail: -1, row: 0 };
  readonly #known = new Set<number>();

  constructor(facts: AwsFacts) {
    this.facts = facts;
    this.index = new IamIndex(facts.resources, facts.now);
    const { judged } = this.index;
    this.#numbers = new Map(judged.map(({ principal }, number) => [principal.resource.key, number]));
    this.#byAccount = Map.groupBy(judged.keys(), (number) => this.judged(number).principal.caller.account);
    this.#principalStates = judged.map(({ principal }) => ({
      asset: principal.resource.key,
      family: 'principal',
      capability: 'use',
    }));
    this.#names = judged.map(({ principal }) => shownName(principal.resource.name));
    this.places = new Set(facts.credentials.map(({ place }) => place.key));
    for (const { from, to } of facts.given)
      this.#ways.add(this.#ways.numberOf(from), this.#ways.numberOf(to));
    this.#resources = new Map(facts.resources.map((resource) => [resource.key, resource]));
    this.#given = Map.groupBy(facts.given, ({ from }) => from.asset);
    this.#open = new Set(
      facts.given.flatMap(({ from, to }) =>
        from.family === 'origin' && to.family === 'datastore' ? [to.asset] : [],
      ),
    );
    this.#flawed = new Set([
      ...facts.given.flatMap(({ from }) =>
        from.family === 'workload' && from.capability === 'reach' ? [from.asset] : [],
      ),
      ...facts.queries.flatMap(({ on }) => on),
    ]);
    for (const credential of facts.credentials)
      for (const key of credential.opens) addToList(this.#byDatabase, key, credential);
  }

  get steps(): readonly AttackStep[] {
    return this.#steps;
  }

  /** The next state that somebody may hold and that nobody went on from. */
  next(): State | undefined {
    return this.#waiting.pop();
  }

  hold(state: State): void {
    this.#holdAs(this.#ways.numberOf(state), state);
  }

  #holdAs(number: number, state: State): void {
    if (this.#held.has(number)) return;
    this.#held.add(number);
    this.#waiting.push(state);
    const principal = state.family === 'principal' ? this.numberOf(state.asset) : undefined;
    if (principal !== undefined) this.#heldPrincipals.push(principal);
    for (const step of this.#given.get(state.asset) ?? [])
      if (includesState(state, step.from)) this.hold(step.to);
  }

  add(rule: StepRuleId, from: State, to: State, told: Told): void {
    if (from !== this.#begun.from || rule !== this.#begun.rule) this.#begun = this.#begin(from, rule);
    const { tail } = this.#begun;
    const head = this.#ways.numberOf(to);
    let row = this.#rows.of(this.#begun.row, head);
    for (const { id } of told.gates) row = this.#rows.of(row, this.#wordOf(id));
    if (!this.#known.has(row)) {
      this.#known.add(row);
      this.#ways.add(tail, head);
      const { probability, technique } = stepRule(rule);
      this.#steps.push({
        rule,
        ...(told.kind === undefined ? {} : { kind: told.kind }),
        from,
        to,
        probability: probability * (told.factor ?? 1),
        sentence: told.sentence,
        gates: told.gates,
        evidence: told.evidence,
        assumptions: told.assumptions ?? NONE,
        technique: told.technique ?? technique,
        ...(told.isUnknown === undefined ? {} : { isUnknown: told.isUnknown }),
      });
    }
    this.#holdAs(head, to);
  }

  #begin(from: State, rule: StepRuleId): Begun {
    const tail = this.#ways.numberOf(from);
    return { from, rule, tail, row: this.#rows.of(this.#rows.of(0, tail), this.#wordOf(rule)) };
  }

  #wordOf(text: string): number {
    return getOrMake(this.#words, text, () => this.#words.size);
  }

  /** A step that is whole already. */
  addStep(step: AttackStep): void {
    this.#steps.push(step);
    this.#ways.add(this.#ways.numberOf(step.from), this.#ways.numberOf(step.to));
    this.hold(step.to);
  }

  judged(number: number): JudgedPrincipal {
    return this.index.judged[number] as JudgedPrincipal;
  }

  numberOf(key: string): number | undefined {
    return this.#numbers.get(key);
  }

  stateOf(number: number): State {
    return this.#principalStates[number] as State;
  }

  nameOf(number: number): string {
    return this.#names[number] as string;
  }

  accountName(account: string): string {
    return getOrMake(this.#accountNames, account, () =>
      shownName(this.facts.estates.get(`aws:${account}`)?.name ?? `account ${account}`),
    );
  }

  /** The principals of an account, in order. */
  principalsOf(account: string): readonly number[] {
    return this.#byAccount.get(account) ?? [];
  }

  /** Principals that somebody may be by now, in order. */
  heldPrincipals(): readonly number[] {
    return this.#heldPrincipals.toSorted((a, b) => a - b);
  }

  /** Tells whether steps lead from a principal to the one at a place in a list; as `StateWays` does. */
  leads(targets: readonly number[]): (from: number, place: number) => boolean {
    const leads = this.#ways.leads(targets.map((number) => this.stateOf(number)));
    return (from, place) => leads(this.stateOf(from), place);
  }

  /** A resource that was described, with its account; undefined for one that was not. */
  find(key: string): InAccount | undefined {
    const resource = this.#resources.get(key);
    const account = resource === undefined ? undefined : this.index.accounts.get(resource.account ?? '');
    return resource === undefined || account === undefined
      ? undefined
      : { account, estate: account.estate, resource };
  }

  /** An answer that is the same for everybody of a class: asked for once. */
  once(question: string, ask: () => Certainty): Certainty {
    const certainty = this.#answers.get(question) ?? ask();
    this.#answers.set(question, certainty);
    return certainty;
  }

  /** The policies of stores of data of one type that matter, or in which a credential lies. */
  storePolicies(type: string): StorePolicies {
    const known = this.#policies.get(type);
    if (known !== undefined) return known;
    const policies = new StorePolicies(
      this.facts.resources.filter(
        (each) => each.type === type && (this.facts.wanted.has(each.key) || this.places.has(each.key)),
      ),
      (account) => this.index.accounts.get(account)?.estate,
    );
    this.#policies.set(type, policies);
    return policies;
  }

  /** Whether outsiders get to a store of data by themselves: what its policy grants to everybody is no way through anything. */
  isOpen(key: string): boolean {
    return this.#open.has(key);
  }

  /** Keys of workloads of which a flaw is known that gives whoever reaches them more. */
  get flawed(): ReadonlySet<string> {
    return this.#flawed;
  }

  /** Databases of which somebody's login lies anywhere, with those logins. */
  get logins(): ReadonlyMap<string, readonly Credential[]> {
    return this.#byDatabase;
  }
}
