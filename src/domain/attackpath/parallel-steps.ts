import type { AttackStep } from './attack-step.ts';
import type { StateGraph } from './state-graph.ts';

/** What is between the same states, as far as it is open. */
export type Parallel = Pick<ParallelSteps, 'of'>;

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
  without(closed: ReadonlySet<string>): Parallel {
    if (closed.size === 0) return this;
    const asked = new Map<AttackStep, readonly AttackStep[]>();
    return {
      of: (step) => {
        const known = asked.get(step);
        if (known !== undefined) return known;
        const alike = this.of(step);
        const open = areAllOpen(alike, closed) ? alike : alike.filter((other) => isOpen(other, closed));
        asked.set(step, open);
        return open;
      },
    };
  }
}

// Asked of each step of all paths with each change: loops, as each call of a function with every gate costs more than its answer.
function areAllOpen(steps: readonly AttackStep[], closed: ReadonlySet<string>): boolean {
  for (const step of steps) if (!isOpen(step, closed)) return false;
  return true;
}

function isOpen({ gates }: AttackStep, closed: ReadonlySet<string>): boolean {
  for (const { id } of gates) if (closed.has(id)) return false;
  return true;
}
