import { commands, type KeyCommand } from './commands.ts';

/** The part of a keyboard event that matters. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Where the focus is when the key is pressed. */
export type KeyPlace = 'field' | 'control' | 'scroller' | 'page';

const byKey: ReadonlyMap<string, KeyCommand> = new Map(
  commands.flatMap(({ is, keys }) => keys.map((key) => [key, is] as const)),
);

const native: Readonly<Record<KeyPlace, ReadonlySet<string>>> = {
  page: new Set(),
  // A button or a link takes Enter itself.
  control: new Set(['Enter']),
  // What scrolls by itself keeps the keys that scroll.
  scroller: new Set(['ArrowDown', 'ArrowUp', 'Home', 'End']),
  field: new Set(),
};

/**
 * The command of a key, or null when the key belongs to the browser or to the field that it is typed
 * into. `g` is pressed first to go to a screen: `g i`, `g o`. Ctrl or ⌘ with K searches, from everywhere,
 * and with A selects all that match, where a page has a list.
 */
export function keyCommand(press: KeyPress, place: KeyPlace, gPressed: boolean): KeyCommand | null {
  if ((press.ctrlKey || press.metaKey) && !press.altKey && press.key.toLowerCase() === 'k') return 'palette';
  if ((press.ctrlKey || press.metaKey) && !press.altKey && place !== 'field' && press.key === 'a')
    return 'select-all';
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (place === 'field') return press.key === 'Escape' ? 'close' : null;
  if (gPressed) return byKey.get(`g ${press.key}`) ?? null;
  if (native[place].has(press.key)) return null;
  return byKey.get(press.key) ?? null;
}
