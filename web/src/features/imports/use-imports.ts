import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportResult } from '../../../../src/contract/import.ts';
import type { Problem } from '../../../../src/contract/problem.ts';
import { importFile } from '../../shared/api/import-api.ts';
import { asProblem } from '../../shared/api-problem.ts';

/** What became of one file that was sent; the file itself, to be read again as something else. */
export type SentFile = { readonly file: File } & (
  | { readonly state: 'reading' }
  | { readonly state: 'read'; readonly results: readonly ImportResult[] }
  | { readonly state: 'refused'; readonly problem: Problem }
);

/** Files to read, each as a format knows it, or all of them as a kept mapping says. */
interface Reading {
  readonly files: readonly File[];
  readonly mapping?: string;
}

/**
 * Sends files one after the other and says what became of each. Everything that is shown is read
 * again after the last one: the list, the sources, the feeds.
 */
export function useImports() {
  const client = useQueryClient();
  const [files, setFiles] = useState<readonly SentFile[]>([]);
  const send = useMutation({
    mutationFn: async ({ files: chosen, mapping }: Reading) => {
      for (const file of chosen) {
        const settle = (settled: SentFile) => setFiles((before) => [settled, ...before.slice(1)]);
        setFiles((before) => [{ state: 'reading', file }, ...before]);
        try {
          const { results } = await importFile(file, mapping);
          settle({ state: 'read', file, results });
        } catch (error) {
          settle({ state: 'refused', file, problem: asProblem(error) });
        }
      }
    },
    onSettled: () => client.invalidateQueries(),
  });
  return {
    files,
    busy: send.isPending,
    send: (chosen: readonly File[]) => send.mutate({ files: chosen }),
    readAs: (file: File, mapping: string) => send.mutate({ files: [file], mapping }),
  };
}

export type Imports = ReturnType<typeof useImports>;
