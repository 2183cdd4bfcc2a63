import { addToList } from '#base/list-map.ts';
import type { AttackStep } from './attack-step.ts';
import { stateKey } from './state.ts';

/**
 * The steps without those that need all that another one between the same states needs, and more, and are no likelier:
 * whatever closes the other closes them, so they are no alternative.
 */
export function neededSteps(steps: readonly AttackStep[]): readonly AttackStep[] {
  const between = new Map<string, AttackStep[]>();
  for (const step of steps) addToList(between, `${stateKey(step.from)}\n${stateKey(step.to)}`, step);
  return steps.filter((step) => {
    const others = between.get(`${stateKey(step.from)}\n${stateKey(step.to)}`) as AttackStep[];
    if (others.length === 1) return true;
    const own = gatesOf(step);
    return !others.some(
      (other) =>
        other.gates.length > 0 &&
        other.probability >= step.probability &&
        gatesOf(other).size < own.size &&
        [...gatesOf(other)].every((gate) => own.has(gate)),
    );
  });
}

function gatesOf({ gates }: AttackStep): ReadonlySet<string> {
  return new Set(gates.map(({ is, id }) => `${is} ${id}`));
}
