import type { IconName } from './icon.tsx';

/** One place of the rail: its address, its icon, and the letter that leads there after `g`. */
export interface Screen {
  readonly to:
    | '/'
    | '/paths'
    | '/fix-first'
    | '/findings'
    | '/resources'
    | '/signals'
    | '/advisories'
    | '/automation'
    | '/sources'
    | '/overview';
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
  { to: '/findings', name: 'Findings', icon: 'findings', letter: 'f', wide: true },
  { to: '/resources', name: 'Resources', icon: 'resources', letter: 'r', wide: true },
  { to: '/signals', name: 'Signals', icon: 'signals', letter: 's', wide: true },
  { to: '/advisories', name: 'Advisories', icon: 'warn', letter: 'c', wide: true },
  { to: '/automation', name: 'Automation', icon: 'automation', letter: 'a', wide: true },
  { to: '/sources', name: 'Sources', icon: 'sources', letter: 'o' },
  { to: '/overview', name: 'Overview', icon: 'overview', letter: 'v' },
] as const satisfies readonly Screen[];

export type ScreenLetter = (typeof screens)[number]['letter'];
