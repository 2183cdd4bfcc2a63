import { counted } from '#base/text.ts';

/** What a scan moved. */
export interface Movement {
  readonly files: readonly { readonly created: number; readonly changed: number }[];
  readonly closed: number;
  readonly held: number;
  readonly regressed: number;
  /** Entries of a catalogue that it no longer names. */
  readonly takenBack?: number | undefined;
  /** Reasons of the held, with their counts. */
  readonly heldWhy: ReadonlyMap<string, number>;
  /** Reasons of the closed, with their counts. */
  readonly closedWhy: ReadonlyMap<string, number>;
}

/** What moved and why, in one sentence: "3 new, 12 closed (no longer reported), 3 held (…)". */
export function importSentence({
  files,
  closed,
  held,
  regressed,
  takenBack = 0,
  heldWhy,
  closedWhy,
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
  return parts.length === 0 ? 'Nothing moved.' : `${parts.join(', ')}.`;
}

function reasons(why: ReadonlyMap<string, number>): string {
  const [first, second] = [...why]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([reason]) => reason);
  if (first === undefined) return '';
  return ` (${first}${second === undefined ? '' : '; and others'})`;
}
