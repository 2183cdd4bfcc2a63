import { type ScreenLetter, screens } from './screens.ts';
import { builtInViews } from './views.ts';

export type CommandGroup =
  | 'Move'
  | 'Decide'
  | 'List'
  | 'Views'
  | 'Issue'
  | 'Map'
  | 'Rules'
  | 'Sources'
  | 'Everywhere'
  | 'Go to';

interface Row {
  readonly is: string;
  /** As the browser names them. The first is shown beside the words. None: it is done from the palette. */
  readonly keys: readonly string[];
  readonly words: string;
  readonly group: CommandGroup;
  /** Moving about is no line of the palette. */
  readonly isMove?: true;
}

const rows = [
  { is: 'next', keys: ['j', 'ArrowDown', ']'], words: 'Next issue', group: 'Move', isMove: true },
  { is: 'previous', keys: ['k', 'ArrowUp', '['], words: 'Previous issue', group: 'Move', isMove: true },
  { is: 'first', keys: ['Home'], words: 'First issue', group: 'Move', isMove: true },
  { is: 'last', keys: ['End'], words: 'Last loaded issue', group: 'Move', isMove: true },
  { is: 'open', keys: ['Enter'], words: 'Open the issue; once more as a page', group: 'Move', isMove: true },
  { is: 'close', keys: ['Escape'], words: 'Close, leave the search, back', group: 'Move', isMove: true },
  { is: 'select', keys: ['x'], words: 'Select, or not', group: 'List' },
  { is: 'extend-down', keys: ['J'], words: 'Select the next one too', group: 'Move', isMove: true },
  { is: 'extend-up', keys: ['K'], words: 'Select the one before too', group: 'Move', isMove: true },
  { is: 'select-all', keys: ['Ctrl a'], words: 'Select all that match', group: 'List' },
  { is: 'claim', keys: ['i'], words: 'Assign to me', group: 'Decide' },
  { is: 'assign', keys: ['a'], words: 'Assign to somebody', group: 'Decide' },
  { is: 'team', keys: ['T'], words: 'Give to a team', group: 'Decide' },
  { is: 'due', keys: ['d'], words: 'Say when it is due', group: 'Decide' },
  { is: 'mute', keys: ['e'], words: 'Mute, or unmute', group: 'Decide' },
  { is: 'snooze', keys: ['s'], words: 'Snooze, or wake', group: 'Decide' },
  { is: 'begin', keys: ['b'], words: 'Begin to work on it, or stop', group: 'Decide' },
  { is: 'comment', keys: ['c'], words: 'Say something about it', group: 'Decide' },
  { is: 'ticket', keys: ['t'], words: 'Make a ticket', group: 'Decide' },
  { is: 'take-in', keys: ['+'], words: 'Take in by hand, or no longer', group: 'Decide' },
  { is: 'undo', keys: ['u'], words: 'Undo what was just done', group: 'Decide' },
  { is: 'map', keys: ['m'], words: 'Open the map', group: 'Issue' },
  { is: 'what-if', keys: ['w'], words: 'See what fixing it changes', group: 'Issue' },
  { is: 'page', keys: ['p'], words: 'Open as a page', group: 'Issue' },
  { is: 'copy-link', keys: ['R'], words: 'Copy a link', group: 'Issue' },
  { is: 'console', keys: ['o'], words: 'Open in the console of its cloud', group: 'Issue' },
  { is: 'workflow', keys: ['W'], words: 'Run a workflow', group: 'Issue' },
  { is: 'search', keys: ['/'], words: 'Search', group: 'List' },
  { is: 'facets', keys: ['f'], words: 'Show or hide the filters', group: 'List' },
  { is: 'everything', keys: ['n'], words: 'All issues, or only what is to fix', group: 'List' },
  { is: 'group', keys: ['h'], words: 'Group by fix, owner, service, account, nothing', group: 'List' },
  { is: 'density', keys: ['y'], words: 'Denser or roomier rows', group: 'List' },
  { is: 'export', keys: ['E'], words: 'Save the list as a file', group: 'List' },
  { is: 'refresh', keys: ['r'], words: 'Read the list again', group: 'List' },
  { is: 'clear', keys: ['Backspace'], words: 'Clear the conditions', group: 'List' },
  { is: 'to-fix', keys: ['1'], words: 'To fix', group: 'Views' },
  { is: 'save-svg', keys: [], words: 'Save the map as SVG', group: 'Map' },
  { is: 'save-png', keys: [], words: 'Save the map as PNG', group: 'Map' },
  { is: 'new-rule', keys: [], words: 'Write a new rule', group: 'Rules' },
  { is: 'choose-files', keys: [], words: 'Choose reports to import', group: 'Sources' },
  { is: 'watch', keys: [], words: 'Watch a folder or an address for reports', group: 'Sources' },
  { is: 'zoom-in', keys: ['=', '.'], words: 'Zoom in', group: 'Map' },
  { is: 'zoom-out', keys: ['-'], words: 'Zoom out', group: 'Map' },
  { is: 'zoom-fit', keys: ['0'], words: 'Show the whole map', group: 'Map' },
  { is: 'as-text', keys: ['v'], words: 'Picture or text', group: 'Map' },
  { is: 'theme', keys: [], words: 'Light or dark', group: 'Everywhere' },
  { is: 'sign-out', keys: [], words: 'Sign out', group: 'Everywhere' },
  { is: 'help', keys: ['?'], words: 'All keys', group: 'Everywhere' },
] as const satisfies readonly Row[];

/** What a key asks for. Every page answers the ones that it knows. */
export type KeyCommand =
  | (typeof rows)[number]['is']
  | 'palette'
  | 'receivers'
  | 'rules-file'
  | 'save-view'
  | `view-${number}`
  | `go-${ScreenLetter}`;

/** One thing that a person can do, by its key or from the palette. */
export interface Command extends Row {
  readonly is: KeyCommand;
}

/** Everything that can be done, in the order in which the help shows it. */
export const commands: readonly Command[] = [
  ...rows,
  ...builtInViews.map(
    ({ name }, index): Command => ({
      is: `view-${index}`,
      keys: [`${index + 2}`],
      words: name,
      group: 'Views',
    }),
  ),
  { is: 'save-view', keys: ['V'], words: 'Save this view', group: 'Views' },
  ...screens.map(
    ({ letter, name }): Command => ({
      is: `go-${letter}`,
      keys: [`g ${letter}`],
      words: name,
      group: 'Go to',
    }),
  ),
  { is: 'receivers', keys: ['g t'], words: 'Trackers and webhooks', group: 'Go to' },
  { is: 'rules-file', keys: ['g y'], words: 'rules.yaml', group: 'Go to' },
];

const shown: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  Escape: 'Esc',
  E: 'Shift E',
  R: 'Shift R',
  V: 'Shift V',
  W: 'Shift W',
  T: 'Shift T',
  J: 'Shift J',
  K: 'Shift K',
};

/** A key as a keyboard shows it. */
export function keyText(key: string): string {
  return shown[key] ?? key;
}
