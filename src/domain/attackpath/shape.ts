import { counted } from '#base/text.ts';
import type { AttackStep } from './attack-step.ts';
import SHAPES from './data/shapes.json' with { type: 'json' };
import RULES from './data/step-rules.json' with { type: 'json' };
import type { StepRuleId } from './step-rules.ts';
import type { TargetClass } from './target.ts';

/** A form that paths have: what it is called, and how its paths are told (attack-paths §5.1). */
export interface Shape {
  readonly id: string;
  /** With `{pivot}` and `{target}` in it. */
  readonly title: string;
  /** What makes it work, in a sentence or two; empty for a path of no shape. */
  readonly story: string;
  /** Rules of steps, those whose gates are closed first before the others. */
  readonly order: readonly StepRuleId[];
}

interface ShapeRow extends Omit<Shape, 'order'> {
  readonly number: number;
  readonly order: readonly string[];
  readonly pattern: string;
}

interface TestedShape extends Shape {
  readonly pattern: RegExp;
}

/** A step of a rule may have a kind behind it in brackets; a pattern that names none is about all kinds. */
const RULE = new RegExp(
  `(?<![\\w-])(${Object.keys(RULES)
    .sort((a, b) => b.length - a.length)
    .join('|')})(?![\\w-]|\\\\\\[)`,
  'g',
);
const ANY_KIND = '(?:\\[[^\\]]*\\])?';

/** Words in capitals stand for several rules or classes of targets. */
function patternOf(text: string): RegExp {
  const whole = text
    .replaceAll('EXPLOIT', '(?:network-exploit|code-exploit)')
    .replaceAll('ESCAPE', '(?:container-escape|machine-flaw)')
    .replaceAll('DATA', '(?:sensitive|production)-data');
  return new RegExp(whole.replace(RULE, `$1${ANY_KIND}`), 'u');
}

/** The first that matches counts, so the more particular ones come first. */
const TESTED: readonly TestedShape[] = (SHAPES as readonly ShapeRow[]).map(
  ({ id, title, story, order, pattern }) => ({
    id,
    title,
    story,
    order: order as readonly StepRuleId[],
    pattern: patternOf(pattern),
  }),
);

/** Of a path that no shape is about. */
const UNNAMED: Omit<Shape, 'title'> = { id: 'chain', story: '', order: [] };

/**
 * The shape of a path. `entryType` is the type of what its first step reaches, as inventories spell it. A path of no shape gets
 * a made name from its entry, its target and its number of steps.
 */
export function shapeOf(
  steps: readonly AttackStep[],
  targetClass: TargetClass,
  entryType: string | null,
): Shape {
  const text = shapeText(steps, targetClass, entryType);
  const found = TESTED.find(({ pattern }) => pattern.test(text));
  if (found === undefined)
    return { ...UNNAMED, title: `{pivot} leads to {target} through ${counted(steps.length, 'step')}` };
  const { id, title, story, order } = found;
  return { id, title, story, order };
}

/** Origin, the rules of the steps with their kinds (of the first one the type of what it reaches), and the class of the target. */
function shapeText(steps: readonly AttackStep[], targetClass: TargetClass, entryType: string | null): string {
  const rules = steps.map(({ rule, kind }, index) => {
    const about = kind ?? (index === 0 ? entryType : null);
    return about === null || about === undefined ? rule : `${rule}[${about.replace(/[\s[\]]/g, '')}]`;
  });
  return `${steps[0]?.from.asset ?? ''} ${rules.join(' ')} > ${targetClass}`;
}
