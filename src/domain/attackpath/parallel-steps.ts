import { addToList } from '#base/list-map.ts';
import type { AttackStep } from './attack-step.ts';
import type { State } from './state.ts';

/** Which steps do the same as which others: they lead from the same state to the same one, through other gates. */
export class ParallelSteps {
  readonly #byEnd: ReadonlyMap<string, readonly AttackStep[]>;
  readonly #known = new Map<AttackStep, readonly AttackStep[]>();

  constructor(steps: readonly AttackStep[]) {
    const byEnd = new Map<string, AttackStep[]>();
    for (const step of steps) addToList(byEnd, step.to.asset, step);
    this.#byEnd = byEnd;
  }

  /** It and all that do the same. */
  of(step: AttackStep): readonly AttackStep[] {
    const known = this.#known.get(step);
    if (known !== undefined) return known;
    const alike = (this.#byEnd.get(step.to.asset) ?? [step]).filter(
      ({ from, to }) => isSame(to, step.to) && isSame(from, step.from),
    );
    this.#known.set(step, alike);
    return alike;
  }

  /** The same while some gates are closed, by their ids. */
  without(closed: ReadonlySet<string>): Pick<ParallelSteps, 'of'> {
    if (closed.size === 0) return this;
    const known = new Map<AttackStep, readonly AttackStep[]>();
    return {
      of: (step) => {
        const open =
          known.get(step) ?? this.of(step).filter(({ gates }) => !gates.some(({ id }) => closed.has(id)));
        known.set(step, open);
        return open;
      },
    };
  }
}

function isSame(a: State, b: State): boolean {
  return a.asset === b.asset && a.capability === b.capability;
}
