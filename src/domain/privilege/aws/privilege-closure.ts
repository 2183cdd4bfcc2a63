import { addToList } from '#base/list-map.ts';
import { type Certainty, UNDECIDED } from './certainty.ts';
import type { ClassEdge } from './class-edges.ts';
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

interface Incoming {
  readonly of: JudgedClass;
  readonly edge: ClassEdge;
}

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
  readonly #holders = new Map<JudgedClass, Set<number>>();
  readonly #groupsOf = new Map<number, PrincipalGroup[]>();
  readonly #into = new Map<PrincipalGroup, Incoming[]>();
  readonly #assumers = new Map<number, Set<number>>();
  readonly #known: (JudgedPrincipal | undefined)[] = [];

  /** With what is at least so certain: 2 for what holds, 1 for what may. */
  constructor(index: IamIndex, atLeast: Certainty) {
    this.#index = index;
    this.#atLeast = atLeast;
  }

  /** Takes over what was judged anew since the last time. */
  refresh(): void {
    for (const [number, judged] of this.#index.judged.entries()) {
      const before = this.#known[number];
      if (before === judged) continue;
      if (before !== undefined) this.#forget(number, before);
      this.#known[number] = judged;
      for (const { role, certainty } of judged.assumptions)
        if (certainty >= this.#atLeast)
          this.#assumers.set(role, (this.#assumers.get(role) ?? new Set()).add(number));
      const holders = this.#holders.get(judged.class);
      if (holders === undefined) {
        this.#holders.set(judged.class, new Set([number]));
        this.#addEdges(judged.class);
      } else {
        holders.add(number);
      }
    }
  }

  /** A class that nobody is in any more keeps its edges; nobody comes along them. */
  #forget(number: number, before: JudgedPrincipal): void {
    this.#holders.get(before.class)?.delete(number);
    for (const { role } of before.assumptions) this.#assumers.get(role)?.delete(number);
  }

  #addEdges(of: JudgedClass): void {
    for (const edge of of.edges.edges) {
      const group = this.#groupOf(edge);
      if (group === null) continue;
      if (!this.#into.has(group))
        for (const member of group.members) addToList(this.#groupsOf, member, group);
      addToList(this.#into, group, { of, edge });
    }
  }

  /** Everybody who reaches an administrator, with the fewest steps; administrators with none. */
  administrators(isAdmin: (number: number) => boolean): ReadonlyMap<number, Reached> {
    const reached = new Map<number, Reached>();
    let layer: number[] = [];
    const note = (number: number, found: Reached): void => {
      if (reached.has(number) || !this.#keeps(number, found.step)) return;
      reached.set(number, found);
      layer.push(number);
    };
    for (const number of this.#index.judged.keys())
      if (isAdmin(number)) note(number, { hops: 0, step: null, isDirect: false });
    const seeds = layer;
    layer = [];
    for (const [number, { escalation }] of this.#index.judged.entries())
      if (escalation !== null && escalation.certainty >= this.#atLeast)
        note(number, {
          hops: 1,
          step: { method: escalation.method, to: null, missing: missingFor(escalation) },
          isDirect: escalation.method.direct,
        });
    const met = new Set<PrincipalGroup>();
    const metDirectly = new Set<PrincipalGroup>();
    for (const [groups, isDirect] of [
      [metDirectly, true],
      [met, false],
    ] as const)
      for (const to of seeds)
        this.#sources(to, groups, isDirect, (source, method, missing) => {
          if (!reached.has(source)) note(source, { hops: 1, step: { method, to, missing }, isDirect });
        });
    this.#raised((source, step) => note(source, { hops: 1, step, isDirect: false }));
    this.#spread(reached, layer, 1, met);
    return reached;
  }

  /** Everybody who reaches one of `seeds`. */
  reaching(seeds: readonly number[]): ReadonlyMap<number, Reached> {
    const reached = new Map<number, Reached>();
    for (const number of seeds) reached.set(number, { hops: 0, step: null, isDirect: false });
    this.#spread(reached, seeds, 0, new Set());
    return reached;
  }

  #spread(
    reached: Map<number, Reached>,
    first: readonly number[],
    from: number,
    met: Set<PrincipalGroup>,
  ): void {
    let layer = first;
    for (let hops = from; layer.length > 0; hops++) {
      const next: number[] = [];
      for (const to of layer)
        this.#sources(to, met, false, (source, method, missing) => {
          if (reached.has(source)) return;
          const step = { method, to, missing };
          if (!this.#keeps(source, step)) return;
          reached.set(source, { hops: hops + 1, step, isDirect: false });
          next.push(source);
        });
      layer = next;
    }
  }

  /** The rights of a group that somebody joins stay within the own boundary. */
  #keeps(number: number, step: Step | null): boolean {
    return step?.method.target !== 'group' || (this.#index.judged[number]?.cap ?? 0) >= this.#atLeast;
  }

  /** Everybody with a step to a principal; groups that were met before are left out. */
  #sources(
    number: number,
    met: Set<PrincipalGroup>,
    onlyDirect: boolean,
    found: (source: number, method: EscalationMethod, missing: readonly string[]) => void,
  ): void {
    for (const source of this.#assumers.get(number) ?? []) found(source, ASSUME, []);
    for (const group of this.#groupsOf.get(number) ?? []) {
      if (met.has(group)) continue;
      met.add(group);
      for (const { of, edge } of this.#into.get(group) ?? []) {
        if (edge.method.gains !== 'target' || (onlyDirect && !edge.method.direct)) continue;
        for (const source of this.#holders.get(of) ?? [])
          if (source !== number) found(source, edge.method, edge.missing);
      }
    }
  }

  /** Giving any right to somebody whom one can become, as far as boundaries let that be. */
  #raised(found: (source: number, step: Step) => void): void {
    const { judged } = this.#index;
    const mayBeRaised = (number: number): boolean => (judged[number]?.cap ?? 0) >= this.#atLeast;
    for (const [group, incoming] of this.#into) {
      const target = group.members.find(mayBeRaised);
      if (target === undefined) continue;
      for (const { of, edge } of incoming) {
        if (edge.method.gains !== 'admin') continue;
        for (const source of this.#holders.get(of) ?? []) {
          const other =
            source === target ? group.members.find((each) => each !== source && mayBeRaised(each)) : target;
          if (other !== undefined) found(source, { method: edge.method, to: other, missing: edge.missing });
        }
      }
    }
    for (const [number, { class: of, assumptions }] of judged.entries()) {
      for (const { role, certainty } of assumptions) {
        if (certainty < this.#atLeast || !mayBeRaised(role)) continue;
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
        return (of.of.vector(action, account.roles.list).levels[place] as number) >= this.#atLeast;
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
