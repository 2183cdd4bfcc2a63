import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { queryObjects } from 'node:v8';
import { PathModel } from '../../src/domain/attackpath/derive-paths.ts';
import { planFixes } from '../../src/domain/attackpath/fix-plan.ts';
import { originState } from '../../src/domain/attackpath/origin.ts';
import type { PathFacts } from '../../src/domain/attackpath/path-facts.ts';
import { pathFinding } from '../../src/domain/attackpath/path-finding.ts';
import type { StateGraph } from '../../src/domain/attackpath/state-graph.ts';
import { changedPaths } from '../../src/domain/attackpath/what-if.ts';
import { dominators, subtreeSums } from '../../src/graph/dominators.ts';
import { maskOfGates } from '../../src/graph/gates.ts';
import { reach } from '../../src/graph/reach.ts';
import { shortestPaths } from '../../src/graph/shortest-paths.ts';
import type { GraphEstateSize } from './graph-estate.ts';
import { bestOf, percentile, processorTime, streamed, timed } from './measure.ts';
import { pathEstate } from './path-estate.ts';

/** Milliseconds that each may take with 100 k states and 500 k steps, and with ten times as many (attack-paths §6.4). */
const BUDGETS = {
  'all anew from the resident graph': [300, 4_000],
  'steps to issues, all anew': [1_500, 15_000],
  'one what-if, to changed issues': [20, 400],
  'one what-if of 2 to 10 gates, to changed issues': [20, 400],
  'one what-if of a whole fix plan, to changed issues': [20, 400],
  'one change, to updated issues': [50, 500],
  'one change that is everything anew, to updated issues': [300, 4_000],
} as const;
const RESIDENT_MAX_MB = [200, 800] as const;

/** Of the smaller size and of the larger one, which takes minutes a round on a busy machine. */
const ROUNDS = [5, 2] as const;
const CHANGES = 100;
const PACE_MS = 500;
const SEARCHES = 15;
/**
 * More of all edges than that are no change of them, but everything anew (attack-paths §4.10). So is what moves more of the
 * states than that, of which the search makes a new one: a search alone takes longer than a change may.
 */
const SHARE_OF_A_CHANGE = 0.02;
const SHARE_MOVED = 1 / 12;

/**
 * Prints what it takes from the steps that rules found to grouped issues, and from a gate that is closed or opened to the
 * issues that change, in milliseconds of the processor: what it takes by the clock where nobody else works.
 */
export async function measurePaths({ isFull, isLarge }: Readonly<Record<'isFull' | 'isLarge', boolean>>) {
  if (!isLarge)
    for (const size of [
      { nodes: 100_000, edges: 500_000, kind: 'dense' },
      // Of those where alternatives to the likeliest ways are looked for, the most that leads to targets.
      { nodes: 32_000, edges: 160_000, kind: 'dense', targets: 1 },
      { nodes: 3_500, edges: 17_500, kind: 'dense', targets: 10 },
      { nodes: 100_000, edges: 500_000, kind: 'gated' },
    ] as const)
      await measure(size);
  if (isFull || isLarge) await measure({ nodes: 1_000_000, edges: 5_000_000, kind: 'dense' });
}

async function measure(size: GraphEstateSize): Promise<void> {
  const column = size.nodes > 100_000 ? 1 : 0;
  const say = (what: keyof typeof BUDGETS, time: number): void => {
    const limit = BUDGETS[what][column];
    console.log(
      `${name}: budget: ${what} ${time.toFixed(1)} ms, ${time <= limit ? 'within' : 'BEYOND'} ${limit} ms`,
    );
  };
  const name = `paths ${size.nodes / 1_000} k / ${size.edges / 1_000} k ${size.kind}${size.targets === undefined ? '' : `, targets: ${size.targets}`}`;
  // Beside the figures, as each of these takes a minute or more of the larger size.
  const begins = (what: string): void => console.error(`${name}: ${what} …`);
  begins('an estate is made up');
  const facts = pathEstate(size);
  const before = heapMb();
  begins('everything is made ready once');
  let model = new PathModel(facts);
  const { paths, notes } = model.derive();
  const gates = [...new Set(paths.flatMap(({ fixes }) => fixes.map(({ id }) => id)))].slice(0, CHANGES);
  begins('a fix plan');
  // Of facts of its own: the model that it makes goes with them.
  const plan = planFixes({ ...facts }).fixes.map(({ gate }) => gate.id);
  const questions = [
    new WhatIfs(
      'one what-if, to changed issues',
      gates.map((gate) => [gate]),
    ),
    ...(gates.length > 1
      ? [new WhatIfs('one what-if of 2 to 10 gates, to changed issues', setsOf(gates))]
      : []),
    new WhatIfs('one what-if of a whole fix plan, to changed issues', [plan]),
  ];
  let clock = Number.POSITIVE_INFINITY;
  let together = Number.POSITIVE_INFINITY;
  const anew: number[] = [];
  const resident: number[] = [];
  for (let round = 0; round < ROUNDS[column]; round++) {
    begins(`steps to issues, round ${round + 1} of ${ROUNDS[column]}`);
    const before = process.cpuUsage();
    let ready = 0;
    let found = 0;
    const time = await timed(() => {
      ready = processorTime(() => {
        model = new PathModel(facts);
      });
      found = processorTime(() => findIssues(model, facts));
    });
    const { user, system } = process.cpuUsage(before);
    together = Math.min(together, (user + system) / 1_000);
    clock = Math.min(clock, time);
    // Of a model that was asked nothing yet, as what was found once is kept.
    for (const asked of questions) asked.ask(model);
    anew.push(ready + found);
    resident.push(found + processorTime(() => lookThrough(model)));
  }
  console.log(
    `${name}: ${facts.steps.length} steps, ${paths.length} issues; ${notes.join(' ') || 'nothing left out.'} ${clock.toFixed(0)} ms by the clock at best, ${together.toFixed(0)} ms of all processors with what collects memory beside it`,
  );
  say('all anew from the resident graph', Math.min(...resident));
  say('steps to issues, all anew', Math.min(...anew));
  for (const { what, slowest, slowestOnce, median } of questions) {
    say(what, slowest);
    console.log(
      `${name}: that is the slowest question, as the median of ${ROUNDS[column]} models that were just made; half of all take ${median.toFixed(1)} ms, the slowest of all askings took ${slowestOnce.toFixed(1)} ms`,
    );
  }
  begins(`${2 * gates.length} changes`);
  // One after another, each on top of those before it, and then back again.
  const closed = new Set<string>();
  const known = new Set(model.derive().paths);
  const moving = new MovedStates(model);
  const collections = new Collections();
  const measured = [...gates, ...gates.toReversed()].map((gate) => {
    const before = [...closed];
    if (!closed.delete(gate)) closed.add(gate);
    const begun = performance.now();
    const time = processorTime(() => {
      for (const path of model.derive(closed).paths) {
        if (!known.has(path)) pathFinding(path, facts);
        known.add(path);
      }
    });
    const ended = performance.now();
    const edges = edgesOf(model, gate);
    // To count what moves takes a search, and what is fast moved little.
    const isSlow = time > BUDGETS['one change, to updated issues'][column];
    const moved = isSlow || edges > CHANGES ? moving.share(before, [...closed]) : 0;
    const isAnew = edges > SHARE_OF_A_CHANGE * model.states.graph.edgeCount || moved > SHARE_MOVED;
    return { time, begun, ended, edges, moved, isAnew };
  });
  await collections.settle();
  const isCollected = ({ begun, ended }: (typeof measured)[number]): boolean =>
    collections.fellInto(begun, ended);
  const changes = measured.filter((change) => !isCollected(change));
  for (const [what, of] of [
    ['one change, to updated issues', changes.filter(({ isAnew }) => !isAnew)],
    ['one change that is everything anew, to updated issues', changes.filter(({ isAnew }) => isAnew)],
  ] as const) {
    const [slowest] = of.toSorted((a, b) => b.time - a.time);
    if (slowest === undefined) continue;
    const [largest] = of.toSorted((a, b) => b.edges - a.edges);
    const told = (change: typeof slowest) =>
      `of ${change.edges} edges${change.moved > 0 ? ` that move ${(100 * change.moved).toFixed(1)} % of the states` : ''}`;
    say(what, slowest.time);
    console.log(
      `${name}: that is the slowest of ${of.length}, ${told(slowest)}; p50 ${percentile(
        of.map(({ time }) => time),
        0.5,
      ).toFixed(1)} ms; the largest, ${told(largest as typeof slowest)}, ${largest?.time.toFixed(1)} ms`,
    );
  }
  const collected = measured.filter((change) => isCollected(change) && !change.isAnew);
  const limit = BUDGETS['one change, to updated issues'][column];
  if (collected.length > 0)
    console.log(
      `${name}: into ${collected.length} other changes fell a collection of garbage of all that is alive; with it they took ${Math.max(...collected.map(({ time }) => time)).toFixed(1)} ms at most, ${collected.filter(({ time }) => time > limit).length} of them more than ${limit} ms`,
    );
  const alive = heapMb() - before;
  console.log(
    `${name}: budget: resident beside the steps ${alive.toFixed(0)} MB, ${alive <= RESIDENT_MAX_MB[column] ? 'within' : 'BEYOND'} ${RESIDENT_MAX_MB[column]} MB; the process with the steps and all that it ever held ${Math.round(process.resourceUsage().maxRSS / 1024)} MB at most`,
  );
  sayPace(name, size, model);
}

/** How fast this machine is now, beside the one that the limits were set on, of which the same is known (attack-paths §6.1). */
function sayPace(name: string, { kind, edges }: GraphEstateSize, { states }: PathModel): void {
  const { graph } = states;
  const root = states.nodeOf(originState('internet')) as number;
  const pass = bestOf(() => streamed(graph.heads), PACE_MS);
  const searches = Array.from({ length: SEARCHES }, () => processorTime(() => shortestPaths(graph, [root])));
  console.log(
    `${name}: a streaming pass over its edges ${pass.toFixed(2)} ms at best, shortest paths to everything ${percentile(searches, 0.5).toFixed(1)} ms at the median${kind !== 'dense' || edges !== 500_000 ? '' : ' (0.13 ms and 13 to 20 ms where the limits were set)'}`,
  );
}

/** Questions of one kind, each asked of several models: a question of a model that knows the answer says nothing. */
class WhatIfs {
  readonly what: keyof typeof BUDGETS;
  readonly #questions: readonly (readonly string[])[];
  /** By question. */
  readonly #times: readonly number[][];

  constructor(what: keyof typeof BUDGETS, questions: readonly (readonly string[])[]) {
    this.what = what;
    this.#questions = questions;
    this.#times = questions.map(() => []);
  }

  ask(model: PathModel): void {
    for (const [at, closed] of this.#questions.entries())
      this.#times[at]?.push(
        processorTime(() => changedPaths(model, model.outlines().paths, model.outlines(closed).paths)),
      );
  }

  get #typical(): readonly number[] {
    return this.#times.map((times) => percentile(times, 0.5));
  }

  get slowest(): number {
    return Math.max(...this.#typical);
  }

  get median(): number {
    return percentile(this.#typical, 0.5);
  }

  /** Beside what collects memory, what is compiled for the first time, and whatever else the machine does. */
  get slowestOnce(): number {
    return Math.max(...this.#times.flat());
  }
}

/** As many sets of gates as there are gates, of 2 to 10 from all over the list, the same in every run. */
function setsOf(gates: readonly string[]): readonly (readonly string[])[] {
  return gates.map((_, set) =>
    // A large odd step meets gates all over the list.
    Array.from(
      { length: 2 + (set % 9) },
      (_, at) => gates[((10 * set + at) * 7_919_777) % gates.length] as string,
    ),
  );
}

function edgesOf({ states }: PathModel, id: string): number {
  const { edgeStart } = states.gates;
  return states
    .gatesOfId(id)
    .reduce((sum, gate) => sum + (edgeStart[gate + 1] as number) - (edgeStart[gate] as number), 0);
}

/** When the collector of garbage looked through all that is alive, which is the steps of the estate above all. */
class Collections {
  readonly #found: { readonly begun: number; readonly ended: number }[] = [];
  readonly #observer = new PerformanceObserver((list) => this.#add(list.getEntries()));

  constructor() {
    this.#observer.observe({ entryTypes: ['gc'] });
  }

  #add(entries: readonly PerformanceEntry[]): void {
    const { NODE_PERFORMANCE_GC_MAJOR: major, NODE_PERFORMANCE_GC_INCREMENTAL: incremental } = constants;
    for (const entry of entries) {
      const kind = 'detail' in entry ? (entry.detail as { readonly kind: number }).kind : null;
      if (kind === major || kind === incremental)
        this.#found.push({ begun: entry.startTime, ended: entry.startTime + entry.duration });
    }
  }

  /** Those that were told of by now are known then. */
  async settle(): Promise<void> {
    await setImmediate();
    this.#add(this.#observer.takeRecords());
    this.#observer.disconnect();
  }

  fellInto(begun: number, ended: number): boolean {
    return this.#found.some((each) => each.begun <= ended && each.ended >= begun);
  }
}

/** Of how large a part of all states the best way from the internet is another after a change. */
class MovedStates {
  readonly #states: StateGraph;
  readonly #root: number;
  /** Of the change that was looked at last, as the next one often begins there. */
  #last: { readonly closed: string; readonly costs: Int32Array } | null = null;

  constructor({ states }: PathModel) {
    this.#states = states;
    this.#root = states.nodeOf(originState('internet')) as number;
  }

  share(before: readonly string[], after: readonly string[]): number {
    const was = this.#costsWith(before);
    const is = this.#costsWith(after);
    return was.reduce((sum, cost, node) => sum + Number(cost !== is[node]), 0) / was.length;
  }

  #costsWith(ids: readonly string[]): Int32Array {
    const closed = ids.toSorted().join('\n');
    if (this.#last?.closed === closed) return this.#last.costs;
    const { graph, gates } = this.#states;
    const mask = maskOfGates(
      gates,
      ids.flatMap((id) => this.#states.gatesOfId(id)),
    );
    const { costs } = shortestPaths(graph, [this.#root], { closed: mask });
    this.#last = { closed, costs };
    return costs;
  }
}

function findIssues(model: PathModel, facts: PathFacts): void {
  for (const path of model.derive().paths) pathFinding(path, facts);
}

/** What else everything anew is made of (attack-paths §6.4): what is reached, and what all ways there pass. */
function lookThrough({ states }: PathModel): void {
  const root = states.nodeOf(originState('internet')) as number;
  reach(states.graph, [root]);
  subtreeSums(dominators(states.graph, root), new Float64Array(states.graph.nodeCount).fill(1));
}

/** What is alive, arrays outside of the heap included. */
function heapMb(): number {
  // Counting objects of a class collects all garbage first.
  queryObjects(PathModel, { format: 'count' });
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1024 ** 2;
}
