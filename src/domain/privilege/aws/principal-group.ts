import type { PrincipalTargets } from './iam-account.ts';
import type { LevelVector, TargetList } from './target-list.ts';

/** Principals that are reached together: a node of the graph, so that edges stay few (attack-paths §1.2). */
export interface PrincipalGroup {
  readonly number: number;
  /** Places in the list of all principals. */
  readonly members: readonly number[];
}

/** Makes each group once, however many classes reach it. */
export class GroupTable {
  readonly groups: PrincipalGroup[] = [];
  readonly #byVector = new Map<LevelVector, (PrincipalGroup | null | undefined)[]>();

  /** The principals behind the targets whose level is high enough; null where there are none. */
  of({ principals }: PrincipalTargets, vector: LevelVector, atLeast: number): PrincipalGroup | null {
    let made = this.#byVector.get(vector);
    if (made === undefined) {
      made = [];
      this.#byVector.set(vector, made);
    }
    let group = made[atLeast];
    if (group === undefined) {
      group = this.#made(principals, vector.levels, atLeast);
      made[atLeast] = group;
    }
    return group;
  }

  #made(principals: readonly number[], levels: Uint8Array, atLeast: number): PrincipalGroup | null {
    const members: number[] = [];
    let isDistinct = true;
    for (let index = 0; index < levels.length; index++) {
      const principal = principals[index] as number;
      if ((levels[index] as number) < atLeast || principal < 0) continue;
      isDistinct &&= members.length === 0 || principal > (members.at(-1) as number);
      members.push(principal);
    }
    if (members.length === 0) return null;
    const group = { number: this.groups.length, members: isDistinct ? members : [...new Set(members)] };
    this.groups.push(group);
    return group;
  }
}

const VECTORS_MAX = 2 ** 24;

/** The lesser of two vectors over one list. */
export function both(list: TargetList, a: LevelVector, b: LevelVector): LevelVector {
  if (a === b) return a;
  return list.vector(-(a.number * VECTORS_MAX + b.number) - 1, () => {
    const levels = new Uint8Array(a.levels);
    for (let index = 0; index < levels.length; index++)
      if ((b.levels[index] as number) < (levels[index] as number)) levels[index] = b.levels[index] as number;
    return levels;
  });
}
