import { addToList } from '#base/list-map.ts';
import { compareSeverity } from '../severity/severity.ts';
import type { PathOutline } from './attack-path.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { modelOf, type PathModel, pathKey } from './derive-paths.ts';
import type { PathFacts } from './path-facts.ts';
import { issueIdOfPath } from './path-finding.ts';

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

/** How much each path is about. */
type Extents = Pick<PathModel, 'extentOf'>;

/** What becomes of all attack paths when these gates are closed (attack-paths §4.8, §4.10). */
export function whatIf(facts: PathFacts, gates: readonly string[]): readonly ChangedPath[] {
  const model = modelOf(facts);
  return changedPaths(model, model.outlines().paths, model.outlines(gates).paths);
}

/** What became of all attack paths between two searches of a model, in the order of the first, then of the second. */
export function changedPaths(
  model: Extents,
  before: readonly PathOutline[],
  after: readonly PathOutline[],
): readonly ChangedPath[] {
  const then = new Map(after.map((path) => [keyOf(path), path]));
  const known = new Set(before.map(keyOf));
  const fresh = after.filter((path) => !known.has(keyOf(path)));
  const byPlace = new Map<string, PathOutline[]>();
  for (const path of fresh) addToList(byPlace, placeOf(path), path);
  return [
    ...before.map((path): ChangedPath => {
      const same = then.get(keyOf(path)) ?? null;
      const instead = same === null ? (byPlace.get(placeOf(path))?.[0] ?? null) : null;
      const left = same ?? instead;
      const becomes = same === null ? 'gone' : change(model, path, same);
      return {
        ...nameOf(path),
        becomes,
        effect: left === null ? 'resolves' : isLess(model, path, left) ? 'reduces' : 'no change',
        continuesAs: instead === null ? null : issueIdOf(instead),
        before: path,
        after: same,
        left,
      };
    }),
    ...fresh.map(
      (path): ChangedPath => ({
        ...nameOf(path),
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

function change(model: Extents, before: PathOutline, after: PathOutline): ChangedPath['becomes'] {
  if (before === after) return 'the same';
  if (compareSeverity(before.severity, after.severity) < 0) return 'lower';
  if (after.likelihood < before.likelihood) return 'less likely';
  return model.extentOf(after) < model.extentOf(before) ? 'smaller' : 'the same';
}

function isLess(model: Extents, before: PathOutline, after: PathOutline): boolean {
  return change(model, before, after) !== 'the same' && compareSeverity(before.severity, after.severity) <= 0;
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

function keyOf({ shape, pivot, targetClass }: PathOutline): string {
  return pathKey(shape, pivot.key, targetClass);
}

/** What a path is about, whatever it is called. */
function placeOf({ pivot, targetClass }: PathOutline): string {
  return `${pivot.key}\n${targetClass}`;
}

function nameOf(
  path: PathOutline,
): Pick<ChangedPath, 'issueId' | 'shape' | 'pivot' | 'targetClass' | 'title'> {
  const { shape, pivot, targetClass, title } = path;
  return { issueId: issueIdOf(path), shape, pivot: pivot.key, targetClass, title };
}

const ISSUE_IDS = new WeakMap<PathOutline, string>();

/** Each is asked for with every question, and hashing takes longer than the rest of the answer. */
function issueIdOf(path: PathOutline): string {
  const known = ISSUE_IDS.get(path) ?? issueIdOfPath(path);
  ISSUE_IDS.set(path, known);
  return known;
}
