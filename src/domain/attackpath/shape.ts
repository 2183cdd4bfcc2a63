import { counted } from '#base/text.ts';
import type { AttackStep } from './attack-step.ts';
import SHAPES from './data/shapes.json' with { type: 'json' };
import type { Target } from './target.ts';

/** A form that paths have: what it is called, and how its paths are told (attack-paths §5.1). */
export interface Shape {
  readonly id: string;
  /** With `{pivot}` and `{target}` in it. */
  readonly title: string;
}

interface TestedShape extends Shape {
  readonly pattern: RegExp;
}

/** The first that matches counts, so the more particular ones come first. */
const TESTED: readonly TestedShape[] = SHAPES.map(({ id, title, pattern }) => ({
  id,
  title,
  pattern: new RegExp(pattern, 'u'),
}));

/** Of a path that no shape is about. */
const UNNAMED: Shape = { id: 'chain', title: '' };

/**
 * The shape of a path. `typeOf` is the type of a resource, as inventories spell it. A path of no shape gets a made name
 * from its entry, its target and its number of steps.
 */
export function shapeOf(
  steps: readonly AttackStep[],
  target: Target,
  typeOf: (asset: string) => string | null,
): Shape {
  const text = shapeText(steps, target, typeOf);
  const found = TESTED.find(
    ({ pattern }) => pattern.test(text) || pattern.test(text.replace(/\[[^\]]*\]/g, '')),
  );
  if (found !== undefined) return { id: found.id, title: found.title };
  return {
    ...UNNAMED,
    title: `{pivot} leads to {target} through ${counted(steps.length, 'step')}`,
  };
}

/** Origin, the rules of the steps with the type of what the first one reaches, and the class of the target. */
function shapeText(
  steps: readonly AttackStep[],
  target: Target,
  typeOf: (asset: string) => string | null,
): string {
  const [first] = steps;
  const type = first === undefined ? null : typeOf(first.to.asset);
  const rules = steps.map(({ rule }, index) => (index === 0 && type !== null ? `${rule}[${type}]` : rule));
  return `${first?.from.asset ?? ''} ${rules.join(' ')} > ${target.class}`;
}
