import type { WhatIf } from '../../../src/contract/attack-path.ts';
import type { Severity } from '../../../src/contract/severity.ts';
import { severityWords } from './words.ts';

export type ChangedPath = WhatIf['paths'][number];

const order: Readonly<Record<ChangedPath['becomes'], number>> = {
  gone: 0,
  lower: 1,
  'less likely': 2,
  smaller: 3,
  new: 4,
  'the same': 5,
};

/** The paths that do not stay the same, those that are gone first, else in the order of the inbox. */
export function changesOf(paths: readonly ChangedPath[]): readonly ChangedPath[] {
  return paths
    .filter(({ becomes }) => becomes !== 'the same')
    .toSorted((a, b) => order[a.becomes] - order[b.becomes]);
}

/** How bad a path is in a try; `after` is null where nothing is tried. One whose place another takes is not gone. */
export function severityAfterWords(
  severity: Severity,
  after: Pick<ChangedPath, 'becomes' | 'severityAfter'> | null,
): string {
  const words = severityWords[after?.severityAfter ?? severity];
  if (after?.becomes !== 'gone') return words;
  return after.severityAfter === null ? 'Gone' : `${words}, by the next best way`;
}
