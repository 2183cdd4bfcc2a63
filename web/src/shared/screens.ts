import type { IconName } from './icon.tsx';

/** One place of the rail: its address, its icon, and the letter that leads there after `g`. */
export interface Screen {
  readonly to: '/' | '/paths' | '/fix-first' | '/sources';
  readonly name: string;
  readonly icon: IconName;
  readonly letter: string;
  /** On a phone it is behind *more*, with the search. */
  readonly wide?: true;
}

/** The screens, in the order of the rail (web-design §1). */
export const screens = [
  { to: '/', name: 'Inbox', icon: 'inbox', letter: 'i' },
  { to: '/paths', name: 'Attack paths', icon: 'paths', letter: 'p' },
  { to: '/fix-first', name: 'Fix first', icon: 'choke', letter: 'x' },
  { to: '/sources', name: 'Sources', icon: 'sources', letter: 'o' },
] as const satisfies readonly Screen[];

export type ScreenLetter = (typeof screens)[number]['letter'];
