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
  readonly #byKey = new Map<string, PrincipalGroup | null>();
  readonly #lists = new Map<TargetList, number>();

  /** The principals behind the targets whose level is high enough; null where there are none. */
  of(
    { list, principals }: PrincipalTargets,
    { number, levels }: LevelVector,
    atLeast: number,
  ): PrincipalGroup | null {
    const listNumber = this.#lists.get(list) ?? this.#lists.size;
    this.#lists.set(list, listNumber);
    const key = `${listNumber} ${number} ${atLeast}`;
    let group = this.#byKey.get(key);
    if (group === undefined) {
      const members = new Set<number>();
      for (let index = 0; index < levels.length; index++)
        if ((levels[index] as number) >= atLeast && (principals[index] as number) >= 0)
          members.add(principals[index] as number);
      group = members.size === 0 ? null : { number: this.groups.length, members: [...members] };
      if (group !== null) this.groups.push(group);
      this.#byKey.set(key, group);
    }
    return group;
  }
}

/** The lesser of two vectors over one list. */
export function both(list: TargetList, a: LevelVector, b: LevelVector): LevelVector {
  if (a === b) return a;
  const key = `& ${a.number} ${b.number}`;
  let vector = list.vectors.get(key);
  if (vector === undefined) {
    const levels = a.levels.map((level, index) => Math.min(level, b.levels[index] as number));
    vector = { number: list.vectors.size, levels };
    list.vectors.set(key, vector);
  }
  return vector;
}
