import { expect, test } from 'vitest';
import { INTERNET, principal, step, target } from './attack-path.test-sample.ts';
import { KnownWays } from './known-ways.ts';
import { StateGraph } from './state-graph.ts';
import { WayOverEdges } from './way.ts';

const STATES = new StateGraph([step('open-trust', INTERNET, principal('role'))], []);
const PIVOT = { key: 'role', flawed: null };
const wayOver = (...edges: readonly number[]) =>
  new WayOverEdges(STATES, edges, target(principal('role')), 1, PIVOT);

test('a way that was found first or last in a place is the same object when it is found again', () => {
  const known = new KnownWays();
  const over = (place: number, ...edges: readonly number[]) =>
    known.over(place, edges, () => wayOver(...edges));
  const first = over(0, 1, 2);
  const elsewhere = over(1, 1, 2);
  const second = over(0, 1, 3);
  expect([over(0, 1, 3), over(0, 1, 2), over(1, 1, 2)]).toEqual([second, first, elsewhere]);
  expect(over(0, 1, 3)).toBe(second);
  expect(over(0, 1, 2)).toBe(first);
  expect(over(1, 1, 2)).toBe(elsewhere);
  expect(elsewhere).not.toBe(first);
  const third = over(0, 1, 3, 4);
  expect(third).not.toBe(second);
  expect(over(0, 1)).not.toBe(third);
  expect(over(0, 1, 2)).toBe(first);
  expect(over(0, 1, 3)).not.toBe(second);
});
