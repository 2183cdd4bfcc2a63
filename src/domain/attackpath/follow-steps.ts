import type { AttackStep } from './attack-step.ts';
import { includesState, type State, stateKey } from './state.ts';

/** Steps that begin where somebody may be: by those that are given, and by what each state leads to in turn. */
export function followSteps(
  given: readonly AttackStep[],
  stepsFrom: (state: State) => readonly AttackStep[],
): readonly AttackStep[] {
  const byAsset = Map.groupBy(given, ({ from }) => from.asset);
  const held = new Set<string>();
  const found: AttackStep[] = [];
  const waiting = given.flatMap(({ from }) => (from.family === 'origin' ? [from] : []));
  for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
    if (held.has(stateKey(state))) continue;
    held.add(stateKey(state));
    for (const step of byAsset.get(state.asset) ?? [])
      if (includesState(state, step.from)) waiting.push(step.to);
    for (const step of stepsFrom(state)) {
      found.push(step);
      waiting.push(step.to);
    }
  }
  return found;
}
