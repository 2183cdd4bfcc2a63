import { useState } from 'react';
import type { InboxFilter } from '../shared/inbox-address.ts';
import type { Selection } from './use-decisions.ts';

/** The issues that a person selected: some of those in sight, or all that match. What the list no longer holds is not selected. */
export function useSelection({
  filter,
  ids,
  total,
  isGrouped,
}: {
  filter: InboxFilter;
  /** Of the issues that are loaded. */
  ids: readonly string[];
  total: number;
  /** Whether all issues follow below those of the inbox. */
  isGrouped: boolean;
}) {
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  // All of one list: another list is another question.
  const [whole, setWhole] = useState<string | null>(null);
  const listing = listingOf(filter, isGrouped);
  const name = JSON.stringify(listing);
  const isWhole = whole === name;
  const chosen = ids.filter((id) => picked.has(id));
  const count = isWhole ? total : chosen.length;
  const selection: Selection = { ...(isWhole ? { listing } : { ids: chosen }), count };
  return {
    count,
    isWhole,
    /** Null: nothing is selected. */
    chosen: count === 0 ? null : selection,
    has: (id: string) => isWhole || picked.has(id),
    add: (more: readonly string[]) => setPicked(new Set([...picked, ...more])),
    addWhole: () => setWhole(name),
    toggle: (id: string) => {
      // Whoever takes one out of all keeps those that are in sight.
      const next = new Set(isWhole ? ids : picked);
      if (!next.delete(id)) next.add(id);
      setWhole(null);
      setPicked(next);
    },
    clear: () => {
      setWhole(null);
      setPicked(new Set());
    },
  };
}

/** A list as the body of an action has it. */
export function listingOf(filter: InboxFilter, isGrouped: boolean): NonNullable<Selection['listing']> {
  return {
    all: filter.all || isGrouped,
    severity: [...filter.severity],
    type: [...filter.type],
    risk: [...filter.risk],
    ...(filter.q !== '' && { query: filter.q }),
  };
}
