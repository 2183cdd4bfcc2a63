import { compareBytes } from '#base/compare.ts';
import { startsOf } from '#graph/graph.ts';
import { int32s } from '#graph/large-array.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import type { StepColumns } from './step-columns.ts';

/** Of as many steps in a row the order is found faster by moving each to its place. */
const SHORT_ROW = 24;

/** More steps than a row can have: a state and a place in a row then fit into one exact number. */
const ROW_MAX = 2 ** 31;

/** The indices of the steps in the order of rule, states and gates; of those that agree in all of these the likeliest alone. */
export function distinctSteps(
  steps: readonly AttackStep[],
  { ruleCount, rules, from, to }: StepColumns,
  stateCount: number,
): Int32Array {
  const order = int32s(steps.length);
  for (let at = 0; at < order.length; at++) order[at] = at;
  const spare = int32s(steps.length);
  // By the last of the keys first: each pass leaves what is equal in the order that it found. Steps come state by state, so
  // that all of this is met in the order in which it lies in memory.
  sortBy(order, spare, from, stateCount);
  sortRows(spare, startsOf(from, stateCount), to);
  sortBy(spare, order, rules, ruleCount);
  let kept = 0;
  for (let first = 0; first < order.length; ) {
    const one = order[first] as number;
    let end = first + 1;
    for (; end < order.length; end++) {
      const other = order[end] as number;
      if (rules[one] !== rules[other] || from[one] !== from[other] || to[one] !== to[other]) break;
    }
    // What is kept is never more than what was looked at.
    if (end === first + 1) order[kept++] = one;
    else for (const index of likeliestOfGates(order.slice(first, end), steps)) order[kept++] = index;
    first = end;
  }
  return order.subarray(0, kept);
}

/** Of alternatives those of other gates, in the order of these. */
function likeliestOfGates(indices: Int32Array, steps: readonly AttackStep[]): Int32Array {
  const keys = new Map<number, string>();
  for (const index of indices) keys.set(index, gatesKey(steps[index] as AttackStep));
  // The likeliest of each first; of as likely ones that which was given first.
  indices.sort(
    (a, b) =>
      compareBytes(keys.get(a) as string, keys.get(b) as string) ||
      (steps[b] as AttackStep).probability - (steps[a] as AttackStep).probability,
  );
  return indices.filter((index, at) => at === 0 || keys.get(index) !== keys.get(indices[at - 1] as number));
}

function gatesKey({ gates }: AttackStep): string {
  const [only] = gates;
  if (only !== undefined && gates.length === 1) return gateKey(only);
  return gates.map(gateKey).sort(compareBytes).join('\n');
}

function gateKey({ is, id }: Gate): string {
  return `${is} ${id}`;
}

/** A counting sort that keeps the order of what is equal. */
function sortBy(order: Int32Array, sorted: Int32Array, keys: Int32Array, keyCount: number): void {
  const place = startsOf(keys, keyCount);
  for (let at = 0; at < order.length; at++) {
    const index = order[at] as number;
    const key = keys[index] as number;
    const slot = place[key] as number;
    place[key] = slot + 1;
    sorted[slot] = index;
  }
}

/** Each row by keys; what is equal stays in its order. */
function sortRows(order: Int32Array, start: Int32Array, keys: Int32Array): void {
  for (let row = 0; row + 1 < start.length; row++) {
    const first = start[row] as number;
    const end = start[row + 1] as number;
    if (end - first <= SHORT_ROW) sortShortRow(order, first, end, keys);
    else sortLongRow(order.subarray(first, end), keys);
  }
}

function sortShortRow(order: Int32Array, first: number, end: number, keys: Int32Array): void {
  for (let i = first + 1; i < end; i++) {
    const index = order[i] as number;
    const key = keys[index] as number;
    let at = i;
    for (; at > first && (keys[order[at - 1] as number] as number) > key; at--)
      order[at] = order[at - 1] as number;
    order[at] = index;
  }
}

function sortLongRow(row: Int32Array, keys: Int32Array): void {
  const before = row.slice();
  const sorted = Float64Array.from(before, (index, at) => (keys[index] as number) * ROW_MAX + at).sort();
  for (let at = 0; at < row.length; at++) row[at] = before[(sorted[at] as number) % ROW_MAX] as number;
}
