import type { IssueRow } from '../../../../src/contract/issue.ts';
import { type Command, commands, type KeyCommand } from '../../shared/commands.ts';
import type { Offer } from '../../shared/use-offers.ts';

/** One line of the palette: something to do, something that a person named, or an issue to open. */
export type PaletteLine =
  | { readonly is: 'command'; readonly id: string; readonly command: Command }
  | { readonly is: 'offer'; readonly id: string; readonly offer: Offer }
  | { readonly is: 'issue'; readonly id: string; readonly issue: IssueRow };

/** Whether the words that were typed are all in a text, in any case and order. */
export function hasWords(text: string, typed: string): boolean {
  const lower = text.toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}

/** What can be done here and fits the words, then the issues that were found for them. */
export function paletteLines(
  available: ReadonlySet<KeyCommand>,
  typed: string,
  issues: readonly IssueRow[],
  offers: readonly Offer[] = [],
): PaletteLine[] {
  const fitting = commands.filter(
    ({ is, isMove, group, words }) =>
      isMove !== true && available.has(is) && hasWords(`${group} ${words}`, typed),
  );
  return [
    ...fitting.map((command): PaletteLine => ({ is: 'command', id: command.is, command })),
    ...offers
      .filter(({ group, words }) => hasWords(`${group} ${words}`, typed))
      .map((offer): PaletteLine => ({ is: 'offer', id: offer.id, offer })),
    ...issues.map((issue): PaletteLine => ({ is: 'issue', id: issue.id, issue })),
  ];
}
