import { useCallback, useEffect, useRef } from 'react';
import { hasWord, toggledWord } from '../../shared/explorer-address.ts';

type Words = { readonly [name: string]: string | undefined };

/**
 * What narrows a list of an explorer, as its address holds it, and how a person changes that. `go` takes the search part of
 * the next address.
 */
export function useNarrowing<Search extends Words>(search: Search, go: (next: Search) => void) {
  const now = useRef({ search, go });
  useEffect(() => {
    now.current = { search, go };
  });
  const change = useCallback(
    (changed: Partial<Search>) => now.current.go({ ...now.current.search, ...changed }),
    [],
  );
  return {
    change,
    onWords: useCallback((q: string | undefined) => change({ q } as Words as Partial<Search>), [change]),
    /** Whether a word is among those of a name. */
    has: (name: keyof Search, word: string) => hasWord(search[name], word),
    toggle: (name: keyof Search, word: string) =>
      change({ [name]: toggledWord(search[name], word) } as Words as Partial<Search>),
    isNarrowed: Object.values(search).some((value) => value !== undefined),
    clear: () => now.current.go({} as Search),
  };
}

export type Narrowing = Pick<ReturnType<typeof useNarrowing>, 'onWords' | 'isNarrowed' | 'clear'>;
