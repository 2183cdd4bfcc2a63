import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { RunningImport } from '../../../../src/contract/import.ts';
import { getRunningImports } from '../../shared/api/import-api.ts';

const EVERY = 1_000;

/** The uploads that the server is at work on, of this page and of others; once one of others is done, all is read again. */
export function useRunningImports(isBusy: boolean): readonly RunningImport[] {
  const client = useQueryClient();
  const running = useQuery({
    queryKey: ['running-imports'],
    queryFn: ({ signal }) => getRunningImports(signal),
    refetchInterval: ({ state }) => (isBusy || (state.data?.items.length ?? 0) > 0 ? EVERY : false),
    retry: false,
  });
  const items = running.data?.items ?? [];
  const before = useRef(items.length);
  useEffect(() => {
    if (items.length < before.current && !isBusy) void client.invalidateQueries();
    before.current = items.length;
  }, [items.length, isBusy, client]);
  return items;
}
