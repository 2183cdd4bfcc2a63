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
    const known = this.#known.get(step);
    if (known !== undefined) return known;
    const alike = this.#states.parallelsOf(step);
    this.#known.set(step, alike);
    return alike;
  }

  /** The same while some gates are closed, by their ids: the same list where none of its steps needs one of them. */
  without(closed: ReadonlySet<string>): Pick<ParallelSteps, 'of'> {
    if (closed.size === 0) return this;
    const isClosed = ({ gates }: AttackStep): boolean => gates.some(({ id }) => closed.has(id));
    const asked = new Map<AttackStep, readonly AttackStep[]>();
    return {
      of: (step) => {
        const known = asked.get(step);
        if (known !== undefined) return known;
        const alike = this.of(step);
        const open = alike.some(isClosed) ? alike.filter((other) => !isClosed(other)) : alike;
        asked.set(step, open);
        return open;
      },
    };
  }
}
