import { type Comparison, compareBytes, compareInOrder } from '#base/compare.ts';
import { getOrMake } from '#base/get-or-make.ts';
import { addToList } from '#base/list-map.ts';
import type { ResourceIdentity } from '../resource/resource-key.ts';
import { compareSeverity } from '../severity/severity.ts';
import type { AttackPath, FoundPaths, PathOutline, PathReach } from './attack-path.ts';
import { ControlledResources } from './controlled-resources.ts';
import { WaySearch } from './find-paths.ts';
import { type JudgedWay, type PathName, pathKey, WayJudge } from './judge-ways.ts';
import { type Parallel, ParallelSteps } from './parallel-steps.ts';
import type { PathFacts } from './path-facts.ts';
import { issueIdOfPath } from './path-finding.ts';
import type { PathSeverity } from './path-severity.ts';
import type { StateGraph } from './state-graph.ts';
import { type Target, targetsOf } from './target.ts';
import { named, type OutlinedPath, outlineOf, reachOf, targetsOfWays, tellPath } from './tell-path.ts';
import { byLikelihoodOver, type Pivot, type Way, type WayOverEdges } from './way.ts';

/** The ways of one issue, and what they come to: where they are the same, so is that. */
interface PathGroup extends OutlinedPath {
  readonly ways: readonly WayOverEdges[];
  /** As they were found. */
  readonly found: readonly Way[];
  readonly name: PathName;
  /** Null until it is asked for. */
  extent: number | null;
  /** Null until it is asked for. */
  reach: PathReach | null;
  /** All that was said of them: first, which is with all gates open for most, and last. */
  told: readonly ToldPath[];
}

/** A path, and what it was told of beside its ways: where that is the same, so is the path. */
interface ToldPath {
  /** The ids of all gates that were closed. */
  readonly closed: ReadonlySet<string>;
  /** Those of its steps and of what does the same: whether others are closed is nothing to it. Looked for when it is asked for. */
  gates: ReadonlySet<string> | null;
  readonly path: AttackPath;
}

/** The attack paths that these facts allow, worst first (attack-paths §4.6, §4.7). The same for the same facts in any order. */
export function derivePaths(facts: PathFacts): FoundPaths {
  return modelOf(facts).derive();
}

const MODELS = new WeakMap<PathFacts, PathModel>();

/** The model of these facts, made once for as long as somebody has them: it answers every question about them. */
export function modelOf(facts: PathFacts): PathModel {
  const known = MODELS.get(facts) ?? new PathModel(facts);
  MODELS.set(facts, known);
  return known;
}

/**
 * Facts that are made ready once, and then answer which attack paths there are while some gates are closed: the same as
 * is derived from the steps that are left, in a small part of the time (attack-paths §4.10).
 */
export class PathModel {
  readonly #facts: PathFacts;
  readonly #search: WaySearch;
  readonly #parallel: ParallelSteps;
  readonly #judge: WayJudge;
  readonly #controlled: ControlledResources;
  readonly #byLikelihood: Comparison<WayOverEdges>;
  /** What was found first, which is with all gates open for most, and what was found last. */
  readonly #groups = new Map<PathName, readonly PathGroup[]>();
  readonly #pivots = new Map<Pivot, ResourceIdentity>();
  readonly #issueIds = new Map<PathName, string>();
  readonly #byOutline = new WeakMap<PathOutline, PathGroup>();
  /** With all gates open, which is what each question about closed ones is compared with. */
  #open: FoundGroups | null = null;
  #openPaths: FoundPaths | null = null;

  constructor(facts: PathFacts, visitsMax?: number) {
    this.#facts = facts;
    this.#search = new WaySearch(facts.steps, targetsOf(facts), visitsMax);
    this.#parallel = new ParallelSteps(this.#search.states);
    this.#judge = new WayJudge(this.#search.states, facts);
    this.#controlled = new ControlledResources(this.#search.states, facts);
    this.#byLikelihood = byLikelihoodOver(this.#search.states);
  }

  get states(): StateGraph {
    return this.#search.states;
  }

  /** With the gates of these ids closed. */
  derive(closed: Iterable<string> = []): FoundPaths {
    const ids = new Set(closed);
    if (ids.size > 0) return this.#told(this.#found(ids), ids);
    this.#openPaths ??= this.#told(this.#whole(), ids);
    return this.#openPaths;
  }

  /** The same paths in the same order, with no more of each than what it is and how bad: in a small part of the time. */
  outlines(closed: Iterable<string> = []): FoundPaths<PathOutline> {
    const ids = new Set(closed);
    const { groups, notes } = ids.size > 0 ? this.#found(ids) : this.#whole();
    return { paths: groups.map(({ outline }) => outline), notes };
  }

  /** What tells a path of these outlines from others: the same object for the same path. */
  nameOf(outline: PathOutline): PathName {
    return (this.#byOutline.get(outline) as PathGroup).name;
  }

  /** The id of the issue that a path of these outlines is. */
  issueIdOf(outline: PathOutline): string {
    return getOrMake(this.#issueIds, this.nameOf(outline), () => issueIdOfPath(outline));
  }

  /** How much a path of these outlines is about: how many entries and targets it has, and how many resources it goes through. */
  extentOf(outline: PathOutline): number {
    const group = this.#byOutline.get(outline) as PathGroup;
    group.extent ??= this.#extentOf(group.ways);
    return group.extent;
  }

  #extentOf(ways: readonly WayOverEdges[]): number {
    const entries = new Set(ways.map(({ edges }) => this.states.assetAt(edges[0] as number)));
    return entries.size + targetsOfWays(ways).length + this.#controlled.countOn(ways);
  }

  /** All ways of a path while every gate is open, the likeliest first; empty where there is no such path. */
  waysOf({ shape, pivot, targetClass }: Pick<AttackPath, 'shape' | 'pivot' | 'targetClass'>): readonly Way[] {
    const key = pathKey(shape, pivot.key, targetClass);
    return this.#whole().groups.find(({ name }) => name.key === key)?.ways ?? [];
  }

  #whole(): FoundGroups {
    this.#open ??= this.#found(new Set());
    return this.#open;
  }

  #found(ids: ReadonlySet<string>): FoundGroups {
    const { ways, notes } = this.#search.ways([...ids].flatMap((id) => this.#search.states.gatesOfId(id)));
    const byPath = new Map<PathName, WayOverEdges[]>();
    for (const way of ways)
      if (isStillWanted(way.target, ids)) addToList(byPath, this.#judge.judge(way).path, way);
    const groups = [...byPath].map(([name, its]) => this.#groupOf(name, its));
    return { groups: groups.sort(worstFirst), notes };
  }

  #groupOf(name: PathName, found: readonly WayOverEdges[]): PathGroup {
    const known = this.#groups.get(name) ?? [];
    const same = known.find(({ found: each }) => isSameList(each, found));
    if (same !== undefined) return same;
    const ways = found.toSorted(this.#byLikelihood);
    const judged = ways.map((way) => this.#judge.judge(way));
    const { shape } = judged[0] as JudgedWay;
    const pivot = this.#identityOf((ways[0] as WayOverEdges).over);
    const outline = outlineOf(shape, pivot, ways, worstOf(ways, judged));
    const group: PathGroup = { shape, found, ways, outline, name, extent: null, reach: null, told: [] };
    this.#byOutline.set(outline, group);
    this.#groups.set(name, [known[0] ?? group, group]);
    return group;
  }

  /** Of many paths the same, so that it is looked for once. */
  #identityOf(pivot: Pivot): ResourceIdentity {
    return pivot.flawed ?? getOrMake(this.#pivots, pivot, () => named(pivot.key, this.#facts));
  }

  #reachOf(group: PathGroup): PathReach {
    group.reach ??= reachOf(group.ways, this.#facts);
    return group.reach;
  }

  #told({ groups, notes }: FoundGroups, closed: ReadonlySet<string>): FoundPaths {
    const parallel = this.#parallel.without(closed);
    return { paths: groups.map((group) => this.#pathOf(group, parallel, closed)), notes };
  }

  #pathOf(group: PathGroup, parallel: Parallel, closed: ReadonlySet<string>): AttackPath {
    const same = group.told.find((each) => this.#isOpenAlike(each, group.ways, closed));
    if (same !== undefined) return same.path;
    const path = tellPath(group, this.#reachOf(group), this.#facts, parallel);
    const told: ToldPath = { closed, gates: null, path };
    group.told = [group.told[0] ?? told, told];
    return path;
  }

  /** Whether all steps of a path, and all that do the same, are open or closed as they were when it was told. */
  #isOpenAlike(told: ToldPath, ways: readonly Way[], closed: ReadonlySet<string>): boolean {
    told.gates ??= gateIdsOf(ways, this.#parallel);
    for (const id of told.gates) if (told.closed.has(id) !== closed.has(id)) return false;
    return true;
  }
}

/** Worst first. */
interface FoundGroups extends Pick<FoundPaths, 'notes'> {
  readonly groups: readonly PathGroup[];
}

/** The gates of all steps and of those that do the same, by their ids. */
function gateIdsOf(ways: readonly Way[], parallel: Parallel): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const step of new Set(ways.flatMap(({ steps }) => steps)))
    for (const { gates } of parallel.of(step)) for (const { id } of gates) ids.add(id);
  return ids;
}

/** Whether any of the steps that make it a target is left; most targets need none. */
function isStillWanted({ by }: Target, closed: ReadonlySet<string>): boolean {
  return by === undefined || by.some(({ gates }) => !gates.some(({ id }) => closed.has(id)));
}

function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((each, index) => each === b[index]));
}

const worstFirst = compareInOrder<PathGroup>([
  ({ outline: a }, { outline: b }) => compareSeverity(a.severity, b.severity),
  ({ outline: a }, { outline: b }) => b.likelihood - a.likelihood,
  (a, b) => compareBytes(a.name.key, b.name.key),
]);

/** Of the gravest ways the likeliest: what an issue is as bad as. Its reason says so where others are likelier. */
function worstOf(ways: readonly Way[], judged: readonly JudgedWay[]): PathSeverity {
  const [first, ...others] = judged.map(({ severity }) => severity) as [PathSeverity, ...PathSeverity[]];
  const worst = others.reduce((a, b) => (compareSeverity(b.severity, a.severity) < 0 ? b : a), first);
  const [best, its] = [ways[0] as Way, ways[judged.findIndex(({ severity }) => severity === worst)] as Way];
  return its.cost === best.cost
    ? worst
    : { ...worst, why: `The gravest of its ways is not the likeliest one. ${worst.why}` };
}
