import { InboxError } from '#base/inbox-error.ts';

/** A place in the text of a query, in UTF-16 units from its beginning; `to` is behind its end. */
export interface QueryPlace {
  readonly from: number;
  readonly to: number;
}

/**
 * The refusal of a query: what was expected, what was found, what to do. Its details hold the place as `queryPlace`;
 * `found` and `expected` add "did you mean" where a word is close.
 */
export function queryError(
  message: string,
  { from, to }: QueryPlace,
  near: { readonly found: string; readonly expected: readonly string[] } | null = null,
): InboxError {
  const close = near === null ? null : closest(near.found, near.expected);
  const hint = close === null ? '' : ` Did you mean "${close}"?`;
  return new InboxError('usage', `${message}${hint} (Character ${from + 1} of the query.)`, {
    details: { queryPlace: { from, to } satisfies QueryPlace },
  });
}

const LONGEST_WORD = 40;

/** The word that differs least: by at most a third of its letters, and at most three. Null: none does. */
function closest(found: string, expected: readonly string[]): string | null {
  if (found.length > LONGEST_WORD) return null;
  const word = found.toLowerCase();
  let best: string | null = null;
  let least = Math.min(3, Math.ceil(word.length / 3)) + 1;
  for (const each of expected) {
    const isBeginning = word.length > 2 && each.startsWith(word);
    const distance = isBeginning ? 1 : editDistance(word, each);
    if (distance >= least) continue;
    least = distance;
    best = each;
  }
  return best;
}

/** How many letters have to be put in, taken out, changed or swapped with the next. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(
        (last[j] as number) + 1,
        (row[j - 1] as number) + 1,
        (last[j - 1] as number) + change,
      );
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] as number) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
