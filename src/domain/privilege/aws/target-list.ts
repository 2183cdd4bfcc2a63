import { addToList } from '#base/list-map.ts';
import type { Target } from './caller.ts';
import { matchesPattern } from './policy-pattern.ts';

/** Certainties of one question for each target of a list, with a number of their own so that equal ones are found. */
export interface LevelVector {
  readonly number: number;
  readonly levels: Uint8Array;
}

/** Resources of one type, in the order in which vectors speak of them; patterns are matched against them once. */
export class TargetList {
  readonly targets: readonly Target[];
  readonly #vectors = new Map<string | number, LevelVector>();
  /** By a hash of the levels: equal vectors are one, so that whatever is made of them is made once. */
  readonly #byHash = new Map<number, LevelVector[]>();
  #distinct = 0;
  readonly #byArn: ReadonlyMap<string, number>;
  readonly #matching = new Map<string, readonly number[]>();
  readonly #all: readonly number[];

  constructor(targets: readonly Target[]) {
    this.targets = targets;
    this.#byArn = new Map(targets.map(({ arn }, index) => [arn, index]));
    this.#all = targets.map((_, index) => index);
  }

  get size(): number {
    return this.targets.length;
  }

  indexOf(arn: string): number | undefined {
    return this.#byArn.get(arn);
  }

  /** The vector of a key, made once. Numbers from 0 up are signatures of questions, those below pairs of vectors. */
  vector(key: string | number, make: () => Uint8Array): LevelVector {
    let vector = this.#vectors.get(key);
    if (vector === undefined) {
      vector = this.#only(make());
      this.#vectors.set(key, vector);
    }
    return vector;
  }

  #only(levels: Uint8Array): LevelVector {
    let hash = 0;
    for (let index = 0; index < levels.length; index++)
      hash = (Math.imul(hash, 31) + (levels[index] as number)) | 0;
    const known = this.#byHash.get(hash)?.find((each) => areEqual(each.levels, levels));
    if (known !== undefined) return known;
    const vector = { number: this.#distinct++, levels };
    addToList(this.#byHash, hash, vector);
    return vector;
  }

  /** Places of the targets whose ARN a pattern matches. */
  matching(pattern: string): readonly number[] {
    if (pattern === '*') return this.#all;
    let matching = this.#matching.get(pattern);
    if (matching === undefined) {
      const exact = /[*?\ue000\ue001]/.test(pattern) ? null : this.#byArn.get(pattern);
      matching =
        exact === null
          ? this.#all.filter((index) => matchesPattern(pattern, (this.targets[index] as Target).arn))
          : exact === undefined
            ? []
            : [exact];
      this.#matching.set(pattern, matching);
    }
    return matching;
  }
}

function areEqual(a: Uint8Array, b: Uint8Array): boolean {
  for (let index = 0; index < a.length; index++) if (a[index] !== b[index]) return false;
  return true;
}
