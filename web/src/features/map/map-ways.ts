import type { AttackPath, AttackPathStep, Gate } from '../../../../src/contract/attack-path.ts';

/** One way of an attack path, from entry to target. */
export type Way = Pick<AttackPath, 'entry' | 'target' | 'likelihood' | 'steps'>;

export function waysOf(path: AttackPath): readonly Way[] {
  return [path, ...path.alternatives];
}

/** Closing any one of a step's gates closes the step. */
export function isCut(step: AttackPathStep, cut: ReadonlySet<string>): boolean {
  return step.gates.some(({ id }) => cut.has(id));
}

/** The likeliest way that is left; null where none of those that are shown is. */
export function wayLeft(ways: readonly Way[], cut: ReadonlySet<string>): Way | null {
  return ways.find(({ steps }) => !steps.some((step) => isCut(step, cut))) ?? null;
}

/** Names a line of the map: two steps between the same things by the same rule are one line. */
export function lineKey({ from, to, rule }: Pick<AttackPathStep, 'from' | 'to' | 'rule'>): string {
  return JSON.stringify([from, to, rule]);
}

/** What closes each line: the gates of its steps, each once. */
export function gatesOfLines(ways: readonly Way[]): ReadonlyMap<string, readonly Gate[]> {
  const found = new Map<string, Map<string, Gate>>();
  for (const step of ways.flatMap(({ steps }) => steps)) {
    const gates = found.get(lineKey(step)) ?? new Map<string, Gate>();
    for (const gate of step.gates) gates.set(gate.id, gate);
    found.set(lineKey(step), gates);
  }
  return new Map([...found].map(([line, gates]) => [line, [...gates.values()]]));
}

/** Lines over which every step is closed. */
export function cutLines(ways: readonly Way[], cut: ReadonlySet<string>): ReadonlySet<string> {
  const byLine = Map.groupBy(
    ways.flatMap(({ steps }) => steps),
    lineKey,
  );
  return new Set(
    [...byLine].flatMap(([line, steps]) => (steps.every((step) => isCut(step, cut)) ? [line] : [])),
  );
}

const AROUND = new Set(['passes', 'lets-in']);

/** Whether a line is no step of anybody, but what requests pass on the way of one. */
export function isAround({ rule }: { readonly rule: string }): boolean {
  return AROUND.has(rule);
}

/** What an attacker still gets to over the lines that are left, from where nothing leads to. */
export function stillReached(
  ids: readonly string[],
  lines: readonly { readonly from: string; readonly to: string; readonly rule: string }[],
  closed: ReadonlySet<string>,
): ReadonlySet<string> {
  const steps = lines.filter((line) => !isAround(line));
  const led = new Set(steps.map(({ to }) => to));
  const reached = new Set(ids.filter((id) => !led.has(id)));
  // Every turn that is not the last reaches one more, so that it ends.
  for (let before = -1; before !== reached.size; ) {
    before = reached.size;
    for (const line of steps) if (reached.has(line.from) && !closed.has(lineKey(line))) reached.add(line.to);
  }
  return reached;
}
