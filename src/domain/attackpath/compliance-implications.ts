import { addToList } from '#base/list-map.ts';
import { CONTROLS } from '../control/control-catalogue.ts';
import type { DataType } from '../resource/data-class.ts';
import { DATA_WORDS } from '../resource/data-words.ts';
import OBLIGATIONS from './data/data-obligations.json' with { type: 'json' };

/** What it would affect, never that anything is violated (attack-paths §4.11). */
export interface Implication {
  readonly framework: string;
  readonly items: readonly string[];
  /** What it rests on: kinds of data, or a control. */
  readonly because: string;
}

/**
 * Frameworks that would be affected where data of these types are within reach, and where these controls fail on the way.
 * An attack that was seen adds what has to be told to others then.
 */
export function implicationsOf(
  types: readonly DataType[],
  controls: readonly string[],
  isObserved: boolean,
): readonly Implication[] {
  const held = new Set(types);
  const byData = OBLIGATIONS.flatMap(({ types: of, framework, items, observed }): Implication[] => {
    const some = [...held].filter((type) => of.includes(type));
    if (some.length === 0) return [];
    return [
      {
        framework,
        items: isObserved ? [...items, ...observed] : items,
        because: `data within reach: ${some.map((type) => DATA_WORDS[type]).join(', ')}`,
      },
    ];
  });
  const failing = new Set(controls);
  const byFramework = new Map<string, string[]>();
  const titles = new Map<string, string[]>();
  for (const { id, title, requirements } of CONTROLS) {
    if (!failing.has(id)) continue;
    for (const requirement of requirements) {
      addToList(byFramework, requirement.framework, requirement.id);
      addToList(titles, requirement.framework, title);
    }
  }
  return [
    ...byData,
    ...[...byFramework].map(([framework, items]) => ({
      framework,
      items: [...new Set(items)].sort(),
      because: `failing on the way: ${[...new Set(titles.get(framework))].join('; ')}`,
    })),
  ];
}
