import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ImportResult } from '../../../../src/contract/import.ts';
import type { Problem } from '../../../../src/contract/problem.ts';
import { importFile } from '../../shared/api.ts';
import { asProblem } from '../../shared/api-problem.ts';

/** What became of one file that was sent. */
export type SentFile =
  | { readonly state: 'reading'; readonly name: string; readonly size: number }
  | { readonly state: 'read'; readonly name: string; readonly results: readonly ImportResult[] }
  | { readonly state: 'refused'; readonly name: string; readonly problem: Problem };

/**
 * Sends files one after the other and says what became of each. Everything that is shown is read
 * again after the last one: the list, the sources, the feeds.
 */
export function useImports() {
  const client = useQueryClient();
  const [files, setFiles] = useState<readonly SentFile[]>([]);
  const send = useMutation({
    mutationFn: async (chosen: readonly File[]) => {
      for (const file of chosen) {
        const settle = (settled: SentFile) => setFiles((before) => [settled, ...before.slice(1)]);
        setFiles((before) => [{ state: 'reading', name: file.name, size: file.size }, ...before]);
        try {
          const { results } = await importFile(file);
          settle({ state: 'read', name: file.name, results });
        } catch (error) {
          settle({ state: 'refused', name: file.name, problem: asProblem(error) });
        }
      }
    },
    onSettled: () => client.invalidateQueries(),
  });
  return { files, busy: send.isPending, send: send.mutate };
}

export type Imports = ReturnType<typeof useImports>;
