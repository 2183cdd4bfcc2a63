import { counted, oneLine } from '#base/text.ts';

/** Issues by their titles, those that rank highest first. */
export interface NamedIssues {
  readonly titles: readonly string[];
  /** So many others. */
  readonly more: number;
}

/** The issues of the findings that a scan opened again, closed and held. */
export interface MovedNames {
  readonly regressed: NamedIssues;
  readonly closed: NamedIssues;
  readonly held: NamedIssues;
}

/** What a scan moved. */
export interface Movement {
  readonly files: readonly { readonly created: number; readonly changed: number }[];
  readonly closed: number;
  readonly held: number;
  readonly regressed: number;
  /** Entries of a catalogue that it no longer names. */
  readonly takenBack?: number | undefined;
  /** Names of stores of which it told what they hold, and that no inventory describes. */
  readonly storesUnknown?: readonly string[] | undefined;
  /** Reasons of the held, with their counts. */
  readonly heldWhy: ReadonlyMap<string, number>;
  /** Reasons of the closed, with their counts. */
  readonly closedWhy: ReadonlyMap<string, number>;
  /** Null where none of that happened. */
  readonly names: MovedNames | null;
}

const TITLE_MAX = 80;

/**
 * What moved and why, with names (identity, closing): "3 new, 2 closed (no longer reported). Closed: CVE-2026-1: …; CVE-2026-2: …."
 * Titles are shown as one line without control characters.
 */
export function importSentence({
  files,
  closed,
  held,
  regressed,
  takenBack = 0,
  storesUnknown = [],
  heldWhy,
  closedWhy,
  names,
}: Movement): string {
  const created = files.reduce((sum, file) => sum + file.created, 0);
  const changed = files.reduce((sum, file) => sum + file.changed, 0);
  const parts: string[] = [];
  if (created > 0) parts.push(`${created} new`);
  if (changed > 0) parts.push(`${changed} changed`);
  if (regressed > 0) parts.push(`${regressed} regressed`);
  if (closed > 0) parts.push(`${closed} closed${reasons(closedWhy)}`);
  if (held > 0) parts.push(`${counted(held, 'closing')} held${reasons(heldWhy)}: accept with --confirm`);
  if (takenBack > 0)
    parts.push(`${counted(takenBack, 'catalogue entry', 'catalogue entries')} taken back (no longer named)`);
  const waiting = waitingStores(storesUnknown);
  if (parts.length === 0) return ['Nothing moved.', ...waiting].join(' ');
  const named =
    names === null
      ? []
      : [namesOf('Regressed', names.regressed), namesOf('Closed', names.closed), namesOf('Held', names.held)];
  return [`${parts.join(', ')}.`, ...named.filter((each) => each !== ''), ...waiting].join(' ');
}

const STORES_TOLD = 5;

function waitingStores(stores: readonly string[]): readonly string[] {
  if (stores.length === 0) return [];
  const told = stores.slice(0, STORES_TOLD).map((store) => oneLine(store, TITLE_MAX));
  const more = stores.length - told.length;
  return [
    `What it says of ${counted(stores.length, 'store')} waits for an inventory that describes ${stores.length === 1 ? 'it' : 'them'}: ${told.join('; ')}${more > 0 ? ` and ${more} more` : ''}.`,
  ];
}

function namesOf(what: string, { titles, more }: NamedIssues): string {
  if (titles.length === 0) return '';
  const listed = titles.map((title) => oneLine(title, TITLE_MAX)).join('; ');
  return `${what}: ${listed}${more > 0 ? ` and ${more} more` : ''}.`;
}

function reasons(why: ReadonlyMap<string, number>): string {
  const [first, second] = [...why]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([reason]) => reason);
  if (first === undefined) return '';
  return ` (${first}${second === undefined ? '' : '; and others'})`;
}
