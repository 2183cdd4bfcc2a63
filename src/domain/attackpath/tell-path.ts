import { compareBytes } from '#base/compare.ts';
import { counted } from '#base/text.ts';
import type { ResourceIdentity } from '../resource/resource-key.ts';
import type { DetectedRisk, Evidence, RiskVerdict } from '../risk/detected-risk.ts';
import type { AttackPath, PathOutline, PathReach, PathStep, RepresentativePath } from './attack-path.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { likelihoodOfCost } from './likelihood.ts';
import { type Origin, originWords } from './origin.ts';
import type { Parallel } from './parallel-steps.ts';
import type { PathFacts } from './path-facts.ts';
import type { PathSeverity } from './path-severity.ts';
import type { Shape } from './shape.ts';
import { stateKey } from './state.ts';
import { stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';
import type { Target, TargetClass } from './target.ts';
import type { Way } from './way.ts';
import { wholeOf } from './whole-of.ts';

/** Ways that an issue shows (attack-paths §4.6 step 6). */
const SHOWN_MAX = 5;
/** Facts of a risk that people still read. */
const EVIDENCE_MAX = 10;

/** The ways of one path, and what they come to. */
export interface OutlinedPath {
  readonly shape: Shape;
  /** The likeliest first. */
  readonly ways: readonly Way[];
  readonly outline: PathOutline;
}

/** What a path is, and how bad: `ways` are its, the likeliest first, and `worst` is how bad the gravest of them is. */
export function outlineOf(
  { id, title }: Shape,
  pivot: ResourceIdentity,
  ways: readonly Way[],
  worst: PathSeverity,
): PathOutline {
  const [best] = ways as [Way, ...Way[]];
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

/** What all ways of a path begin at, go through and lead to. */
export function reachOf(ways: readonly Way[], { assets }: PathFacts): PathReach {
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

/** A path with all that is said of it. */
export function tellPath(
  { shape, ways, outline }: OutlinedPath,
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

/** A resource by its key, as far as anybody described it. */
export function named(key: string, { assets }: Pick<PathFacts, 'assets'>): ResourceIdentity {
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

/** What ways lead to, each once, without parts of what is there itself. */
export function targetsOfWays(ways: readonly Pick<Way, 'target'>[]): readonly Target[] {
  const targets = [...new Set(ways.map(({ target }) => target))];
  if (targets.length === 1) return targets;
  return wholes([...new Map(targets.map((target) => [stateKey(target.state), target])).values()]);
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
