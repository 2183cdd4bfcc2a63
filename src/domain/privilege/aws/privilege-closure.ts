import { type Certainty, UNDECIDED } from './certainty.ts';
import { askingsFor, type ClassEdge } from './class-edges.ts';
import { ESCALATION_METHODS, type EscalationMethod } from './escalation-method.ts';
import type { IamIndex, JudgedClass, JudgedPrincipal } from './iam-index.ts';
import { missingFor } from './own-escalation.ts';
import type { PrincipalGroup } from './principal-group.ts';

/** One step of somebody towards a privilege. */
export interface Step {
  readonly method: EscalationMethod;
  /** Whom it leads to; null for itself. */
  readonly to: number | null;
  readonly missing: readonly string[];
}

/** How a principal reaches an administrator, or somebody privileged over data: steps left, and the first of them. */
export interface Reached {
  readonly hops: number;
  readonly step: Step | null;
  /** Whether the one step is a call of its own to an administrator (P1). */
  readonly isDirect: boolean;
}

/** A class, and the principals that are in it now. */
interface Holders {
  readonly of: JudgedClass;
  readonly numbers: number[];
}

interface Incoming {
  readonly from: Holders;
  readonly edge: ClassEdge;
}

/** Takes somebody who has not been reached, with the step that reaches. */
type Found = (source: number, step: Step) => void;

/** Who is reached, by place in the list of all principals. */
export type ReachedByNumber = readonly (Reached | undefined)[];

const BY_ITSELF: Reached = { hops: 0, step: null, isDirect: false };
const NOBODY: readonly number[] = [];
const ASSUME = ESCALATION_METHODS.find(({ id }) => id === 'sts-001') as EscalationMethod;
const RAISED_ASSUMED = ESCALATION_METHODS.filter(
  ({ gains, preconditions }) => gains === 'admin' && preconditions.includes('trusts-caller'),
);

/**
 * Who reaches whom, backwards from those that are privileged by themselves (attack-paths §3.5): one search over
 * groups, in which every group and every principal is met once.
 */
export class PrivilegeClosure {
  readonly #index: IamIndex;
  readonly #atLeast: Certainty;
  readonly #holders = new Map<JudgedClass, Holders>();
  readonly #places = new Map<PrincipalGroup, number>();
  readonly #groups: PrincipalGroup[] = [];
  /** For each group, who may give any right to its members. */
  readonly #raising = new Map<PrincipalGroup, Incoming[]>();
  /** For each group, who reaches it; for each principal, the places of the groups that it is in. */
  readonly #into: Incoming[][] = [];
  readonly #groupsOf: number[][] = [];
  /** For each role, who may assume it by name. */
  readonly #assumers: number[][] = [];
  readonly #known: (JudgedPrincipal | undefined)[] = [];

  /** With what is at least so certain: 2 for what holds, 1 for what may. */
  constructor(index: IamIndex, atLeast: Certainty) {
    this.#index = index;
    this.#atLeast = atLeast;
  }

  /** Takes over what was judged anew since the last time. */
  refresh(): void {
    for (let number = 0; number < this.#index.judged.length; number++) {
      const judged = this.#index.judged[number] as JudgedPrincipal;
      const before = this.#known[number];
      if (before === judged) continue;
      if (before !== undefined) this.#forget(number, before);
      this.#known[number] = judged;
      for (const { role, certainty } of judged.assumptions) {
        if (certainty < this.#atLeast) continue;
        this.#assumers[role] ??= [];
        this.#assumers[role].push(number);
      }
      const holders = this.#holders.get(judged.class) ?? this.#addClass(judged.class);
      holders.numbers.push(number);
    }
  }

  /** A class that nobody is in any more keeps its edges; nobody comes along them. */
  #forget(number: number, before: JudgedPrincipal): void {
    without(number, this.#holders.get(before.class)?.numbers);
    for (const { role } of before.assumptions) without(number, this.#assumers[role]);
  }

  #addClass(of: JudgedClass): Holders {
    const from: Holders = { of, numbers: [] };
    this.#holders.set(of, from);
    for (const edge of of.edges.edges) {
      const group = this.#groupOf(edge);
      if (group === null) continue;
      const incoming =
        edge.method.gains === 'target' ? this.#into[this.#placeOf(group)] : this.#raisingOf(group);
      const last = incoming?.at(-1);
      // Another method of the class to the same group says no more, unless it alone is a call of its own.
      if (last?.from === from && (last.edge.method.direct || !edge.method.direct)) continue;
      incoming?.push({ from, edge });
    }
    return from;
  }

  #raisingOf(group: PrincipalGroup): Incoming[] {
    const incoming = this.#raising.get(group) ?? [];
    this.#raising.set(group, incoming);
    return incoming;
  }

  #placeOf(group: PrincipalGroup): number {
    let place = this.#places.get(group);
    if (place === undefined) {
      place = this.#groups.push(group) - 1;
      this.#places.set(group, place);
      this.#into.push([]);
      for (const member of group.members) {
        const own = this.#groupsOf[member];
        if (own === undefined) this.#groupsOf[member] = [place];
        else own.push(place);
      }
    }
    return place;
  }

  /** Everybody who reaches an administrator, with the fewest steps; administrators with none. */
  administrators(isAdmin: (number: number) => boolean): ReachedByNumber {
    const { judged } = this.#index;
    const reached = new Array<Reached | undefined>(judged.length).fill(undefined);
    let layer: number[] = [];
    for (let number = 0; number < judged.length; number++)
      if (isAdmin(number)) {
        reached[number] = BY_ITSELF;
        layer.push(number);
      }
    const seeds = layer;
    layer = [];
    const note = (number: number, step: Step, isDirect: boolean): void => {
      if (!this.#keeps(number, step)) return;
      reached[number] = { hops: 1, step, isDirect };
      layer.push(number);
    };
    for (let number = 0; number < judged.length; number++) {
      const { escalation } = judged[number] as JudgedPrincipal;
      if (escalation === null || escalation.certainty < this.#atLeast || reached[number] !== undefined)
        continue;
      const { method } = escalation;
      note(number, { method, to: null, missing: missingFor(escalation) }, method.direct);
    }
    const met = this.#noneMet();
    for (const [groups, isDirect] of [
      [this.#noneMet(), true],
      [met, false],
    ] as const)
      for (const to of seeds)
        this.#sources(to, reached, groups, isDirect, (source, step) => note(source, step, isDirect));
    this.#raised(reached, (source, step) => note(source, step, false));
    this.#spread(reached, layer, 1, met);
    return reached;
  }

  /** Everybody who reaches one of `seeds`. */
  reaching(seeds: readonly number[]): ReachedByNumber {
    const reached = new Array<Reached | undefined>(this.#index.judged.length).fill(undefined);
    for (const number of seeds) reached[number] = BY_ITSELF;
    this.#spread(reached, seeds, 0, this.#noneMet());
    return reached;
  }

  #noneMet(): Uint8Array {
    return new Uint8Array(this.#groups.length);
  }

  #spread(reached: (Reached | undefined)[], first: readonly number[], from: number, met: Uint8Array): void {
    let layer = first;
    for (let hops = from; layer.length > 0; hops++) {
      const next: number[] = [];
      for (const to of layer)
        this.#sources(to, reached, met, false, (source, step) => {
          if (!this.#keeps(source, step)) return;
          reached[source] = { hops: hops + 1, step, isDirect: false };
          next.push(source);
        });
      layer = next;
    }
  }

  /** The rights of a group that somebody joins stay within the own boundary. */
  #keeps(number: number, step: Step | null): boolean {
    return step?.method.target !== 'group' || (this.#index.judged[number]?.cap ?? 0) >= this.#atLeast;
  }

  /** Everybody not yet reached who has a step to a principal; groups that were met before are left out. */
  #sources(to: number, reached: ReachedByNumber, met: Uint8Array, onlyDirect: boolean, found: Found): void {
    for (const source of this.#assumers[to] ?? NOBODY)
      if (reached[source] === undefined) found(source, { method: ASSUME, to, missing: [] });
    for (const place of this.#groupsOf[to] ?? NOBODY) {
      if (met[place] === 1) continue;
      met[place] = 1;
      for (const { from, edge } of this.#into[place] as Incoming[]) {
        if (onlyDirect && !edge.method.direct) continue;
        for (const source of from.numbers)
          if (reached[source] === undefined)
            found(source, { method: edge.method, to, missing: edge.missing });
      }
    }
  }

  /** Giving any right to somebody whom one can become, as far as boundaries let that be. */
  #raised(reached: ReachedByNumber, found: Found): void {
    const { judged } = this.#index;
    const mayBeRaised = (number: number): boolean => (judged[number]?.cap ?? 0) >= this.#atLeast;
    for (const [group, incoming] of this.#raising) {
      const target = group.members.find(mayBeRaised);
      if (target === undefined) continue;
      for (const { from, edge } of incoming) {
        for (const source of from.numbers) {
          if (reached[source] !== undefined) continue;
          const other =
            source === target ? group.members.find((each) => each !== source && mayBeRaised(each)) : target;
          if (other !== undefined) found(source, { method: edge.method, to: other, missing: edge.missing });
        }
      }
    }
    for (let number = 0; number < judged.length; number++) {
      const { class: of, assumptions } = judged[number] as JudgedPrincipal;
      for (const { role, certainty } of assumptions) {
        if (reached[number] !== undefined || certainty < this.#atLeast || !mayBeRaised(role)) continue;
        const method = RAISED_ASSUMED.find((each) => this.#raises(of, each, role));
        if (method !== undefined) found(number, { method, to: role, missing: [] });
      }
    }
  }

  /** The part of a method that changes a role which somebody may assume by name. */
  #raises(of: JudgedClass, method: EscalationMethod, role: number): boolean {
    const { account } = of;
    const target = this.#index.judged[role]?.principal;
    if (target === undefined || target.caller.account !== account.id) return false;
    return method.requires.every(({ action, on }) => {
      if (action === 'sts:assumerole') return true;
      if (!of.of.mayAllow(action)) return false;
      const place = account.roles.list.indexOf(target.caller.arn) as number;
      if (on !== 'target-policy')
        return askingsFor(action, method.service, account.partition).some(
          (asking) =>
            (of.of.vector(action, account.roles.list, asking).levels[place] as number) >= this.#atLeast,
        );
      const { levels } = of.of.vector(action, account.policies);
      return account
        .attachedPolicies(place)
        .some((policy) => account.hasFreeVersion(policy) && (levels[policy] as number) >= this.#atLeast);
    });
  }

  #groupOf({ certain, possible }: ClassEdge): PrincipalGroup | null {
    return this.#atLeast > UNDECIDED ? certain : possible;
  }
}

function without(number: number, list: number[] = []): void {
  const place = list.indexOf(number);
  if (place >= 0) list.splice(place, 1);
}
