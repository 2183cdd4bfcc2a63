import { addToList } from '#base/list-map.ts';
import { compareSeverity } from '../severity/severity.ts';
import type { PathOutline } from './attack-path.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { modelOf, type PathModel } from './derive-paths.ts';
import type { PathPlace } from './judge-ways.ts';
import type { PathFacts } from './path-facts.ts';

/** What closing gates does to an issue (attack-paths §4.8). */
export type FixEffect = 'resolves' | 'reduces' | 'no change';

/** What becomes of one attack path when gates are closed. */
export interface ChangedPath {
  readonly issueId: string;
  readonly shape: string;
  readonly pivot: string;
  readonly targetClass: PathOutline['targetClass'];
  readonly title: string;
  readonly becomes: 'gone' | 'lower' | 'less likely' | 'smaller' | 'the same' | 'new';
  /** A path whose place another way of another shape takes is not resolved, however it is called then. */
  readonly effect: FixEffect;
  /** The issue of the way that takes its place; null where none does. */
  readonly continuesAs: string | null;
  /** Null where it is there only afterwards. */
  readonly before: PathOutline | null;
  /** Null where it is gone. */
  readonly after: PathOutline | null;
  /** What is left of it: itself, or the path that takes its place; null where it is resolved. */
  readonly left: PathOutline | null;
}

/** What a model knows of the paths that it found. */
type KnownPaths = Pick<PathModel, 'nameOf' | 'issueIdOf' | 'extentOf'>;

/** What becomes of all attack paths when these gates are closed (attack-paths §4.8, §4.10). */
export function whatIf(facts: PathFacts, gates: readonly string[]): readonly ChangedPath[] {
  const model = modelOf(facts);
  return changedPaths(model, model.outlines().paths, model.outlines(gates).paths);
}

/** What became of all attack paths between two searches of a model, in the order of the first, then of the second. */
export function changedPaths(
  model: KnownPaths,
  before: readonly PathOutline[],
  after: readonly PathOutline[],
): readonly ChangedPath[] {
  const then = new Map(after.map((path) => [model.nameOf(path), path]));
  const known = new Set(before.map((path) => model.nameOf(path)));
  const fresh = after.filter((path) => !known.has(model.nameOf(path)));
  const byPlace = new Map<PathPlace, PathOutline[]>();
  for (const path of fresh) addToList(byPlace, model.nameOf(path).place, path);
  return [
    ...before.map((path): ChangedPath => {
      const name = model.nameOf(path);
      const same = then.get(name) ?? null;
      const instead = same === null ? (byPlace.get(name.place)?.[0] ?? null) : null;
      const left = same ?? instead;
      const change = left === null ? 'gone' : changeOf(model, path, left);
      return {
        ...calledAs(model, path),
        becomes: same === null ? 'gone' : change,
        effect: left === null ? 'resolves' : isLess(path, left, change) ? 'reduces' : 'no change',
        continuesAs: instead === null ? null : model.issueIdOf(instead),
        before: path,
        after: same,
        left,
      };
    }),
    ...fresh.map(
      (path): ChangedPath => ({
        ...calledAs(model, path),
        becomes: 'new',
        effect: 'no change',
        continuesAs: null,
        before: null,
        after: path,
        left: path,
      }),
    ),
  ];
}

type Change = ChangedPath['becomes'];

function changeOf(model: KnownPaths, before: PathOutline, after: PathOutline): Change {
  if (before === after) return 'the same';
  if (compareSeverity(before.severity, after.severity) < 0) return 'lower';
  if (after.likelihood < before.likelihood) return 'less likely';
  return model.extentOf(after) < model.extentOf(before) ? 'smaller' : 'the same';
}

function isLess(before: PathOutline, after: PathOutline, change: Change): boolean {
  return change !== 'the same' && compareSeverity(before.severity, after.severity) <= 0;
}

/** The gates of all steps that a word means: its id, that of its fix, or words of what closing it means. */
export function gatesMeant(steps: readonly AttackStep[], word: string): readonly Gate[] {
  const gates = new Map(steps.flatMap((step) => step.gates.map((gate) => [gate.id, gate] as const)));
  const exact = gates.get(word) ?? [...gates.values()].find(({ fix }) => fix === word);
  if (exact !== undefined) return [exact];
  const lower = word.toLowerCase();
  return [...gates.values()].filter(({ sentence }) => sentence.toLowerCase().includes(lower));
}

/** The gates that are findings of these issues, or that such a finding is about. */
export function gatesOfIssues(steps: readonly AttackStep[], issueIds: ReadonlySet<string>): readonly Gate[] {
  const gates = new Map<string, Gate>();
  for (const step of steps)
    for (const gate of step.gates)
      if (gate.issueId !== null && issueIds.has(gate.issueId)) gates.set(gate.id, gate);
  return [...gates.values()];
}

function calledAs(
  model: KnownPaths,
  path: PathOutline,
): Pick<ChangedPath, 'issueId' | 'shape' | 'pivot' | 'targetClass' | 'title'> {
  const { shape, pivot, targetClass, title } = path;
  return { issueId: model.issueIdOf(path), shape, pivot: pivot.key, targetClass, title };
}
