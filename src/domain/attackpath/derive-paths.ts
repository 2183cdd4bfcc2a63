import { compareBytes, compareInOrder } from '#base/compare.ts';
import { addToList } from '#base/list-map.ts';
import { counted } from '#base/text.ts';
import type { ResourceIdentity } from '../resource/resource-key.ts';
import type { DetectedRisk, Evidence, RiskVerdict } from '../risk/detected-risk.ts';
import { compareSeverity } from '../severity/severity.ts';
import type {
  AttackPath,
  FoundPaths,
  PathOutline,
  PathReach,
  PathStep,
  RepresentativePath,
} from './attack-path.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { byLikelihood, pivotOf, type Way, WaySearch } from './find-paths.ts';
import { likelihoodOfCost } from './likelihood.ts';
import { type Origin, originWords } from './origin.ts';
import { ParallelSteps } from './parallel-steps.ts';
import type { PathFacts } from './path-facts.ts';
import { type PathSeverity, pathSeverity } from './path-severity.ts';
import { type Shape, shapeNamer } from './shape.ts';
import { stateKey } from './state.ts';
import type { StateGraph } from './state-graph.ts';
import { stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';
import { type Target, type TargetClass, targetsOf } from './target.ts';
import { wholeOf } from './whole-of.ts';

/** Ways that an issue shows (attack-paths §4.6 step 6). */
const SHOWN_MAX = 5;
/** Facts of a risk that people still read. */
const EVIDENCE_MAX = 10;

/** What a way is called, how bad it is, and the issue that it belongs to. */
interface JudgedWay {
  readonly shape: Shape;
  readonly severity: PathSeverity;
  /** Shape, pivot and class of target. */
  readonly group: string;
}

/** The ways of one issue, and what they come to: where they are the same, so is that. */
interface PathGroup {
  readonly shape: Shape;
  /** As they were found. */
  readonly found: readonly Way[];
  /** The likeliest first. */
  readonly ways: readonly Way[];
  readonly outline: PathOutline;
  /** Of paths that are as bad, which comes first. */
  readonly rank: string;
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

/** What is between the same states, as far as it is open. */
type Parallel = Pick<ParallelSteps, 'of'>;

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
  readonly #shapeOf: ReturnType<typeof shapeNamer>;
  /** A way never changes, and neither does what it is called. */
  readonly #judged = new WeakMap<Way, JudgedWay>();
  /** By shape, pivot and class of target: what was found first, which is with all gates open for most, and what was found last. */
  readonly #groups = new Map<string, readonly PathGroup[]>();
  readonly #byOutline = new WeakMap<PathOutline, PathGroup>();
  /** With all gates open, which is what each question about closed ones is compared with. */
  #open: FoundGroups | null = null;
  #openPaths: FoundPaths | null = null;

  constructor(facts: PathFacts, visitsMax?: number) {
    this.#facts = facts;
    this.#search = new WaySearch(facts.steps, targetsOf(facts), visitsMax);
    this.#parallel = new ParallelSteps(this.#search.states);
    this.#shapeOf = shapeNamer((asset) => facts.assets.get(asset)?.type ?? null);
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

  /** How much a path of these outlines is about: how many entries and targets it has, and how many resources it goes through. */
  extentOf(outline: PathOutline): number {
    const { entries, targets, resources } = this.#reachOf(this.#byOutline.get(outline) as PathGroup);
    return entries + targets.length + resources.length;
  }

  /** All ways of a path while every gate is open, the likeliest first; empty where there is no such path. */
  waysOf({ shape, pivot, targetClass }: Pick<AttackPath, 'shape' | 'pivot' | 'targetClass'>): readonly Way[] {
    const key = pathKey(shape, pivot.key, targetClass);
    return this.#whole().groups.find((group) => group.rank === key)?.ways ?? [];
  }

  #whole(): FoundGroups {
    this.#open ??= this.#found(new Set());
    return this.#open;
  }

  #found(ids: ReadonlySet<string>): FoundGroups {
    const { ways, notes } = this.#search.ways([...ids].flatMap((id) => this.#search.states.gatesOfId(id)));
    const byGroup = new Map<string, Way[]>();
    for (const way of ways)
      if (isStillWanted(way.target, ids)) addToList(byGroup, this.#judge(way).group, way);
    const groups = [...byGroup].map(([rank, its]) => this.#groupOf(rank, its));
    return { groups: groups.sort(worstFirst), notes };
  }

  #judge(way: Way): JudgedWay {
    const known = this.#judged.get(way);
    if (known !== undefined) return known;
    const shape = this.#shapeOf(way.steps, way.target);
    const judged: JudgedWay = {
      shape,
      severity: pathSeverity(likelihoodOfCost(way.cost), way.steps, way.target),
      group: pathKey(shape.id, way.pivot, way.target.class),
    };
    this.#judged.set(way, judged);
    return judged;
  }

  #groupOf(rank: string, found: readonly Way[]): PathGroup {
    const known = this.#groups.get(rank) ?? [];
    const same = known.find(({ found: each }) => isSameList(each, found));
    if (same !== undefined) return same;
    const ways = found.toSorted(byLikelihood);
    const judged = ways.map((way) => this.#judge(way));
    const { shape } = judged[0] as JudgedWay;
    const outline = outlineOf(shape, ways, worstOf(ways, judged), this.#facts);
    const group: PathGroup = { shape, found, ways, outline, rank, reach: null, told: [] };
    this.#byOutline.set(outline, group);
    this.#groups.set(rank, [known[0] ?? group, group]);
    return group;
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
    const path = pathOf(group, this.#reachOf(group), this.#facts, parallel);
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

/** One text for each path, by the shape, the key of the pivot and the class of targets. */
export function pathKey(shape: string, pivot: string, targetClass: TargetClass): string {
  return `${shape}\n${pivot}\n${targetClass}`;
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
  (a, b) => compareBytes(a.rank, b.rank),
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

function outlineOf(
  { id, title }: Shape,
  ways: readonly Way[],
  worst: PathSeverity,
  facts: PathFacts,
): PathOutline {
  const [best] = ways as [Way, ...Way[]];
  const pivot = pivotOf(best, (key) => named(key, facts));
  const targets = targetsOfWays(ways);
  return {
    shape: id,
    title: title
      .replaceAll('{pivot}', () => shownName(pivot.name))
      .replaceAll('{target}', () => targetWords(targets, best.target.class)),
    pivot,
    targetClass: best.target.class,
    ...worst,
    likelihood: likelihoodOfCost(best.cost),
  };
}

function reachOf(ways: readonly Way[], { assets }: PathFacts): PathReach {
  return {
    entries: new Set(ways.map(entryOf)).size,
    targets: targetsOfWays(ways)
      .map(({ state }) => state.asset)
      .sort(compareBytes),
    resources: controlled(ways)
      .filter((key) => assets.has(key))
      .sort(compareBytes),
  };
}

function pathOf(
  { shape, ways, outline }: PathGroup,
  reach: PathReach,
  facts: PathFacts,
  parallel: Parallel,
): AttackPath {
  const { resources } = reach;
  const [best] = ways as [Way, ...Way[]];
  const services = new Set(resources.flatMap((key) => facts.assets.get(key)?.context.services ?? []));
  const shown = representatives(ways);
  return {
    ...outline,
    ...reach,
    story: shape.story,
    services: [...services].sort(compareBytes),
    risks: risksOf(ways, resources, facts),
    paths: shown.map((way) => representative(way, parallel)),
    fixes: fixesOf(best, shape, parallel),
    gateIssues: gateIssuesOf(ways, parallel),
    more: ways.length - shown.length,
  };
}

function named(key: string, { assets }: PathFacts): ResourceIdentity {
  const context = assets.get(key)?.context;
  return {
    key,
    kind: (context?.kind ?? 'cloud') as ResourceIdentity['kind'],
    name: context?.name ?? key.replace(/^saas:|^azure:.*\/storageaccounts\//, ''),
  };
}

/** The asset that outsiders get to first. */
function entryOf({ steps }: Way): string {
  return (steps[0] as AttackStep).to.asset;
}

const MANY: Readonly<Record<TargetClass, string>> = {
  'account-admin': 'accounts',
  'cluster-admin': 'clusters',
  'cluster-secrets': 'clusters',
  'cluster-node': 'clusters',
  'sensitive-data': 'stores of sensitive data',
  'production-data': 'stores of production data',
  'service-data': 'services that keep data elsewhere',
  'served-content': 'sites',
  delivery: 'build servers',
  'source-code': 'repositories of code',
  'vital-service': 'vital services',
  backups: 'vaults of backups',
};

function targetsOfWays(ways: readonly Way[]): readonly Target[] {
  return wholes([...new Map(ways.map(({ target }) => [stateKey(target.state), target])).values()]);
}

/** Without the parts of what is a target itself. */
function wholes(targets: readonly Target[]): readonly Target[] {
  const assets = new Set(targets.map(({ state }) => state.asset));
  return targets.filter(({ state }) => !assets.has(wholeOf(state.asset) ?? ''));
}

function targetWords(targets: readonly Target[], of: TargetClass): string {
  if (targets.length > 1) return `${targets.length} ${MANY[of]}`;
  return (targets[0] as Target).name;
}

/** What an attacker holds more of than the way to it. */
function controlled(ways: readonly Way[]): readonly string[] {
  const assets = new Set<string>();
  for (const { steps } of ways)
    for (const { to } of steps) if (to.capability !== 'reach') assets.add(to.asset);
  return [...assets];
}

/** The likeliest first; then those with another entry, then those with other gates, then the rest. */
function representatives(ways: readonly Way[]): readonly Way[] {
  if (ways.length === 1) return ways;
  const chosen: Way[] = [];
  const entries = new Set<string>();
  const gates = new Set<string>();
  const take = (isNew: (way: Way) => boolean): void => {
    for (const way of ways) {
      if (chosen.length >= SHOWN_MAX) return;
      if (chosen.includes(way) || !isNew(way)) continue;
      chosen.push(way);
      entries.add(entryOf(way));
      gates.add(gatesText(way));
    }
  };
  take((way) => !entries.has(entryOf(way)));
  take((way) => !gates.has(gatesText(way)));
  take(() => true);
  return chosen;
}

/** Of other steps that do the same too: a path goes through each of them. */
function gateIssuesOf(ways: readonly Way[], parallel: Parallel): readonly string[] {
  const steps = new Set(ways.flatMap((way) => way.steps));
  const issues = new Set<string>();
  for (const step of steps)
    for (const { gates } of parallel.of(step))
      for (const { issueId } of gates) if (issueId !== null) issues.add(issueId);
  return [...issues].sort(compareBytes);
}

/** Each gate once: those first without which no step does the same, then in the order of the shape, then of the path. */
function fixesOf({ steps }: Way, { order }: Shape, parallel: Parallel): readonly Gate[] {
  const place = ({ rule }: AttackStep): number => {
    const at = order.indexOf(rule);
    return at === -1 ? order.length : at;
  };
  const isEvaded = (step: AttackStep, { id }: Gate): boolean =>
    parallel.of(step).some(({ gates }) => !gates.some((gate) => gate.id === id));
  const sorted = steps
    .toSorted((a, b) => place(a) - place(b))
    .flatMap((step) => step.gates.map((gate) => ({ gate, isEvaded: isEvaded(step, gate) })));
  const best = sorted.toSorted((a, b) => Number(a.isEvaded) - Number(b.isEvaded));
  return [...new Map(best.map(({ gate }) => [gate.id, gate] as const)).values()];
}

function gatesText({ steps }: Way): string {
  return steps.flatMap((step) => step.gates.map(({ id }) => id)).join('\n');
}

/** A way as it is told, with how many steps do the same as each of its. */
export function representative(way: Way, parallel: Parallel): RepresentativePath {
  return {
    entry: (way.steps[0] as AttackStep).from.asset,
    target: way.target.name,
    likelihood: likelihoodOfCost(way.cost),
    steps: stepsTold(way.steps, parallel),
  };
}

/** Steps with how many others do the same as each. */
export function stepsTold(steps: readonly AttackStep[], parallel: Parallel): readonly PathStep[] {
  return steps.map((step) => ({ ...step, otherWays: parallel.of(step).length - 1 }));
}

/** The risks of a path are those of all that it goes through (attack-paths §4.7). */
function risksOf(
  ways: readonly Way[],
  resources: readonly string[],
  { assets }: PathFacts,
): Readonly<Record<DetectedRisk, RiskVerdict>> {
  const contexts = resources.flatMap((key) => assets.get(key)?.context ?? []);
  const steps = [...new Set(ways.flatMap((way) => way.steps))];
  const entries = steps.filter(({ rule }) => stepRule(rule).category === 'entry');
  const flaws = steps.filter(({ rule }) => rule === 'network-exploit' || rule === 'machine-flaw');
  const rules = steps.filter(({ to }) => to.family === 'account');
  const targets = ways.map(({ target }) => target);
  return {
    publicly_accessible: {
      state: 'yes',
      evidence: firstFacts(entries.map((step) => [told(step), ...step.evidence])),
      missing: [],
    },
    privileged_access:
      rules.length > 0
        ? { state: 'yes', evidence: firstFacts(rules.map((step) => [told(step)])), missing: [] }
        : united(contexts.map((context) => context.privilegedAccess)),
    under_attack: united(contexts.map((context) => context.underAttack)),
    exploit_available: flaws.length === 0 ? NO_FLAW : united(flaws.flatMap(({ exploit }) => exploit ?? [])),
    in_production: united([
      ...contexts.map((context) => context.production),
      ...targets.map((target) => targetInProduction(target, assets)),
    ]),
  };
}

/** What a target is worth by what lies in it says nothing about where it runs. */
function targetInProduction(
  { state: { asset }, production, evidence, name }: Target,
  assets: PathFacts['assets'],
): RiskVerdict {
  const own = assets.get(asset)?.context.production;
  if (own?.state === production) return own;
  return production === 'unknown'
    ? { state: production, evidence: [], missing: [`a tag that tells the environment of ${name}`] }
    : { state: production, evidence, missing: [] };
}

const NO_FLAW: RiskVerdict = {
  state: 'no',
  evidence: [{ sentence: 'Does not apply: the path needs no flaw.', provenance: 'attack path', at: null }],
  missing: [],
};

function told(step: AttackStep): Evidence {
  const [first] = step.evidence;
  return {
    sentence: `${step.sentence}.`,
    provenance: first?.provenance ?? 'attack path',
    at: first?.at ?? null,
  };
}

/** Yes where one is; else unknown where one is. */
function united(verdicts: readonly RiskVerdict[]): RiskVerdict {
  const state = (['yes', 'unknown', 'no'] as const).find((each) =>
    verdicts.some((verdict) => verdict.state === each),
  );
  if (state === undefined)
    return { state: 'unknown', evidence: [], missing: ['an inventory of what it goes through'] };
  const told = verdicts.filter((verdict) => verdict.state === state);
  return {
    state,
    evidence: firstFacts(told.map(({ evidence }) => evidence)),
    missing: [...new Set(told.flatMap(({ missing }) => missing))].slice(0, EVIDENCE_MAX),
  };
}

/** Each sentence once, until there are enough of them. */
function firstFacts(lists: readonly (readonly Evidence[])[]): readonly Evidence[] {
  const facts = new Map<string, Evidence>();
  for (const list of lists)
    for (const fact of list) {
      if (facts.size >= EVIDENCE_MAX) return [...facts.values()];
      if (!facts.has(fact.sentence)) facts.set(fact.sentence, fact);
    }
  return [...facts.values()];
}

/** A path in a sentence: who gets to what, over how many steps. */
export function pathSentence({ paths, entries, targets }: AttackPath): string {
  const [best] = paths as readonly [RepresentativePath];
  const places = counted(entries, 'entry', 'entries');
  const reached = counted(targets.length, 'target');
  return `From ${originWords(best.entry as Origin)} in ${counted(best.steps.length, 'step')}; ${places}, ${reached}.`;
}
