import { getOrMake } from '#base/get-or-make.ts';
import { likelihoodOfCost } from './likelihood.ts';
import type { PathFacts } from './path-facts.ts';
import { type PathSeverity, type PathTraits, pathSeverity, traitsOf } from './path-severity.ts';
import { type Shape, shapeOf } from './shape.ts';
import type { StateGraph } from './state-graph.ts';
import type { TargetClass } from './target.ts';
import type { Pivot, WayOverEdges } from './way.ts';

/** What a way is called, how bad it is, and the path that it belongs to. */
export interface JudgedWay {
  readonly shape: Shape;
  readonly severity: PathSeverity;
  readonly path: PathName;
}

/** What tells a path from others: for each path one object, so that nobody has to compare texts. */
export interface PathName {
  /** Of paths that are as bad it says which comes first. */
  readonly key: string;
  /** What it is about, whatever it is called: of all paths of one pivot and one class of targets the same. */
  readonly place: PathPlace;
}

/** A pivot and a class of targets. */
export type PathPlace = Readonly<Record<'pivot' | 'targetClass', string>>;

/** What all ways have in common whose entries, forms of steps and classes of targets are the same. */
interface Form {
  readonly shape: Shape;
  readonly traits: PathTraits;
}

/** Where ways come to that begin alike. */
interface Fork {
  /** By the next thing in which ways differ. */
  readonly branches: Map<string | number, Fork>;
  /** Of the ways that end here. */
  form: Form | null;
}

/** Names ways and says how bad each is. Ways that read alike are looked at once, and each way is. */
export class WayJudge {
  readonly #states: StateGraph;
  readonly #assets: PathFacts['assets'];
  /** By the entry, then the class of targets, then the form of each step. */
  readonly #forms: Fork = newFork();
  /** By the edge of an entry: its origin, and the type of what it reaches. */
  readonly #entries = new Map<number, string>();
  readonly #places = new Map<string, PathPlace>();
  readonly #names = new Map<string, PathName>();
  readonly #namesOfForms = new Map<Pivot, Map<Form, PathName>>();
  /** A way never changes. */
  readonly #judged = new WeakMap<WayOverEdges, JudgedWay>();

  constructor(states: StateGraph, { assets }: Pick<PathFacts, 'assets'>) {
    this.#states = states;
    this.#assets = assets;
  }

  judge(way: WayOverEdges): JudgedWay {
    const known = this.#judged.get(way);
    if (known !== undefined) return known;
    const form = this.#formOf(way);
    const names = getOrMake(this.#namesOfForms, way.over, () => new Map<Form, PathName>());
    const judged: JudgedWay = {
      shape: form.shape,
      severity: pathSeverity(likelihoodOfCost(way.cost), form.traits, way.target),
      path: getOrMake(names, form, () => this.#nameOf(form.shape, way)),
    };
    this.#judged.set(way, judged);
    return judged;
  }

  #formOf(way: WayOverEdges): Form {
    const { edges, target } = way;
    const entry = edges[0] as number;
    let fork = branchOf(branchOf(this.#forms, this.#entry(entry)), target.class);
    for (let at = 0; at < edges.length; at++) fork = branchOf(fork, this.#states.formAt(edges[at] as number));
    fork.form ??= {
      shape: shapeOf(way.steps, target.class, this.#typeOf(entry)),
      traits: traitsOf(way.steps),
    };
    return fork.form;
  }

  #nameOf({ id }: Shape, { pivot, target }: WayOverEdges): PathName {
    const key = pathKey(id, pivot, target.class);
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const placed = `${pivot}\n${target.class}`;
    const place = this.#places.get(placed) ?? { pivot, targetClass: target.class };
    this.#places.set(placed, place);
    const name: PathName = { key, place };
    this.#names.set(key, name);
    return name;
  }

  #entry(edge: number): string {
    const known = this.#entries.get(edge);
    if (known !== undefined) return known;
    const entry = `${this.#states.stepAt(edge).from.asset} ${this.#typeOf(edge)}`;
    this.#entries.set(edge, entry);
    return entry;
  }

  #typeOf(edge: number): string | null {
    return this.#assets.get(this.#states.stepAt(edge).to.asset)?.type ?? null;
  }
}

function newFork(): Fork {
  return { branches: new Map(), form: null };
}

function branchOf({ branches }: Fork, by: string | number): Fork {
  return getOrMake(branches, by, newFork);
}

/** One text for each path, by the shape, the key of the pivot and the class of targets. */
export function pathKey(shape: string, pivot: string, targetClass: TargetClass): string {
  return `${shape}\n${pivot}\n${targetClass}`;
}
