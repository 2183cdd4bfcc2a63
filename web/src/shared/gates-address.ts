/** Gates that are closed for a try, one a line: an id of a gate may hold every character but that. */
export interface FixSearch {
  cut?: string | undefined;
}

/** The plan of fixes: by the risk that they take, or by that for the work that they are. */
export interface PlanSearch extends FixSearch {
  order?: 'cheapest' | undefined;
}

export interface MapSearch extends FixSearch {
  /** The text in place of the picture. */
  as?: 'text' | undefined;
}

/** As many as one question may name. */
const GATES_MAX = 100;

export function readFixSearch(raw: Record<string, unknown>): FixSearch {
  return typeof raw.cut === 'string' && raw.cut !== '' ? { cut: raw.cut } : {};
}

export function readPlanSearch(raw: Record<string, unknown>): PlanSearch {
  return { ...readFixSearch(raw), ...(raw.order === 'cheapest' && { order: 'cheapest' as const }) };
}

export function readMapSearch(raw: Record<string, unknown>): MapSearch {
  return { ...readFixSearch(raw), ...(raw.as === 'text' && { as: 'text' as const }) };
}

/** The gates of an address, each once. */
export function gatesOf({ cut }: FixSearch): readonly string[] {
  return [...new Set((cut ?? '').split('\n'))].filter((gate) => gate !== '').slice(0, GATES_MAX);
}

/** An address with a gate cut, or put back. */
export function withGate(search: FixSearch, gate: string): { cut: string | undefined } {
  const before = gatesOf(search);
  const without = before.filter((other) => other !== gate);
  const after = without.length === before.length ? [...without, gate] : without;
  return { cut: after.length === 0 ? undefined : after.join('\n') };
}
