import { useEffect, useState } from 'react';
import type { IssueLine } from '../features/list/list-lines.ts';

const SHOWN_FOR = 10_000;
const NONE: ReadonlyMap<string, number> = new Map();

/** Where issues stood before the list was read again, by id, for ten seconds: a row that rose or fell says so. */
export function useOldPlaces() {
  const [places, setPlaces] = useState(NONE);
  useEffect(() => {
    if (places.size === 0) return;
    const timer = setTimeout(() => setPlaces(NONE), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [places]);
  const keep = (lines: readonly IssueLine[]) =>
    setPlaces(new Map(lines.flatMap(({ issue, rank }) => (rank === null ? [] : [[issue.id, rank]]))));
  return { places, keep };
}
