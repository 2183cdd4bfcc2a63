/** What a key asks for. Every page answers the ones that it knows. */
export type KeyCommand =
  | 'next'
  | 'previous'
  | 'first'
  | 'last'
  | 'open'
  | 'close'
  | 'take-in'
  | 'mute'
  | 'assign'
  | 'claim'
  | 'due'
  | 'undo'
  | 'search'
  | 'facets'
  | 'everything'
  | 'help'
  | 'go-inbox'
  | 'go-sources';

/** The part of a keyboard event that matters. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** Where the focus is when the key is pressed. */
export type KeyPlace = 'field' | 'control' | 'scroller' | 'page';

const plain: Readonly<Record<string, KeyCommand>> = {
  j: 'next',
  k: 'previous',
  ArrowDown: 'next',
  ArrowUp: 'previous',
  Home: 'first',
  End: 'last',
  ']': 'next',
  '[': 'previous',
  Enter: 'open',
  Escape: 'close',
  '+': 'take-in',
  e: 'mute',
  a: 'assign',
  i: 'claim',
  d: 'due',
  u: 'undo',
  '/': 'search',
  f: 'facets',
  n: 'everything',
  '?': 'help',
};

const afterG: Readonly<Record<string, KeyCommand>> = { i: 'go-inbox', o: 'go-sources' };

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
 * into. `g` is pressed first to go to a screen: `g i`, `g o`.
 */
export function keyCommand(press: KeyPress, place: KeyPlace, gPressed: boolean): KeyCommand | null {
  if (press.ctrlKey || press.metaKey || press.altKey) return null;
  if (place === 'field') return press.key === 'Escape' ? 'close' : null;
  if (gPressed) return Object.hasOwn(afterG, press.key) ? (afterG[press.key] ?? null) : null;
  if (native[place].has(press.key)) return null;
  return Object.hasOwn(plain, press.key) ? (plain[press.key] ?? null) : null;
}
