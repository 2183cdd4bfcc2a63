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

/** Who is reached, by place in the list of all principals. */
export type ReachedByNumber = readonly (Reached | undefined)[];

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
  readonly #places = new Map<PrincipalGroup, number>();
  readonly #groups: PrincipalGroup[] = [];
  /** For each group, who may give any right to its members. */
  readonly #raising = new Map<PrincipalGroup, Incoming[]>();
  /** For each group, who reaches it; for each principal, the places of the groups that it is in. */
  readonly #into: Incoming[][] = [];
  readonly #groupsOf: number[][] = [];
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
      if (edge.method.gains === 'target') (this.#into[this.#placeOf(group)] as Incoming[]).push({ of, edge });
      else addToList(this.#raising, group, { of, edge });
    }
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
    const note = (number: number, found: Reached): void => {
      if (reached[number] !== undefined || !this.#keeps(number, found.step)) return;
      reached[number] = found;
      layer.push(number);
    };
    for (let number = 0; number < judged.length; number++)
      if (isAdmin(number)) note(number, { hops: 0, step: null, isDirect: false });
    const seeds = layer;
    layer = [];
    for (let number = 0; number < judged.length; number++) {
      const { escalation } = judged[number] as JudgedPrincipal;
      if (escalation !== null && escalation.certainty >= this.#atLeast)
        note(number, {
          hops: 1,
          step: { method: escalation.method, to: null, missing: missingFor(escalation) },
          isDirect: escalation.method.direct,
        });
    }
    const met = this.#noneMet();
    for (const [groups, isDirect] of [
      [this.#noneMet(), true],
      [met, false],
    ] as const)
      for (const to of seeds)
        this.#sources(to, groups, isDirect, (source, method, missing) => {
          if (reached[source] === undefined)
            note(source, { hops: 1, step: { method, to, missing }, isDirect });
        });
    this.#raised((source, step) => {
      if (reached[source] === undefined) note(source, { hops: 1, step, isDirect: false });
    });
    this.#spread(reached, layer, 1, met);
    return reached;
  }

  /** Everybody who reaches one of `seeds`. */
  reaching(seeds: readonly number[]): ReachedByNumber {
    const reached = new Array<Reached | undefined>(this.#index.judged.length).fill(undefined);
    for (const number of seeds) reached[number] = { hops: 0, step: null, isDirect: false };
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
        this.#sources(to, met, false, (source, method, missing) => {
          if (reached[source] !== undefined) return;
          const step = { method, to, missing };
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

  /** Everybody with a step to a principal; groups that were met before are left out. */
  #sources(
    number: number,
    met: Uint8Array,
    onlyDirect: boolean,
    found: (source: number, method: EscalationMethod, missing: readonly string[]) => void,
  ): void {
    for (const source of this.#assumers.get(number) ?? []) found(source, ASSUME, []);
    for (const place of this.#groupsOf[number] ?? []) {
      if (met[place] === 1) continue;
      met[place] = 1;
      for (const { of, edge } of this.#into[place] as Incoming[]) {
        if (onlyDirect && !edge.method.direct) continue;
        for (const source of this.#holders.get(of) ?? [])
          if (source !== number) found(source, edge.method, edge.missing);
      }
    }
  }

  /** Giving any right to somebody whom one can become, as far as boundaries let that be. */
  #raised(found: (source: number, step: Step) => void): void {
    const { judged } = this.#index;
    const mayBeRaised = (number: number): boolean => (judged[number]?.cap ?? 0) >= this.#atLeast;
    for (const [group, incoming] of this.#raising) {
      const target = group.members.find(mayBeRaised);
      if (target === undefined) continue;
      for (const { of, edge } of incoming) {
        for (const source of this.#holders.get(of) ?? []) {
          const other =
            source === target ? group.members.find((each) => each !== source && mayBeRaised(each)) : target;
          if (other !== undefined) found(source, { method: edge.method, to: other, missing: edge.missing });
        }
      }
    }
    for (let number = 0; number < judged.length; number++) {
      const { class: of, assumptions } = judged[number] as JudgedPrincipal;
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
