/** What narrows the list of an explorer: plain words by name, as they stand in the address and go to the server. */
export type ExplorerSearch<Name extends string> = { readonly [N in Name]?: string | undefined };

const LONGEST = 2_000;

/** Reads those of an address that a list knows; the rest is left out. */
export function readExplorerSearch<Name extends string>(
  names: readonly Name[],
): (raw: Record<string, unknown>) => ExplorerSearch<Name> {
  return (raw) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = raw[name];
        return typeof value === 'string' && value !== '' ? [[name, value.slice(0, LONGEST)]] : [];
      }),
    ) as ExplorerSearch<Name>;
}

/** As parameters of the API: the search of a page has the names of the API, but for `q` where that is a query. */
export function explorerParameters(
  search: Readonly<Record<string, string | undefined>>,
  renamed: Readonly<Record<string, string>> = {},
): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(search))
    if (value !== undefined) parameters.set(renamed[name] ?? name, value);
  return parameters;
}

/** A word of a list of words, switched on or off; undefined when none is left. */
export function toggledWord(list: string | undefined, word: string): string | undefined {
  const before = list?.split(',').filter((each) => each !== '') ?? [];
  const after = before.includes(word) ? before.filter((each) => each !== word) : [...before, word];
  return after.length === 0 ? undefined : after.join(',');
}

export function hasWord(list: string | undefined, word: string): boolean {
  return list?.split(',').includes(word) ?? false;
}
