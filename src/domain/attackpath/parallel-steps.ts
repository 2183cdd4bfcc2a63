import type { AttackStep } from './attack-step.ts';
import type { StateGraph } from './state-graph.ts';

/** Which steps do the same as which others, each looked for once. */
export class ParallelSteps {
  readonly #states: StateGraph;
  readonly #known = new Map<AttackStep, readonly AttackStep[]>();

  constructor(states: StateGraph) {
    this.#states = states;
  }

  /** It and all that lead from the same state to the same one. */
  of(step: AttackStep): readonly AttackStep[] {
    const alike = this.#known.get(step) ?? this.#states.parallelsOf(step);
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
